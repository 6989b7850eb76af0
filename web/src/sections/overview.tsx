import { useMemo } from 'preact/hooks';
import { byTime } from '../api/questions';
import { TrendChart } from '../charts/trend_chart';
import { Card } from '../components/card';
import { Segmented } from '../components/segmented';
import { headlines } from '../model/overview';
import { denseSeries } from '../model/series';
import { grainName, windowsOf, type Grain, type Period } from '../model/time';
import { pace, useQuery, type Load } from '../state/use_query';
import type { View } from '../state/view';
import type { MetricRow } from '../api/contract';
import { Tile } from './tile';

interface Properties {
  view: View;
  currency: string;
  onChange: (change: Partial<View>) => void;
}

interface Rows {
  period: Period;
  rows: MetricRow[];
}

function useTrendRows(view: View, which: 'current' | 'previous') {
  const { range, grain } = view;
  const { metric } = view.headline;
  const load: Load<Rows> = async (client, now) => {
    const period = windowsOf(range, grain, now)[which];
    return { period, rows: await byTime(client, metric, period, grain) };
  };
  const every = which === 'current' ? pace.live : pace.slow;
  return useQuery(`trend ${which} ${metric} ${range.id} ${grain}`, every, load);
}

/** The numbers of the chosen range, and one of them over time against the period before. */
export function Overview({ view, currency, onChange }: Properties) {
  const { range, grain, headline } = view;
  const current = useTrendRows(view, 'current');
  const previous = useTrendRows(view, 'previous');
  const trend = useMemo(() => {
    if (!current.value) return null;
    const dense = ({ rows, period }: Rows) =>
      denseSeries(rows, period, grain, headline.kind, currency);
    return {
      kind: headline.kind,
      currency,
      current: dense(current.value),
      previous: previous.value ? dense(previous.value) : null,
    };
  }, [current.value, previous.value, grain, headline, currency]);

  return (
    <Card title="Overview" name="overview" answer={current}>
      <div class="tiles">
        {headlines.map((each) => (
          <Tile
            key={each.metric}
            headline={each}
            view={view}
            currency={currency}
            chosen={each === headline}
            onChoose={() => onChange({ headline: each })}
          />
        ))}
      </div>
      <div class="trend-head">
        <h3>
          {headline.label} by {grainName[grain]}
        </h3>
        {range.grains.length > 1 && (
          <Segmented<Grain>
            label="Trend by"
            options={range.grains.map((value) => ({ value, text: `by ${grainName[value]}` }))}
            chosen={grain}
            onChoose={(value) => onChange({ grain: value })}
          />
        )}
      </div>
      {trend ? (
        <TrendChart
          trend={trend}
          label={`${headline.label} by ${grainName[grain]}`}
          before={range.before}
        />
      ) : (
        <div class="trend-waiting" role="status" aria-label="Loading">
          <div class="skeleton" />
        </div>
      )}
    </Card>
  );
}
