// The questions the cards ask, each made of calls of the client.

import { amountOf, type Amount, type Kind } from '../model/amount';
import type { Grain, Period } from '../model/time';
import type { Client } from './client';
import type { Dimension, MetricName, MetricRow } from './contract';

/** One row per currency at most. */
const totalLimit = 100;

export async function total(
  client: Client,
  metric: MetricName,
  period: Period,
  grain: Grain,
): Promise<MetricRow[]> {
  const answer = await client.metric(metric, { ...period, grain, total: true, limit: totalLimit });
  return answer.rows;
}

/** Every window of the period; a day of minutes in ten currencies still fits. */
export async function byTime(
  client: Client,
  metric: MetricName,
  period: Period,
  grain: Grain,
): Promise<MetricRow[]> {
  const answer = await client.metric(metric, { ...period, grain, order: 'time', limit: 10_000 });
  return answer.rows;
}

export interface Ranked {
  name: string;
  amount: Amount;
}

/** The greatest by a dimension over the whole period; money in one currency only. */
export async function top(
  client: Client,
  question: {
    metric: MetricName;
    kind: Kind;
    dimension: Dimension;
    currency: string;
    period: Period;
    grain: Grain;
    count: number;
  },
): Promise<Ranked[]> {
  const { metric, kind, dimension, currency, period, grain, count } = question;
  const answer = await client.metric(metric, {
    ...period,
    grain,
    by: dimension,
    ...(kind === 'money' ? { currency } : {}),
    order: '-value',
    total: true,
    limit: count,
  });
  return answer.rows.flatMap((row) => {
    const amount = amountOf(row, kind);
    return amount ? [{ name: row.dims[dimension] ?? '', amount }] : [];
  });
}

/** The currencies that orders came in, the one with most orders first. */
export async function currencies(client: Client, period: Period, grain: Grain): Promise<string[]> {
  const answer = await client.metric('orders', {
    ...period,
    grain,
    by: 'currency',
    order: '-value',
    total: true,
    limit: totalLimit,
  });
  return answer.rows.map((row) => row.dims.currency ?? '').filter(Boolean);
}
