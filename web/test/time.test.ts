import { describe, expect, it } from 'vitest';
import { hourlyWindow, rangeOf, rfc3339, windowStarts, windowsOf } from '../src/model/time';
import type { Grain, Period, RangeId } from '../src/model/time';

const now = Date.parse('2026-11-22T15:42:30.250Z');

function text({ from, to }: Period): string {
  return `${rfc3339(from)} ${rfc3339(to)}`;
}

function windows(id: RangeId, grain: Grain) {
  const range = rangeOf(id);
  if (!range) throw new Error(id);
  const { current, previous, previousSoFar } = windowsOf(range, grain, now);
  return { current: text(current), previous: text(previous), soFar: text(previousSoFar) };
}

describe('the windows of a range', () => {
  it('end with the one that is still filling', () => {
    expect(windows('1h', '1m').current).toBe('2026-11-22T14:43:00Z 2026-11-22T15:43:00Z');
    expect(windows('24h', '1h').current).toBe('2026-11-21T16:00:00Z 2026-11-22T16:00:00Z');
    expect(windows('7d', '1d').current).toBe('2026-11-16T00:00:00Z 2026-11-23T00:00:00Z');
    expect(windows('30d', '1d').current).toBe('2026-10-24T00:00:00Z 2026-11-23T00:00:00Z');
  });

  it('are compared with as many right before', () => {
    expect(windows('24h', '1h').previous).toBe('2026-11-20T16:00:00Z 2026-11-21T16:00:00Z');
  });

  it('compare totals only up to the same moment of the period before', () => {
    expect(windows('24h', '1h').soFar).toBe('2026-11-20T16:00:00Z 2026-11-21T15:43:00Z');
    expect(windows('30d', '1d').soFar).toBe('2026-09-24T00:00:00Z 2026-10-23T16:00:00Z');
  });

  it('are all listed, empty ones too', () => {
    const range = rangeOf('24h');
    if (!range) throw new Error('no range');
    expect(windowStarts(windowsOf(range, '1h', now).current, '1h')).toHaveLength(24);
    expect(windowStarts(windowsOf(range, '1m', now).current, '1m')).toHaveLength(1440);
  });

  it('are whole hours for what is kept by the hour', () => {
    const hours = (id: RangeId, grain: Grain) => {
      const range = rangeOf(id);
      if (!range) throw new Error(id);
      const window = hourlyWindow(range, grain, now);
      return `${window.grain} ${text(window.period)}`;
    };
    expect(hours('1h', '1m')).toBe('1h 2026-11-22T14:00:00Z 2026-11-22T16:00:00Z');
    expect(hours('24h', '1m')).toBe('1h 2026-11-21T16:00:00Z 2026-11-22T16:00:00Z');
    expect(hours('30d', '1d')).toBe('1d 2026-10-24T00:00:00Z 2026-11-23T00:00:00Z');
  });
});
