// Periods and grains. Windows are always cut in UTC; zone.ts puts times in words.

export type Grain = '1m' | '1h' | '1d';
export type RangeId = '1h' | '24h' | '7d' | '30d';

/** From inclusive, to exclusive, milliseconds since 1970. */
export interface Period {
  from: number;
  to: number;
}

export interface Range {
  id: RangeId;
  label: string;
  before: string;
  span: number;
  grains: readonly [Grain, ...Grain[]];
  /** The grain at which the period before is cut, so that equal lengths are compared. */
  cut: Grain;
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const grainLength: Record<Grain, number> = { '1m': minute, '1h': hour, '1d': day };
export const grainName: Record<Grain, string> = { '1m': 'minute', '1h': 'hour', '1d': 'day' };

export const ranges: readonly Range[] = [
  { id: '1h', label: 'Hour', before: 'the hour before', span: hour, grains: ['1m'], cut: '1m' },
  {
    id: '24h',
    label: '24 hours',
    before: 'the 24 hours before',
    span: day,
    grains: ['1h', '1m'],
    cut: '1m',
  },
  {
    id: '7d',
    label: '7 days',
    before: 'the 7 days before',
    span: 7 * day,
    grains: ['1h', '1d'],
    cut: '1h',
  },
  {
    id: '30d',
    label: '30 days',
    before: 'the 30 days before',
    span: 30 * day,
    grains: ['1d'],
    cut: '1h',
  },
];

export function rangeOf(id: string | null): Range | undefined {
  return ranges.find((range) => range.id === id);
}

export function floorTo(time: number, grain: Grain): number {
  return Math.floor(time / grainLength[grain]) * grainLength[grain];
}

export interface Windows {
  /** Whole windows, the last of them still filling. */
  current: Period;
  /** As many windows, right before. */
  previous: Period;
  /** The part of `previous` that had passed at this point of it: what totals are compared with. */
  previousSoFar: Period;
}

export function windowsOf(range: Range, grain: Grain, now: number): Windows {
  const to = floorTo(now, grain) + grainLength[grain];
  const from = to - range.span;
  const soFar = Math.min(floorTo(now, range.cut) + grainLength[range.cut], to);
  return {
    current: { from, to },
    previous: { from: from - range.span, to: from },
    previousSoFar: { from: from - range.span, to: soFar - range.span },
  };
}

/**
 * The windows for what is kept by the hour and the day only (products and search texts): the same, rounded out to whole
 * hours.
 */
export function hourlyWindow(
  range: Range,
  grain: Grain,
  now: number,
): { period: Period; grain: Grain } {
  if (grain !== '1m') return { period: windowsOf(range, grain, now).current, grain };
  const { from, to } = windowsOf(range, grain, now).current;
  const end = floorTo(to - 1, '1h') + hour;
  return {
    period: { from: range.span > hour ? end - range.span : floorTo(from, '1h'), to: end },
    grain: '1h',
  };
}

/** The start of every window in the period. */
export function windowStarts(period: Period, grain: Grain): number[] {
  const starts: number[] = [];
  for (let start = period.from; start < period.to; start += grainLength[grain]) starts.push(start);
  return starts;
}

/** RFC 3339 without milliseconds, as the API takes it. */
export function rfc3339(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
