import { z } from 'zod';
import { tryDec, type Dec } from '../model/decimal.ts';
import { tryCalendarDate, type CalendarDate } from '../model/date.ts';

/** Ids are opaque text; compare them, never compute with them. */
export const id = z.string().regex(/^[0-9a-z-]{1,40}$/);

/** Canonical decimal text, at most 60 characters. */
export const decimal = z
  .custom<Dec>((value) => typeof value === 'string' && tryDec(value) === value, {
    message: 'Expected a decimal number as canonical text',
  })
  .meta({ type: 'string', description: 'Exact decimal as canonical text', examples: ['-12.5'] });

export const calendarDate = z
  .custom<CalendarDate>((value) => typeof value === 'string' && value.length === 10 && tryCalendarDate(value) !== null, {
    message: 'Expected a date as YYYY-MM-DD',
  })
  .meta({ type: 'string', format: 'date' });

export const instant = z.iso.datetime();
export const currency = z.string().regex(/^[A-Z]{3}$/);
export const shortText = z.string().max(200);
export const note = z.string().max(4000);
export const count = z.int().nonnegative();
export const none = z.strictObject({});
