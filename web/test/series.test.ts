import { describe, expect, it } from 'vitest';
import type { MetricRow } from '../src/api/contract';
import { formatAmount, pickTotal } from '../src/model/amount';
import { funnelSteps } from '../src/model/funnel';
import { denseSeries } from '../src/model/series';

const period = {
  from: Date.parse('2026-11-22T10:00:00Z'),
  to: Date.parse('2026-11-22T13:00:00Z'),
};
const rows: MetricRow[] = [
  { time: '2026-11-22T10:00:00Z', dims: { currency: 'EUR' }, value: '10.500000' },
  { time: '2026-11-22T10:00:00Z', dims: { currency: 'USD' }, value: '99.000000' },
  { time: '2026-11-22T12:00:00Z', dims: { currency: 'EUR' }, value: '2.000000' },
];

describe('a series', () => {
  it('of money holds one currency, with zero where nothing was sold', () => {
    const { values } = denseSeries(rows, period, '1h', 'money', 'EUR');
    expect(values.map(formatAmount)).toEqual(['€10.50', '€0.00', '€2.00']);
  });

  it('of an average has gaps where nothing was sold', () => {
    const { values } = denseSeries(rows, period, '1h', 'average', 'EUR');
    expect(values.map(formatAmount)).toEqual(['€10.50', '–', '€2.00']);
  });
});

describe('a total', () => {
  it('is of the chosen currency alone', () => {
    expect(formatAmount(pickTotal(rows, 'money', 'USD'))).toBe('$99.00');
    expect(formatAmount(pickTotal(rows, 'money', 'GBP'))).toBe('£0.00');
  });

  it('refuses money that came as a number', () => {
    const row: MetricRow = { time: '', dims: { currency: 'EUR' }, value: 10.5 };
    expect(() => pickTotal([row], 'money', 'EUR')).toThrow('decimal string');
  });
});

describe('a funnel', () => {
  it('tells the share of all and of the step before', () => {
    const steps = funnelSteps([
      { label: 'Sessions', count: 200 },
      { label: 'Viewed', count: 100 },
      { label: 'Ordered', count: 10 },
    ]);
    expect(steps.map(({ share, kept }) => [share, kept])).toEqual([
      [1, null],
      [0.5, 0.5],
      [0.05, 0.1],
    ]);
  });

  it('has no shares without sessions', () => {
    expect(funnelSteps([{ label: 'Sessions', count: 0 }])[0]?.share).toBeNull();
  });
});
