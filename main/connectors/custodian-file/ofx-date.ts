import { tryCalendarDate, type CalendarDate } from '../../../shared/model/date.ts';

const OFX_DATE = /^(\d{4})(\d{2})(\d{2})(?:([01]\d|2[0-4])([0-5]\d)(?:([0-5]\d|60)(?:\.\d{1,9})?)?)?\s*(?:\[[^[\]]{0,20}\])?$/;

/**
 * The calendar date of `YYYYMMDD[HHMM[SS[.XXX]]][[offset:zone]]` as written, in the file's own zone: never shifted to
 * another one, because a statement of the 31st is a statement of the 31st. Null when it is not a real date.
 */
export function readOfxDate(text: string): CalendarDate | null {
  const match = OFX_DATE.exec(text.trim());
  return match ? tryCalendarDate(`${match[1]}-${match[2]}-${match[3]}`) : null;
}
