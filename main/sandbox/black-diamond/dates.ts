import { tryCalendarDate, type CalendarDate } from '../../../shared/model/date.ts';

/** Reads `YYYY-MM-DD`, `MM-DD-YYYY` and `MM/DD/YYYY`, all of which clients of the platform send. */
export function readAnyDate(text: string): CalendarDate | null {
  const american = /^(\d{2})[-/](\d{2})[-/](\d{4})$/.exec(text.trim());
  return tryCalendarDate(american ? `${american[3]}-${american[1]}-${american[2]}` : text.trim());
}
