import type { Stage } from '../api/contract';
import { Card } from '../components/card';
import { Skeleton } from '../components/skeleton';
import { formatCount, formatCountShort, formatRate } from '../model/amount';
import { healthOf } from '../model/health';
import { useLive } from '../state/use_connection';
import { useStatus } from '../state/use_status';

const jobs: Record<string, string> = {
  collect: 'takes events in',
  log: 'keeps them in order',
  process: 'counts them',
  tables: 'holds the numbers',
  archive: 'fills the lake',
  api: 'answers questions',
};

function StageBox({ stage }: { stage: Stage }) {
  return (
    <li class={`stage ${healthOf(stage.state)}`}>
      <p class="stage-name">
        <span class="stage-dot" aria-hidden="true" />
        <strong>{stage.name}</strong>
        <span class="stage-state">{stage.state}</span>
      </p>
      <p class="muted stage-job">{jobs[stage.name] ?? ''}</p>
      <dl>
        <div>
          <dt>rate</dt>
          <dd>{formatRate(stage.rate)}/s</dd>
        </div>
        <div title={stage.lag === null ? undefined : formatCount(stage.lag)}>
          <dt>lag</dt>
          <dd>{stage.lag === null ? 'unknown' : formatCountShort(stage.lag)}</dd>
        </div>
        <div class={stage.refused > 0 ? 'refusing' : undefined} title={formatCount(stage.refused)}>
          <dt>refused</dt>
          <dd>{formatCountShort(stage.refused)}</dd>
        </div>
      </dl>
      <p class="muted stage-detail" title={stage.detail}>
        {stage.detail}
      </p>
    </li>
  );
}

/** The way of an event through the house, and how each stage keeps up. */
export function Pipeline() {
  const { tick, live } = useLive();
  const status = useStatus();
  const stages = live && tick ? tick.stages : status?.stages;
  return (
    <Card
      title="Pipeline"
      name="pipeline"
      aside={status && <span class="muted">version {status.version}</span>}
    >
      {stages ? (
        <ol class="stages">
          {stages.map((stage) => (
            <StageBox key={stage.name} stage={stage} />
          ))}
        </ol>
      ) : (
        <Skeleton height={150} />
      )}
    </Card>
  );
}
