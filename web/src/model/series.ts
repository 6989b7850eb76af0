// Rows of one metric over time, made dense: the API leaves empty windows out.

import type { MetricRow } from '../api/contract';
import { amountOf, isMoney, nothing, type Amount, type Kind } from './amount';
import { windowStarts, type Grain, type Period } from './time';

export interface Series {
  period: Period;
  grain: Grain;
  starts: number[];
  values: (Amount | null)[];
}

export function denseSeries(
  rows: readonly MetricRow[],
  period: Period,
  grain: Grain,
  kind: Kind,
  currency: string,
): Series {
  const byStart = new Map<number, Amount | null>();
  for (const row of rows) {
    if (isMoney(kind) && row.dims.currency !== currency) continue;
    byStart.set(Date.parse(row.time), amountOf(row, kind));
  }
  const starts = windowStarts(period, grain);
  const values = starts.map((start) => byStart.get(start) ?? nothing(kind, currency));
  return { period, grain, starts, values };
}
