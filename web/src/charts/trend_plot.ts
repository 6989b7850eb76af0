// The options of the trend chart: this period against the one before, in uPlot's terms.

import uPlot, { type AlignedData, type Options, type Series as PlotSeries } from 'uplot';
import { drawn, isMoney, type Kind } from '../model/amount';
import { formatMoneyAxis } from '../model/money';
import type { Series } from '../model/series';
import { grainLength } from '../model/time';
import { shownZone, tickText } from '../model/zone';
import type { Palette } from './palette';

export interface Trend {
  kind: Kind;
  currency: string;
  current: Series;
  /** Window by window beside `current`; null until it is there. */
  previous: Series | null;
}

/** x; before; the whole windows; the window still filling, joined to the last whole one. */
export function plotData({ current, previous }: Trend): AlignedData {
  const x = current.starts.map((start) => start / 1000);
  const now = current.values.map(drawn);
  const last = now.length - 1;
  const before = x.map((_, index) => drawn(previous?.values[index] ?? null));
  const whole = now.map((value, index) => (index < last ? value : null));
  const filling = now.map((value, index) => (index >= last - 1 ? value : null));
  return [x, before, whole, filling];
}

function axisText(kind: Kind, currency: string): (value: number) => string {
  if (isMoney(kind)) return (value) => formatMoneyAxis(value, currency);
  if (kind === 'ratio') return (value) => `${+(value * 100).toFixed(1)}%`;
  const format = new Intl.NumberFormat('en-GB', { notation: 'compact' });
  return (value) => (Number.isInteger(value) ? format.format(value) : '');
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [5, 10, 15, 30].map((n) => n * minute).concat([1, 2, 3, 6, 12].map((n) => n * hour));
const timeSteps = [...steps, ...[1, 2, 5, 10].map((n) => n * day)];

export function plotOptions(
  trend: Trend,
  palette: Palette,
  size: { width: number; height: number },
  pointed: (index: number | null) => void,
): Options {
  const line: PlotSeries = { stroke: palette.line, width: 2, points: { show: false } };
  const value = axisText(trend.kind, trend.currency);
  const { grain } = trend.current;
  const axis = { stroke: palette.text, font: palette.font, ticks: { show: false } };
  return {
    ...size,
    padding: [10, 18, 0, 0],
    legend: { show: false },
    // The axis is split where hours and days begin for the reader; days themselves are UTC.
    tzDate: (seconds) =>
      uPlot.tzDate(new Date(seconds * 1000), grain === '1d' ? 'Etc/UTC' : shownZone()),
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: { size: 8, width: 2, fill: palette.line },
    },
    scales: { y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.08 : 1] } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        incrs: timeSteps.filter((step) => step * 1000 >= grainLength[grain]),
        size: 32,
        space: 64,
        values: (_plot, splits) => splits.map((seconds) => tickText(seconds * 1000, grain)),
      },
      {
        ...axis,
        grid: { stroke: palette.grid, width: 1 },
        size: 58,
        space: 44,
        values: (_plot, splits) => splits.map(value),
      },
    ],
    series: [
      {},
      { stroke: palette.before, width: 1.5, dash: [4, 4], points: { show: false } },
      { ...line, fill: palette.fill },
      { ...line, dash: [2, 4], fill: palette.fill },
    ],
    hooks: { setCursor: [(plot) => pointed(plot.cursor.idx ?? null)] },
  };
}
