import { add, mul, ONE, round, sub, ZERO, type Dec } from './decimal.ts';

/** Digits a linked return is kept to: far beyond what any source states, and short enough to be stored. */
const SCALE = 12;

/** Returns of periods that follow each other, linked: the running total after each of them, as fractions. */
export function cumulative(returns: readonly Dec[]): readonly Dec[] {
  let growth = ONE;
  return returns.map((rate) => {
    growth = mul(growth, add(ONE, rate));
    return round(sub(growth, ONE), SCALE);
  });
}

/** The return over all of the periods together: product of (1 + r), less 1. Zero for none. */
export const linked = (returns: readonly Dec[]): Dec => cumulative(returns).at(-1) ?? ZERO;
