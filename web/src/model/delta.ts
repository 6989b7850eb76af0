// How a number stands against the same number one period earlier.

import type { Amount } from './amount';

export type Delta =
  /** Nothing to compare: no value, or both are zero. */
  | { kind: 'none' }
  /** There was nothing before. */
  | { kind: 'new' }
  | { kind: 'flat' }
  | { kind: 'change'; up: boolean; good: boolean; text: string };

/** The relative change in tenths of a per cent, rounded half away from zero; exact for money of any size. */
function tenthsOfPercent(current: bigint, previous: bigint): bigint {
  const base = previous < 0n ? -previous : previous;
  const scaled = (current - previous) * 1000n * 2n;
  const half = scaled < 0n ? -base : base;
  return (scaled + half) / (base * 2n);
}

function percentText(tenths: bigint): string {
  const magnitude = tenths < 0n ? -tenths : tenths;
  if (magnitude >= 10_000n) return `${(magnitude / 1000n + 1n).toString()}×`;
  if (magnitude >= 1000n) return `${((magnitude + 5n) / 10n).toString()}%`;
  return `${(magnitude / 10n).toString()}.${(magnitude % 10n).toString()}%`;
}

function relative(current: bigint, previous: bigint, better: 'up' | 'down'): Delta {
  if (previous === 0n) return current === 0n ? { kind: 'none' } : { kind: 'new' };
  const tenths = tenthsOfPercent(current, previous);
  if (tenths === 0n) return { kind: 'flat' };
  const up = tenths > 0n;
  return { kind: 'change', up, good: up === (better === 'up'), text: percentText(tenths) };
}

/** Ratios change by points: from 2.0% to 3.0% is one point, and "50% more" would mislead. */
function points(current: number, previous: number, better: 'up' | 'down'): Delta {
  const hundredths = Math.round((current - previous) * 10_000);
  if (hundredths === 0) return { kind: 'flat' };
  const up = hundredths > 0;
  const text = `${(Math.abs(hundredths) / 100).toFixed(2)} pts`;
  return { kind: 'change', up, good: up === (better === 'up'), text };
}

export function deltaOf(
  current: Amount | null,
  previous: Amount | null,
  better: 'up' | 'down',
): Delta {
  if (!current) return { kind: 'none' };
  if (!previous) return { kind: 'new' };
  if (current.kind === 'money') {
    if (previous.kind !== 'money') return { kind: 'none' };
    if (previous.currency !== current.currency) {
      throw new Error(`${current.currency} cannot be compared with ${previous.currency}`);
    }
    return relative(current.millionths, previous.millionths, better);
  }
  if (previous.kind === 'money') return { kind: 'none' };
  if (current.kind === 'ratio') return points(current.value, previous.value, better);
  return relative(BigInt(Math.round(current.value)), BigInt(Math.round(previous.value)), better);
}
