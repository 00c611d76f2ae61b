import { addDays, daysBetween, calendarDate, type CalendarDate } from '../../../shared/model/date.ts';
import type { Firm } from './firm.ts';
import { powerOfTen, rescale, type Fixed } from './fixed.ts';

/** What accounts are measured by. */
export const BENCHMARK_NAMES = ['Global Balanced 60/40', 'Broad Market Equity', 'Core Aggregate Bond'] as const;

/** Returns from the close of one day to the close of another, as fractions with eight decimals. */
export interface FirmReturns {
  inception(account: number): CalendarDate;
  /** Null when the account did not exist at the close of `from`. */
  ofAccount(account: number, from: CalendarDate, to: CalendarDate, fees: 'gross' | 'net'): Fixed | null;
  ofBenchmark(benchmark: number, from: CalendarDate, to: CalendarDate): Fixed;
  benchmarkOf(account: number): number;
}

const YEARS = 9;
const RETURN_DECIMALS = 8;
const GROWTH_DECIMALS = 16;
const MILLION = 1_000_000;
/** A yearly fee of 0.96 % in monthly parts, in millionths. */
const MONTHLY_FEE = 800;
/** How much of the common market move each benchmark makes, in percent. */
const SHARES = [62, 104, 21] as const;

const monthOf = (date: CalendarDate): number => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1;
const firstOf = (month: number): CalendarDate =>
  calendarDate(`${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}-01`);

/**
 * The returns of a firm. Months have a return each; within a month it builds up evenly by the day, so that every period
 * follows from the same growth. With `mistakes` one month in forty of an account is off by some thousandths of a percent.
 */
export function createReturns(firm: Firm, platform: string, mistakes: boolean): FirmReturns {
  const market = firm.random('market');
  const own = firm.random('return');
  const off = firm.random(`return of ${platform}`);
  const today = firm.date(1);
  const first = monthOf(today) - YEARS * 12;
  const growths = new Map<string, bigint[]>();

  const marketMonth = (month: number): number => market.between(-41_000, 54_000, month);
  const benchmarkMonth = (benchmark: number, month: number): number =>
    Math.trunc((marketMonth(month) * (SHARES[benchmark] ?? 100)) / 100) + market.between(-2_500, 3_100, benchmark + 1, month);
  const benchmarkOf = (account: number): number => own.below(BENCHMARK_NAMES.length, account);
  const accountMonth = (account: number, month: number, net: boolean): number => {
    const mistake = mistakes && off.chance(25, account, month) ? off.between(20, 140, account, month + 1) : 0;
    const gross = benchmarkMonth(benchmarkOf(account), month) + own.between(-6_500, 7_000, account, month) + mistake;
    return net ? gross - Math.trunc(((MILLION + gross) * MONTHLY_FEE) / MILLION) : gross;
  };

  /** Growth of 1 from the first month on to the close of `date`. */
  const growth = (series: string, rate: (month: number) => number, date: CalendarDate): bigint => {
    let ends = growths.get(series);
    if (!ends) growths.set(series, (ends = [powerOfTen(GROWTH_DECIMALS)]));
    const whole = monthOf(date) - first;
    for (let month = ends.length - 1; month < whole; month += 1) {
      const before = ends[month] ?? 0n;
      ends.push((before * BigInt(MILLION + rate(first + month))) / BigInt(MILLION));
    }
    const start = firstOf(first + whole);
    const days = daysBetween(start, firstOf(first + whole + 1));
    const passed = daysBetween(start, date) + 1;
    const part = Math.trunc((rate(first + whole) * passed) / days);
    return ((ends[whole] ?? 0n) * BigInt(MILLION + part)) / BigInt(MILLION);
  };
  const between = (series: string, rate: (month: number) => number, from: CalendarDate, to: CalendarDate): Fixed => {
    const ratio = (growth(series, rate, to) * powerOfTen(GROWTH_DECIMALS)) / growth(series, rate, from);
    return rescale({ n: ratio - powerOfTen(GROWTH_DECIMALS), s: GROWTH_DECIMALS }, RETURN_DECIMALS);
  };

  const inception = (account: number): CalendarDate =>
    addDays(firstOf(monthOf(today) - own.between(9, (YEARS - 1) * 12, account, 7)), -1);

  return {
    inception,
    benchmarkOf,
    ofAccount: (account, from, to, fees) =>
      from < inception(account)
        ? null
        : between(`${account} ${fees}`, (month) => accountMonth(account, month, fees === 'net'), from, to),
    ofBenchmark: (benchmark, from, to) =>
      between(`benchmark ${benchmark}`, (month) => benchmarkMonth(benchmark, month), from, to),
  };
}
