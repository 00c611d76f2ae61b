import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  businessDaysBetween,
  calendarDate,
  daysBetween,
  previousBusinessDay,
  tryCalendarDate,
} from '../../shared/model/date.ts';

describe('reading a calendar date', () => {
  it.each([
    ['2026-11-20', '2026-11-20'],
    ['2024-02-29', '2024-02-29'],
    ['2026-11-20T23:59:59-06:00', '2026-11-20'],
    ['2026-11-20 10:00', '2026-11-20'],
    ['2000-02-29', '2000-02-29'],
  ])('%s is %s', (text, date) => {
    expect(tryCalendarDate(text)).toBe(date);
  });
  it.each([
    '',
    '2026-13-01',
    '2026-02-29',
    '1900-02-29',
    '2026-00-10',
    '2026-11-31',
    '20261120',
    '2026-1-2',
    '2026-11-20x',
    '11/20/2026',
    '2026-11-2',
  ])('%j is none', (text) => {
    expect(tryCalendarDate(text)).toBeNull();
    expect(() => calendarDate(text)).toThrow(RangeError);
  });
});

describe('counting days', () => {
  const day = fc.integer({ min: -20_000, max: 40_000 }).map((n) => addDays(calendarDate('1990-01-01'), n));
  it('goes forward and back alike', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -5000, max: 5000 }), (d, n) => {
        expect([daysBetween(d, addDays(d, n)), addDays(addDays(d, n), -n)]).toEqual([n, d]);
      }),
    );
    expect(addDays(calendarDate('2024-02-28'), 1)).toBe('2024-02-29');
    expect(addDays(calendarDate('2026-12-31'), 1)).toBe('2027-01-01');
  });
  it.each([
    ['2026-11-23', '2026-11-20'],
    ['2026-11-22', '2026-11-20'],
    ['2026-11-21', '2026-11-20'],
    ['2026-11-20', '2026-11-19'],
    ['1970-01-05', '1970-01-02'],
    ['1969-12-29', '1969-12-26'],
  ])('the business day before %s is %s', (date, before) => {
    expect(previousBusinessDay(calendarDate(date))).toBe(before);
  });
  it('business days are the weekdays after the first up to the last', () => {
    expect(businessDaysBetween(calendarDate('2026-11-20'), calendarDate('2026-11-23'))).toBe(1); // Friday to Monday
    expect(businessDaysBetween(calendarDate('2026-11-16'), calendarDate('2026-11-20'))).toBe(4);
    expect(businessDaysBetween(calendarDate('2026-11-20'), calendarDate('2026-11-20'))).toBe(0);
    expect(businessDaysBetween(calendarDate('2026-11-23'), calendarDate('2026-11-20'))).toBe(0);
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 60 }), (d, weeks) => {
        expect(businessDaysBetween(d, addDays(d, 7 * weeks))).toBe(5 * weeks);
      }),
    );
  });
});
