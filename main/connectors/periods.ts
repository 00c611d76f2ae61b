import { addDays, calendarDate, type CalendarDate } from '../../shared/model/date.ts';
import { cmp, dec, mul, type Dec } from '../../shared/model/decimal.ts';
import type { ConnectorContext, ReturnPeriod } from './connector.ts';
import { optionalField } from './fields.ts';
import { setting } from './settings.ts';

export const PERFORMANCE_MONTHS_FIELD = optionalField(
  'performanceMonths',
  'Months of returns',
  'How many full months back each sync reads the returns of accounts and benchmarks, up to 120. Default 24.',
);
const DEFAULT_MONTHS = 24;
const MOST_MONTHS = 120;

const firstOfMonth = (date: CalendarDate): CalendarDate => calendarDate(`${date.slice(0, 7)}-01`);
/** The last day of the month before. */
const closeBefore = (date: CalendarDate): CalendarDate => addDays(firstOfMonth(date), -1);
const yearsBefore = (date: CalendarDate, years: number): CalendarDate => {
  const year = String(Number(date.slice(0, 4)) - years).padStart(4, '0');
  // A leap day has no counterpart in most years.
  return calendarDate(`${year}${date.slice(4) === '-02-29' ? '-02-28' : date.slice(4)}`);
};

/** The full months up to a day, newest last: each from the close of the month before to its own last day. */
export function askedMonths(context: ConnectorContext, asOf: CalendarDate): readonly ReturnPeriod[] {
  const text = setting(context, PERFORMANCE_MONTHS_FIELD.key, String(DEFAULT_MONTHS));
  const wanted = /^\d{1,3}$/.test(text) ? Math.min(Number(text), MOST_MONTHS) : DEFAULT_MONTHS;
  const months: ReturnPeriod[] = [];
  const isMonthEnd = firstOfMonth(addDays(asOf, 1)) === addDays(asOf, 1);
  for (let to = isMonthEnd ? asOf : closeBefore(asOf); months.length < wanted; to = closeBefore(to))
    months.push({ kind: 'month', from: closeBefore(to), to });
  return months.toReversed();
}

/** The periods that end on a day and move on with it. That of inception has no beginning of its own. */
export function rollingPeriods(asOf: CalendarDate): readonly ReturnPeriod[] {
  const quarter = String(Math.floor((Number(asOf.slice(5, 7)) - 1) / 3) * 3 + 1).padStart(2, '0');
  return [
    { kind: 'mtd', from: closeBefore(asOf), to: asOf },
    { kind: 'qtd', from: closeBefore(calendarDate(`${asOf.slice(0, 4)}-${quarter}-01`)), to: asOf },
    { kind: 'ytd', from: closeBefore(calendarDate(`${asOf.slice(0, 4)}-01-01`)), to: asOf },
    { kind: 'one_year', from: yearsBefore(asOf, 1), to: asOf },
    { kind: 'three_years', from: yearsBefore(asOf, 3), to: asOf },
    { kind: 'five_years', from: yearsBefore(asOf, 5), to: asOf },
    { kind: 'inception', from: null, to: asOf },
  ];
}

/** A period’s part of an external id: a month stands for itself, the others keep their id as they move on. */
export const periodKey = ({ kind, to }: ReturnPeriod): string => (kind === 'month' ? `month:${to.slice(0, 7)}` : kind);

/** Nothing loses more than all of it, and what gains a hundredfold is a percentage that was taken for a fraction. */
const LOWEST = dec('-1');
const HIGHEST = dec('100');
export const isPlausibleReturn = (rate: Dec): boolean => cmp(rate, LOWEST) >= 0 && cmp(rate, HIGHEST) <= 0;
export const IMPLAUSIBLE_RETURN = 'is beyond what a return can be: less than -100 % or more than 10,000 %';

/** A percentage as a fraction: 5 is 0.05. */
export const fromPercent = (percent: Dec): Dec => mul(percent, dec('0.01'));
