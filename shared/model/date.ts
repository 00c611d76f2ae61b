/** A calendar date `YYYY-MM-DD` without a zone. */
export type CalendarDate = string & { readonly __date: true };
/** A point in time, UTC ISO 8601 with `Z`. */
export type Instant = string & { readonly __instant: true };

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAY_MS = 86_400_000;

const toDays = (date: string): number | null => {
  const match = DATE.exec(date);
  if (!match) return null;
  const ms = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return new Date(ms).toISOString().startsWith(date) ? ms / DAY_MS : null;
};

/** Reads `YYYY-MM-DD`, or the date part of an ISO date-time as written (no zone shift). Null when not a real date. */
export function tryCalendarDate(text: string): CalendarDate | null {
  const head = text.slice(0, 10);
  if (text.length > 10 && !/^[T ]/.test(text.slice(10))) return null;
  return toDays(head) === null ? null : (head as CalendarDate);
}

export function calendarDate(text: string): CalendarDate {
  const date = tryCalendarDate(text);
  if (date === null) throw new RangeError(`Not a calendar date: ${JSON.stringify(text.slice(0, 40))}`);
  return date;
}

const fromDays = (days: number): CalendarDate => new Date(days * DAY_MS).toISOString().slice(0, 10) as CalendarDate;

export const addDays = (date: CalendarDate, days: number): CalendarDate => fromDays((toDays(date) ?? 0) + days);
export const daysBetween = (from: CalendarDate, to: CalendarDate): number => (toDays(to) ?? 0) - (toDays(from) ?? 0);

const isWeekend = (days: number): boolean => {
  const weekday = (((days + 4) % 7) + 7) % 7; // 1970-01-01 was a Thursday
  return weekday === 0 || weekday === 6;
};

/** The last weekday before `date`. Market holidays are not in this rule. */
export function previousBusinessDay(date: CalendarDate): CalendarDate {
  let days = (toDays(date) ?? 0) - 1;
  while (isWeekend(days)) days -= 1;
  return fromDays(days);
}

/** Weekdays after `from` up to and including `to`; 0 when `to` is not later. */
export function businessDaysBetween(from: CalendarDate, to: CalendarDate): number {
  const end = toDays(to) ?? 0;
  let count = 0;
  for (let day = (toDays(from) ?? 0) + 1; day <= end; day += 1) if (!isWeekend(day)) count += 1;
  return count;
}
