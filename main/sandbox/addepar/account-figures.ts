import { addDays, tryCalendarDate, type CalendarDate } from '../../../shared/model/date.ts';
import { powerOfTen, rescale, type Fixed } from '../firm/fixed.ts';
import type { FirmReturns } from '../firm/returns.ts';
import { AddeparError } from './errors.ts';
import { javaNumber } from './number-text.ts';

/** Fee types that a return can be asked without. */
export const FEE_TYPES = ['ADVISORY_FEE', 'MANAGEMENT_FEE', 'PERFORMANCE_FEE'] as const;

/** What the arguments of one column ask about time and fees. */
export interface FigureArguments {
  /** Null `from`: since inception. Null as a whole: not a return. */
  readonly period: { readonly from: CalendarDate | null; readonly to: CalendarDate } | null;
  readonly gross: boolean;
  /** A past day whose value is asked for. */
  readonly at: CalendarDate | null;
}

type Json = Readonly<Record<string, unknown>>;

function dateOf(text: string): CalendarDate {
  const date = text.length === 10 ? tryCalendarDate(text) : null;
  if (date === null) throw new AddeparError(400, `Invalid time point: ${text}`);
  return date;
}

function periodOf(value: unknown, endDate: CalendarDate): FigureArguments['period'] {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : 'since inception';
  if (text === 'since inception') return { from: null, to: endDate };
  const trailing = /^trailing p(\d{1,2})y$/.exec(text);
  if (trailing) {
    const year = Number(endDate.slice(0, 4)) - Number(trailing[1]);
    const end = tryCalendarDate(`${year}${endDate.slice(4)}`) ?? dateOf(`${year}-02-28`);
    return { from: end, to: endDate };
  }
  const [from, to] = text.split(' to ');
  if (from === undefined || to === undefined) throw new AddeparError(400, `Invalid period: ${text}`);
  return { from: dateOf(from), to: to === 'current' ? endDate : dateOf(to) };
}

/** Reads the arguments of a column. Throws AddeparError 400 with the reason. */
export function readFigureArguments(key: string, given: Json, endDate: CalendarDate): FigureArguments {
  const excluded = [given['excluded_fee_types'] ?? []].flat();
  for (const type of excluded)
    if (!FEE_TYPES.some((known) => known === type)) throw new AddeparError(400, `Invalid fee type: ${String(type)}`);
  const at = given['time_point'];
  return {
    period: key === 'time_weighted_return' ? periodOf(given['period'], endDate) : null,
    gross: FEE_TYPES.every((type) => excluded.includes(type)),
    at: typeof at === 'string' && at !== 'current' ? dateOf(at) : null,
  };
}

/** The return of an account as JSON, or null where it did not exist for the whole of the period. */
export function returnText(returns: FirmReturns, account: number, { period, gross }: FigureArguments): string {
  if (period === null) return 'null';
  const from = period.from ?? returns.inception(account);
  const rate = period.to <= from ? null : returns.ofAccount(account, from, period.to, gross ? 'gross' : 'net');
  return rate === null ? 'null' : javaNumber(rate);
}

/** What the account was worth at the close of a past day: what it is worth now, less what it has made since. */
export function pastValueText(returns: FirmReturns, account: number, now: Fixed, at: CalendarDate, today: CalendarDate): string {
  const made = at >= today ? null : returns.ofAccount(account, at, today, 'net');
  if (at >= addDays(today, 1) || (made === null && at < today)) return 'null';
  if (made === null) return javaNumber(now);
  const one = powerOfTen(made.s);
  return javaNumber(rescale({ n: (now.n * one * 1_000_000n) / (one + made.n), s: now.s + 6 }, 2));
}
