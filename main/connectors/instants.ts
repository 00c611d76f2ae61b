import type { Instant } from '../../shared/model/date.ts';

const DATE_TIME = /^(\d{4})-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;
/** Years before this are how some platforms write "never", such as 0001-01-01. */
const FIRST_REAL_YEAR = 1900;

/**
 * Reads an ISO date-time as UTC instant with milliseconds, so that instants compare as text. `offset` (`Z` or `-06:00`)
 * applies where the text names none. Null for anything else.
 */
export function tryInstant(text: string, offset: string): Instant | null {
  const match = DATE_TIME.exec(text);
  if (!match || Number(match[1]) < FIRST_REAL_YEAR) return null;
  const ms = Date.parse(match[2] === undefined ? text + offset : text);
  return Number.isNaN(ms) ? null : (new Date(ms).toISOString() as Instant);
}
