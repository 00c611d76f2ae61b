import { abs, cmp, scaleOf, sub, type Dec } from '../../shared/model/decimal.ts';

export interface Rounded {
  /** Which of the two is the rounded one. */
  readonly coarser: 'a' | 'b';
  /** Its number of decimals. */
  readonly decimals: number;
}

/** Canonical text keeps no trailing zeros, so 180 may be 180.00: fewer than two decimals are no sign of rounding. */
const LEAST_DECIMALS = 2;

const decimalsOf = (a: Dec): number => Math.max(LEAST_DECIMALS, scaleOf(a));

/** One unit of the last decimal, such as 0.01 for 2. */
export const unitOf = (decimals: number): Dec => (decimals === 0 ? '1' : `0.${'0'.repeat(decimals - 1)}1`) as Dec;

/** Tells whether one amount is the other rounded to its own, coarser, number of decimals (ties either way); null when not. */
export function rounded(a: Dec, b: Dec): Rounded | null {
  const [x, y] = [decimalsOf(a), decimalsOf(b)];
  if (x === y) return null;
  const decimals = Math.min(x, y);
  const half = `0.${'0'.repeat(decimals)}5` as Dec;
  return cmp(abs(sub(a, b)), half) <= 0 ? { coarser: x < y ? 'a' : 'b', decimals } : null;
}
