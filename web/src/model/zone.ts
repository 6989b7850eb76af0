// Times in words, in the shop's time zone as the server tells it. Days are windows, and windows are UTC: a day's name is too.

import type { Grain } from './time';

const utc = 'UTC';
let zone = utc;
const formats = new Map<string, Intl.DateTimeFormat>();

/** The zone of all text from here on. A name the browser does not know leaves it as it is. */
export function showTimesIn(name: string | undefined): void {
  if (!name || name === zone) return;
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name });
    zone = name;
  } catch {
    console.warn(`unknown time zone "${name}": times stay in ${zone}`);
  }
}

export function shownZone(): string {
  return zone;
}

const clock = { hour: '2-digit', minute: '2-digit' } as const;
const seconds = { ...clock, second: '2-digit' } as const;
const date = { day: 'numeric', month: 'short' } as const;
const weekday = { weekday: 'short', ...date } as const;

function write(time: number, options: Intl.DateTimeFormatOptions, timeZone = zone): string {
  const key = JSON.stringify([timeZone, options]);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', ...options });
    formats.set(key, format);
  }
  return format.format(time);
}

export const clockText = (time: number): string => write(time, clock);
export const clockSecondsText = (time: number): string => write(time, seconds);
export const dateText = (time: number): string => write(time, weekday);

/** "15:42:30 UTC" */
export function clockZoneText(time: number): string {
  return write(time, { ...seconds, timeZoneName: 'short' });
}

export function windowText(start: number, grain: Grain): string {
  return grain === '1d' ? write(start, weekday, utc) : write(start, { ...date, ...clock });
}

/** The name of a window under a chart: the day where one begins, else the clock. */
export function tickText(start: number, grain: Grain): string {
  if (grain === '1d') return write(start, date, utc);
  const text = clockText(start);
  return text === '00:00' ? write(start, date) : text;
}

/** The clock alone for today's times, with the day for older ones. */
export function momentText(time: number, now: number): string {
  const isToday = write(time, date) === write(now, date);
  return isToday ? clockSecondsText(time) : write(time, { ...date, ...clock });
}
