import { useState } from 'preact/hooks';
import type { Alert, Label } from '../api/contract';
import { Card } from '../components/card';
import { Skeleton } from '../components/skeleton';
import { groupAlerts } from '../model/alert_groups';
import { useDashboard } from '../state/dashboard';
import { pace, useQuery } from '../state/use_query';
import { AlertItem } from './alert_item';

const key = 'alerts';

/** Suspicions that nobody has judged yet. A judgement goes into the log as an event and acts from there on. */
export function Alerts() {
  const { client, refresher } = useDashboard();
  const [judged, setJudged] = useState<ReadonlySet<string>>(new Set());
  const [trouble, setTrouble] = useState<string | null>(null);
  const answer = useQuery(key, pace.live, (each) => each.openAlerts());

  const judge = async (alerts: readonly Alert[], label: Label) => {
    const waiting = new Set(alerts.map((alert) => alert.transaction_id));
    setTrouble(null);
    setJudged((before) => new Set([...before, ...waiting]));
    try {
      for (const id of [...waiting]) {
        await client.label(id, label);
        waiting.delete(id);
      }
    } catch (error) {
      // Those that were taken stay judged; the others are open again.
      setJudged((before) => new Set([...before].filter((each) => !waiting.has(each))));
      setTrouble(error instanceof Error ? error.message : String(error));
    }
    refresher.expire(key);
    refresher.expire('transactions');
  };

  const open = answer.value?.alerts.filter((alert) => !judged.has(alert.transaction_id));
  return (
    <Card
      title="Fraud alerts"
      name="alerts"
      answer={answer}
      aside={
        open &&
        open.length > 0 && (
          <span class="count">{`${open.length}${answer.value?.next ? '+' : ''} open`}</span>
        )
      }
    >
      {trouble && (
        <p class="card-trouble" role="alert">
          The judgement was not taken: {trouble}.
        </p>
      )}
      {!open && !answer.error && <Skeleton lines={3} height={92} />}
      {open?.length === 0 && <p class="nothing">Nothing suspicious is waiting.</p>}
      {open && open.length > 0 && (
        <ul class="alerts">
          {groupAlerts(open).map((group) => (
            <AlertItem
              key={group.alerts.at(-1)?.transaction_id}
              group={group}
              onJudge={(alerts, label) => void judge(alerts, label)}
            />
          ))}
        </ul>
      )}
    </Card>
  );
}
