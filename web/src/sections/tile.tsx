import { byTime, total } from '../api/questions';
import { Sparkline } from '../charts/sparkline';
import { DeltaChip } from '../components/delta_chip';
import { drawn, formatAmount, formatExact, pickTotal } from '../model/amount';
import { deltaOf } from '../model/delta';
import type { Headline } from '../model/overview';
import { denseSeries } from '../model/series';
import { windowsOf } from '../model/time';
import { pace, useQuery } from '../state/use_query';
import type { View } from '../state/view';

interface Properties {
  headline: Headline;
  view: View;
  currency: string;
  chosen: boolean;
  onChoose: () => void;
}

/** One number, how it moved, and a line; pressing it puts it on the chart below. */
export function Tile({ headline, view, currency, chosen, onChoose }: Properties) {
  const { metric, kind, better, label, meaning } = headline;
  const { range, grain } = view;
  const coarse = range.grains[0];
  const now = useQuery(`total ${metric} ${range.id} ${grain}`, pace.live, (client, time) =>
    total(client, metric, windowsOf(range, grain, time).current, grain),
  );
  const before = useQuery(
    `total before ${metric} ${range.id} ${grain}`,
    pace.slow,
    (client, time) => total(client, metric, windowsOf(range, grain, time).previousSoFar, range.cut),
  );
  const line = useQuery(`line ${metric} ${range.id}`, pace.steady, async (client, time) => {
    const period = windowsOf(range, coarse, time).current;
    return { period, rows: await byTime(client, metric, period, coarse) };
  });

  const amount = now.value ? pickTotal(now.value, kind, currency) : null;
  const earlier = before.value ? pickTotal(before.value, kind, currency) : null;
  const series =
    line.value && denseSeries(line.value.rows, line.value.period, coarse, kind, currency);

  return (
    <button
      type="button"
      class={chosen ? 'tile chosen' : 'tile'}
      aria-pressed={chosen}
      title={meaning}
      onClick={onChoose}
    >
      <span class="tile-label">{label}</span>
      <span class="tile-value" data-number={metric} title={formatExact(amount)}>
        {now.value ? formatAmount(amount) : <span class="skeleton tile-skeleton" />}
        {now.error && <span class="tile-trouble" title={now.error} aria-label={now.error} />}
      </span>
      <span class="tile-foot">
        {now.value && before.value ? (
          <DeltaChip delta={deltaOf(amount, earlier, better)} before={range.before} />
        ) : (
          <span class="delta plain">&nbsp;</span>
        )}
        {/* The last window is not over yet: drawn, it would look like a fall. */}
        <Sparkline values={series ? series.values.slice(0, -1).map(drawn) : []} />
      </span>
    </button>
  );
}
