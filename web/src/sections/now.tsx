import { byTime } from '../api/questions';
import { MinuteBars } from '../charts/minute_bars';
import { Card } from '../components/card';
import { Skeleton } from '../components/skeleton';
import { formatCount, formatRate, type Kind } from '../model/amount';
import { denseSeries, type Series } from '../model/series';
import { ranges, windowsOf, type Period } from '../model/time';
import type { Snapshot } from '../state/refresher';
import { useLive } from '../state/use_connection';
import { useStatus } from '../state/use_status';
import { pace, useQuery } from '../state/use_query';
import type { MetricRow } from '../api/contract';

const hour = ranges[0];

interface Minutes {
  rows: MetricRow[];
  period: Period;
}

function useMinutes(metric: 'events' | 'revenue'): Snapshot<Minutes> {
  return useQuery(`minutes ${metric}`, pace.live, async (client, now) => {
    if (!hour) throw new Error('there is no range of an hour');
    const { current: period } = windowsOf(hour, '1m', now);
    return { rows: await byTime(client, metric, period, '1m'), period };
  });
}

function seriesOf(minutes: Minutes, kind: Kind, currency: string): Series {
  return denseSeries(minutes.rows, minutes.period, '1m', kind, currency);
}

function countOf(value: number | null | undefined): string {
  return typeof value === 'number' ? formatCount(value) : '–';
}

/** What happens this minute: people, events, money. */
export function Now({ currency }: { currency: string }) {
  const { tick, live } = useLive();
  const events = useMinutes('events');
  const revenue = useMinutes('revenue');
  const status = useStatus();
  const collected = status?.stages.find((stage) => stage.name === 'collect')?.rate;
  const rate = tick?.events_per_second ?? collected;

  return (
    <Card title="Right now" name="now" answer={events.error ? events : revenue}>
      <div class="now">
        <div class="now-people">
          <p class="now-count" data-number="visitors-now">
            <span class={live ? 'pulse' : 'pulse still'} aria-hidden="true" />
            {countOf(tick?.visitors_now)}
          </p>
          <p class="now-label">visitors in the last 5 minutes</p>
          <dl class="now-rates">
            <div>
              <dt>events a second</dt>
              <dd data-number="events-per-second">{rate === undefined ? '–' : formatRate(rate)}</dd>
            </div>
            <div>
              <dt>{tick?.orders_last_minute === 1 ? 'order' : 'orders'} in the last minute</dt>
              <dd data-number="orders-last-minute">{countOf(tick?.orders_last_minute)}</dd>
            </div>
          </dl>
        </div>
        {events.value ? (
          <MinuteBars
            title="Events by minute"
            tone="leaf"
            unit="events"
            series={seriesOf(events.value, 'count', '')}
          />
        ) : (
          <Skeleton height={132} />
        )}
        {revenue.value ? (
          <MinuteBars
            title={`Revenue by minute${currency ? `, ${currency}` : ''}`}
            tone="fruit"
            unit=""
            series={seriesOf(revenue.value, 'money', currency)}
          />
        ) : (
          <Skeleton height={132} />
        )}
      </div>
    </Card>
  );
}
