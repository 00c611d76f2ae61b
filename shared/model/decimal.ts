import { Decimal } from 'decimal.js';

/**
 * An exact decimal as canonical text: no exponent, no leading or trailing zeros, no `-0`.
 * Equality of text is equality of value, so `===` compares amounts.
 */
export type Dec = string & { readonly __dec: true };

const Exact = Decimal.clone({ precision: 80, rounding: Decimal.ROUND_HALF_EVEN, toExpNeg: -1000, toExpPos: 1000 });

const CANONICAL = /^(?:0|-?(?:[1-9]\d*(?:\.\d*[1-9])?|0\.\d*[1-9]))$/;
const NUMERIC = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const MAX_DIGITS = 60;

export const ZERO = '0' as Dec;
export const ONE = '1' as Dec;

/** Reads decimal text (digits, optional point, optional exponent; no separators). Returns null for anything else. */
export function tryDec(text: string): Dec | null {
  if (text.length <= MAX_DIGITS && CANONICAL.test(text)) return text as Dec;
  const trimmed = text.trim();
  if (!NUMERIC.test(trimmed)) return null;
  const canonical = new Exact(trimmed).toFixed();
  if (canonical.length > 2 * MAX_DIGITS) return null;
  return (canonical === '-0' ? '0' : canonical) as Dec;
}

/** As `tryDec`, but throws a RangeError that quotes the text. */
export function dec(text: string): Dec {
  const value = tryDec(text);
  if (value === null) throw new RangeError(`Not a decimal number: ${JSON.stringify(text.slice(0, 40))}`);
  return value;
}

const wrap = (value: Decimal): Dec => {
  const text = value.toFixed();
  return (text === '-0' ? '0' : text) as Dec;
};

export const add = (a: Dec, b: Dec): Dec => wrap(new Exact(a).plus(b));
export const sub = (a: Dec, b: Dec): Dec => wrap(new Exact(a).minus(b));
export const mul = (a: Dec, b: Dec): Dec => wrap(new Exact(a).times(b));
export const neg = (a: Dec): Dec => wrap(new Exact(a).negated());
export const abs = (a: Dec): Dec => (a.startsWith('-') ? (a.slice(1) as Dec) : a);
export const sign = (a: Dec): -1 | 0 | 1 => (a === '0' ? 0 : a.startsWith('-') ? -1 : 1);

/** -1, 0 or 1 as a is less than, equal to or greater than b. */
export function cmp(a: Dec, b: Dec): -1 | 0 | 1 {
  if (a === b) return 0;
  return new Exact(a).lessThan(b) ? -1 : 1;
}

/** a / b rounded half-even to `scale` decimals; null when b is zero. */
export function div(a: Dec, b: Dec, scale = 12): Dec | null {
  if (b === '0') return null;
  return round(wrap(new Exact(a).dividedBy(b)), scale);
}

/** base to the power numerator / denominator, rounded half-even to `scale` decimals; null for a negative base or a zero denominator. */
export function power(base: Dec, numerator: number, denominator: number, scale = 12): Dec | null {
  if (sign(base) < 0 || denominator === 0) return null;
  return round(wrap(new Exact(base).pow(new Exact(numerator).dividedBy(denominator))), scale);
}

/** Rounds to `scale` decimals, ties to even (accounting rounding). */
export function round(a: Dec, scale: number): Dec {
  return wrap(new Exact(a).toDecimalPlaces(scale, Decimal.ROUND_HALF_EVEN));
}

export const sum = (values: Iterable<Dec>): Dec => {
  let total = new Exact(0);
  for (const value of values) total = total.plus(value);
  return wrap(total);
};

/** Number of digits after the point. */
export const scaleOf = (a: Dec): number => {
  const point = a.indexOf('.');
  return point < 0 ? 0 : a.length - point - 1;
};

/** Exactly `scale` digits after the point (ties to even), thousands separated by commas: for display only. */
export function formatDec(a: Dec, scale: number): string {
  const fixed = new Exact(a).toFixed(scale, Decimal.ROUND_HALF_EVEN);
  const negative = fixed.startsWith('-');
  const [whole = '0', fraction] = (negative ? fixed.slice(1) : fixed).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  return negative && /[1-9]/.test(text) ? `-${text}` : text;
}
