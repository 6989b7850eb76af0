import { afterEach, describe, expect, it, vi } from 'vitest';
import { clockZoneText, momentText, showTimesIn, tickText, windowText } from '../src/model/zone';

const time = Date.parse('2026-11-22T23:30:00Z');
const midnight = Date.parse('2026-11-22T00:00:00Z');

afterEach(() => showTimesIn('UTC'));

describe('times', () => {
  it('are UTC unless the server says otherwise', () => {
    expect(clockZoneText(time)).toBe('23:30:00 UTC');
    expect(tickText(midnight, '1h')).toBe('22 Nov');
  });

  it('are written in the zone of the shop', () => {
    showTimesIn('Europe/Berlin');
    expect(windowText(time, '1h')).toBe('23 Nov, 00:30');
    expect(momentText(time, time + 60_000)).toBe('00:30:00');
    expect(tickText(midnight, '1h')).toBe('01:00');
  });

  it('of days stay UTC, as the windows are', () => {
    showTimesIn('America/New_York');
    expect(windowText(midnight, '1d')).toMatch(/^Sun,? 22 Nov$/);
    expect(tickText(midnight, '1d')).toBe('22 Nov');
  });

  it('stay as they are when the zone is unknown', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    showTimesIn('Mars/Olympus');
    expect(clockZoneText(time)).toBe('23:30:00 UTC');
  });
});
