// A number of the dashboard with the unit it is in, and how it is written.

import type { MetricRow } from '../api/contract';
import { decimalText, formatMoney, formatMoneyShort, moneyForDrawing, parseMoney } from './money';

/** An average is money too, but an empty window has none, where a sum is zero. */
export type Kind = 'count' | 'money' | 'average' | 'ratio';

export const isMoney = (kind: Kind): boolean => kind === 'money' || kind === 'average';

export type Amount =
  | { kind: 'count' | 'ratio'; value: number }
  | { kind: 'money'; millionths: bigint; currency: string };

const countFormat = new Intl.NumberFormat('en-GB');
const shortCountFormat = new Intl.NumberFormat('en-GB', {
  notation: 'compact',
  maximumSignificantDigits: 4,
});
const roundCountFormat = new Intl.NumberFormat('en-GB', {
  notation: 'compact',
  maximumSignificantDigits: 3,
});
const percentFormat = (digits: number) =>
  new Intl.NumberFormat('en-GB', {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
const ratioFormat = percentFormat(1);
const smallRatioFormat = percentFormat(2);

export const formatCount = (value: number): string => countFormat.format(value);

/** For narrow places: from ten thousand on the first three digits. */
export const formatCountShort = (value: number): string =>
  value < 10_000 ? formatCount(value) : roundCountFormat.format(value);

/** A conversion is a few per cent: below ten, the second decimal tells something. */
export function formatRatio(value: number): string {
  return (value < 0.1 ? smallRatioFormat : ratioFormat).format(value);
}

export function formatRate(value: number): string {
  return value < 10 ? value.toFixed(1) : formatCountShort(Math.round(value));
}

/** One row's value; null where there is nothing to show (a ratio over nothing). */
export function amountOf(row: MetricRow, kind: Kind): Amount | null {
  if (row.value === null) return null;
  if (kind === 'money' || kind === 'average') {
    if (typeof row.value !== 'string') {
      throw new Error(`money came as a number (${row.value}), not as a decimal string`);
    }
    const currency = row.dims.currency ?? '';
    return { kind: 'money', millionths: parseMoney(row.value), currency };
  }
  return { kind, value: Number(row.value) };
}

/** What an empty window shows: nothing sold is zero, no rate is no value. */
export function nothing(kind: Kind, currency: string): Amount | null {
  if (kind === 'ratio' || kind === 'average') return null;
  return kind === 'money' ? { kind, millionths: 0n, currency } : { kind, value: 0 };
}

/** The row that a total holds for this unit: for money, the one in the chosen currency. */
export function pickTotal(rows: readonly MetricRow[], kind: Kind, currency: string): Amount | null {
  const row = isMoney(kind) ? rows.find((each) => each.dims.currency === currency) : rows[0];
  return row ? amountOf(row, kind) : nothing(kind, currency);
}

export function formatAmount(amount: Amount | null): string {
  if (!amount) return '–';
  if (amount.kind === 'money') return formatMoneyShort(amount.millionths, amount.currency);
  if (amount.kind === 'ratio') return formatRatio(amount.value);
  return amount.value < 1_000_000
    ? formatCount(amount.value)
    : shortCountFormat.format(amount.value);
}

/** All digits, for a tooltip. */
export function formatExact(amount: Amount | null): string {
  if (!amount) return 'no value';
  if (amount.kind === 'money') {
    const { millionths, currency } = amount;
    const exact = decimalText(millionths, 6).replace(/0{1,4}$/, '');
    return currency ? `${exact} ${currency}` : exact;
  }
  return amount.kind === 'ratio' ? formatRatio(amount.value) : formatCount(amount.value);
}

export function formatPlain(amount: Amount | null): string {
  if (!amount) return '–';
  if (amount.kind === 'money') return formatMoney(amount.millionths, amount.currency);
  return amount.kind === 'ratio' ? formatRatio(amount.value) : formatCount(amount.value);
}

/** A height for a chart; not for arithmetic. */
export function drawn(amount: Amount | null): number | null {
  if (!amount) return null;
  return amount.kind === 'money' ? moneyForDrawing(amount.millionths) : amount.value;
}
