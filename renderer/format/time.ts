import { businessDaysBetween, tryCalendarDate } from '../../shared/model/date.ts';
import type { Preferences } from '../app/preferences.ts';

type DateStyle = Preferences['dates'];

const isoMinute = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' });
const isoSecond = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium' });
const localMinute = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const localDate = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

/** A calendar date as `2026-11-20`, or as the system writes dates. */
export const formatDate = (date: string, style: DateStyle): string =>
  style === 'iso' ? date : localDate.format(Date.parse(`${date}T00:00:00Z`));

/** A UTC instant in the time zone of this machine, to the minute. */
export const formatInstant = (instant: string, style: DateStyle): string =>
  (style === 'iso' ? isoMinute : localMinute).format(Date.parse(instant));

const minuteOfDay = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'short' });

/** A UTC instant as the time of day where this machine is: `14:05`. */
export const formatTime = (instant: string): string => minuteOfDay.format(Date.parse(instant));

/** A UTC instant in the time zone of this machine, to the second, with the instant as stored. */
export const exactInstant = (instant: string): string => `${isoSecond.format(Date.parse(instant))} (${instant})`;

const isoMoment = new Intl.DateTimeFormat('sv-SE', {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** A UTC instant in the time zone of this machine, to the thousandth of a second; what is no instant stays as it is. */
export const formatMoment = (instant: string): string => {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? instant : isoMoment.format(at).replace(',', '.');
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const plural = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'}`;

/** How long ago: minutes, hours, then business days. `now` in milliseconds. */
export const formatAgo = (instant: string, now: number): string => {
  const passed = now - Date.parse(instant);
  if (passed < MINUTE) return 'just now';
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  const hours = `${plural(Math.floor(passed / HOUR), 'hour')} ago`;
  if (passed < 24 * HOUR) return hours;
  const days = businessDaysSince(instant.slice(0, 10), now);
  // Over a weekend no business day has passed, and "0 business days" says nothing.
  return days.startsWith('0 ') ? hours : `${days} ago`;
};

/** Age in weekdays as words, `3 business days`. `now` in milliseconds. */
export const businessDaysSince = (date: string, now: number): string => {
  const from = tryCalendarDate(date.slice(0, 10));
  const to = tryCalendarDate(isoSecond.format(now).slice(0, 10));
  return plural(from === null || to === null ? 0 : businessDaysBetween(from, to), 'business day');
};

/** Seconds as `45 s`, `2 min 05 s`, `1 h 12 min`. */
export const formatDuration = (seconds: number): string => {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
};
