import { div, type Dec } from '../../shared/model/decimal.ts';
import { toE8 } from './e8.ts';
import { fromUnits, inScale, toUnits } from './units.ts';

type Argument = string | null;
/** Null as soon as one argument is, as SQL's own operators. */
const exact =
  (work: (a: string, b: string) => string | bigint | null) =>
  (a: Argument, b: Argument): string | bigint | null =>
    a === null || b === null ? null : work(a, b);

const PRICE_DECIMALS = 8;

function mul(a: string, b: string): string {
  const [left, right] = [toUnits(a), toUnits(b)];
  return fromUnits(left.units * right.units, left.scale + right.scale);
}

/** Both in the units of the finer one. */
function aligned(a: string, b: string): { readonly left: bigint; readonly right: bigint; readonly scale: number } {
  const [left, right] = [toUnits(a), toUnits(b)];
  const scale = Math.max(left.scale, right.scale);
  return { left: inScale(left, scale), right: inScale(right, scale), scale };
}

function sub(a: string, b: string): string {
  const { left, right, scale } = aligned(a, b);
  return fromUnits(left - right, scale);
}

function near(a: string, b: string): bigint {
  const { left, right } = aligned(a, b);
  if (left < 0n !== right < 0n) return 0n;
  const [one, other] = left < 0n ? [-left, -right] : [left, right];
  return one <= other * 2n && other <= one * 2n ? 1n : 0n;
}

/**
 * Exact arithmetic on canonical decimal texts, for what is worked out of two columns: `dec_mul`, `dec_sub`, `dec_div` (to 8
 * decimals, null for a division by zero) give canonical text; `dec_e8(text)` is the scaled twin of what no column stores,
 * for ORDER BY and WHERE only; `dec_near` is 1 where two amounts have one sign and neither is more than twice the other,
 * else 0.
 */
export const DEC_FUNCTIONS = {
  dec_mul: exact(mul),
  dec_sub: exact(sub),
  dec_div: exact((a, b) => div(a as Dec, b as Dec, PRICE_DECIMALS)),
  dec_near: exact(near),
  dec_e8: (a: Argument): bigint | null => (a === null ? null : toE8(a as Dec)),
} as const;
