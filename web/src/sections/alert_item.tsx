import type { Alert, Label } from '../api/contract';
import { DecisionBadge } from '../components/decision_badge';
import { ScoreMeter } from '../components/score_meter';
import { type AlertGroup, sumText } from '../model/alert_groups';
import { momentText } from '../model/zone';
import { amountText, reasonsText } from '../model/transaction';
import { useDashboard } from '../state/dashboard';

type Judge = (alerts: readonly Alert[], label: Label) => void;

const whoText = ({ customer }: Alert): string => customer || 'a guest';

/** An alert, or those of one suspect, which can be judged together and one by one. */
export function AlertItem({ group, onJudge }: { group: AlertGroup; onJudge: Judge }) {
  const { alerts } = group;
  const [latest] = alerts;
  const count = alerts.length;
  const sum = sumText(group);
  const of =
    count > 1 ? `all ${count}, ${sum} of ${whoText(latest)}` : `${sum} of ${whoText(latest)}`;
  return (
    <li class="alert">
      <p class="alert-head">
        <strong>{sum}</strong>
        {count > 1 && <span class="muted alert-count">{count} payments</span>}
        <DecisionBadge decision={latest.decision} />
        <ScoreMeter score={latest.score} decision={latest.decision} />
      </p>
      <p class="muted alert-who">
        <span class="alert-name">{whoText(latest)}</span>
        <AlertTimes alerts={alerts} />
      </p>
      <p class="alert-why">{reasonsText(latest)}</p>
      <p class="alert-acts">
        <Act
          text={count > 1 ? 'Confirm all as fraud' : 'Confirm fraud'}
          label={`Confirm fraud, ${of}`}
          danger
          onClick={() => onJudge(alerts, 'fraud')}
        />
        <Act
          text={count > 1 ? 'Dismiss all' : 'Dismiss'}
          label={`Dismiss, ${of}`}
          onClick={() => onJudge(alerts, 'legitimate')}
        />
      </p>
      {count > 1 && <EachAlert alerts={alerts} onJudge={onJudge} />}
    </li>
  );
}

function AlertTimes({ alerts }: AlertGroup) {
  const { clock } = useDashboard();
  const text = (alert: Alert) => momentText(Date.parse(alert.time), clock.now());
  const [latest] = alerts;
  const first = alerts.at(-1) ?? latest;
  return <span>{first === latest ? text(latest) : `${text(first)} to ${text(latest)}`}</span>;
}

function EachAlert({ alerts, onJudge }: { alerts: readonly Alert[]; onJudge: Judge }) {
  const { clock } = useDashboard();
  return (
    <details class="alert-each">
      <summary>One by one</summary>
      <ul>
        {alerts.map((alert) => {
          const amount = amountText(alert);
          const when = momentText(Date.parse(alert.time), clock.now());
          return (
            <li key={alert.transaction_id}>
              <span class="muted">{when}</span>
              <span>{amount}</span>
              <Act
                text="Fraud"
                label={`Confirm fraud, ${amount} at ${when}`}
                danger
                onClick={() => onJudge([alert], 'fraud')}
              />
              <Act
                text="Dismiss"
                label={`Dismiss, ${amount} at ${when}`}
                onClick={() => onJudge([alert], 'legitimate')}
              />
            </li>
          );
        })}
      </ul>
    </details>
  );
}

interface ActProperties {
  text: string;
  label: string;
  danger?: boolean;
  onClick: () => void;
}

function Act({ text, label, danger = false, onClick }: ActProperties) {
  return (
    <button
      type="button"
      class={danger ? 'act danger' : 'act'}
      aria-label={label}
      onClick={onClick}
    >
      {text}
    </button>
  );
}
