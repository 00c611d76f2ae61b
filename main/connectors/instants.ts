import { tryCalendarDate, type Instant } from '../../shared/model/date.ts';

const DATE_TIME = /^(\d{4})-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;
/** Years before this are how some platforms write "never", such as 0001-01-01. */
const FIRST_REAL_YEAR = 1900;

/**
 * Answers a reader of ISO date-times: UTC with milliseconds, so that instants compare as text, and null for anything else.
 * `offset` (`Z` or `-06:00`) applies where the text names none.
 */
export function createInstantReader(offset: string): (text: string) => Instant | null {
  const realDates = new Map<string, boolean>();
  const isRealDate = (date: string): boolean => {
    const known = realDates.get(date) ?? tryCalendarDate(date) !== null;
    realDates.set(date, known);
    return known;
  };
  return (text) => {
    const match = DATE_TIME.exec(text);
    if (!match || Number(match[1]) < FIRST_REAL_YEAR || !isRealDate(text.slice(0, 10))) return null;
    const zone = match[3] ?? offset;
    // Most are whole seconds in UTC, which need no calendar arithmetic.
    if (zone === 'Z' && match[2] === undefined && text.length >= 19) return `${text.slice(0, 19)}.000Z` as Instant;
    const ms = Date.parse(match[3] === undefined ? text + zone : text);
    return Number.isNaN(ms) ? null : (new Date(ms).toISOString() as Instant);
  };
}
