import { abs, cmp, div, mul, sign, sub, type Dec } from '../../shared/model/decimal.ts';
import { toE8 } from './e8.ts';

type Argument = string | null;
/** Null as soon as one argument is, as SQL's own operators. */
const exact =
  (work: (a: Dec, b: Dec) => Dec | bigint | null) =>
  (a: Argument, b: Argument): string | bigint | null =>
    a === null || b === null ? null : work(a as Dec, b as Dec);

const PRICE_DECIMALS = 8;
const TWO = '2' as Dec;
const atMostTwice = (a: Dec, b: Dec): boolean => cmp(abs(a), mul(abs(b), TWO)) <= 0;

/**
 * Exact arithmetic on canonical decimal texts, for what is worked out of two columns: `dec_mul`, `dec_sub`, `dec_div` (to 8
 * decimals, null for a division by zero) give canonical text; `dec_e8(text)` is the scaled twin of what no column stores,
 * for ORDER BY and WHERE only; `dec_near` is 1 where two
 * amounts have one sign and neither is more than twice the other, else 0.
 */
export const DEC_FUNCTIONS = {
  dec_mul: exact(mul),
  dec_sub: exact(sub),
  dec_div: exact((a, b) => div(a, b, PRICE_DECIMALS)),
  dec_near: exact((a, b) => (sign(a) === sign(b) && atMostTwice(a, b) && atMostTwice(b, a) ? 1n : 0n)),
  dec_e8: (a: Argument): bigint | null => (a === null ? null : toE8(a as Dec)),
} as const;
