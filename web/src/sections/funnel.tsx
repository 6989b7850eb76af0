import type { MetricName } from '../api/contract';
import { total } from '../api/questions';
import { Card } from '../components/card';
import { Skeleton } from '../components/skeleton';
import { formatAmount, formatRatio, pickTotal } from '../model/amount';
import { funnelBand, funnelSteps, type FunnelStep } from '../model/funnel';
import { windowsOf } from '../model/time';
import { pace, useQuery } from '../state/use_query';
import type { View } from '../state/view';

const stations: readonly { metric: MetricName; label: string }[] = [
  { metric: 'sessions', label: 'Sessions' },
  { metric: 'sessions_with_product_view', label: 'Viewed' },
  { metric: 'sessions_with_add_to_cart', label: 'Added' },
  { metric: 'sessions_with_checkout', label: 'Checkout' },
  { metric: 'sessions_with_order', label: 'Ordered' },
];

const column = 100;
const bar = 62;
const height = 150;

function Shape({ steps }: { steps: readonly FunnelStep[] }) {
  const { bars, slopes } = funnelBand(
    steps.map((step) => Math.min(1, step.share ?? 0)),
    { column, bar, height },
  );
  return (
    <svg
      class="funnel-shape"
      viewBox={`0 0 ${(steps.length - 1) * column + bar} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {slopes.map((path) => (
        <path key={path} d={path} />
      ))}
      {bars.map((each) => (
        <rect key={each.x} x={each.x} y={each.y} width={bar} height={each.height} />
      ))}
    </svg>
  );
}

/** How many sessions reach each step on the way to an order. */
export function Funnel({ view }: { view: View }) {
  const { range, grain } = view;
  const answer = useQuery(`funnel ${range.id} ${grain}`, pace.steady, async (client, now) => {
    const period = windowsOf(range, grain, now).current;
    const rows = await Promise.all(
      stations.map(({ metric }) => total(client, metric, period, grain)),
    );
    return rows.map((each) => {
      const amount = pickTotal(each, 'count', '');
      return amount?.kind === 'count' ? amount.value : 0;
    });
  });
  const counts = answer.value;
  const steps =
    counts &&
    funnelSteps(stations.map(({ label }, index) => ({ label, count: counts[index] ?? 0 })));

  return (
    <Card title="Conversion funnel" name="funnel" answer={answer}>
      {steps ? (
        <div class="funnel">
          <ol class="funnel-steps">
            {steps.map((step, index) => (
              <li key={step.label}>
                <span class="funnel-label">{step.label}</span>
                <strong data-number={stations[index]?.metric}>
                  {formatAmount({ kind: 'count', value: step.count })}
                </strong>
                <span class="muted">{step.share === null ? '–' : formatRatio(step.share)}</span>
              </li>
            ))}
          </ol>
          <Shape steps={steps} />
          <ol class="funnel-kept" aria-label="Kept from step to step">
            {steps.slice(1).map((step, index) => (
              <li key={step.label}>
                <span class="hidden-text">
                  from {steps[index]?.label} to {step.label}:{' '}
                </span>
                {step.kept === null ? '–' : formatRatio(step.kept)}
              </li>
            ))}
          </ol>
        </div>
      ) : (
        <Skeleton height={262} />
      )}
    </Card>
  );
}
