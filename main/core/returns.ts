import { add, ONE, power, sub, type Dec } from '../../shared/model/decimal.ts';

/** The yearly return that makes `total` over `months`; null for less than a year, which is never annualised, and for a total loss. */
export function annualised(total: Dec, months: number): Dec | null {
  if (months < 12) return null;
  const yearly = power(add(ONE, total), 12, months);
  return yearly === null ? null : sub(yearly, ONE);
}

/** What the account made beyond its benchmark, in the same unit: the plain difference. */
export const excess = (rate: Dec, benchmark: Dec): Dec => sub(rate, benchmark);

export interface PeriodReturn {
  readonly from: string | null;
  readonly to: string;
  readonly rate: Dec;
}

/** The newest run of periods in which each begins where the one before ended; what lies before a gap is left out. */
export function newestRun<P extends PeriodReturn>(periods: readonly P[]): readonly P[] {
  const ordered = periods.toSorted((a, b) => (a.to < b.to ? -1 : 1));
  let start = ordered.length - 1;
  while (start > 0 && ordered[start]?.from !== null && ordered[start]?.from === ordered[start - 1]?.to) start -= 1;
  return ordered.slice(Math.max(0, start));
}
