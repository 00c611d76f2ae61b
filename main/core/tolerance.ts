import { dec, type Dec } from '../../shared/model/decimal.ts';
import type { Tolerance, Tolerances, ValueField } from '../../shared/model/holding.ts';

/** Default tolerances: equal when within the absolute bound (in the field's unit) or the relative one (a fraction of the larger amount). */
export const DEFAULT_TOLERANCES: Tolerances = {
  quantity: { absolute: dec('0.0001'), relative: dec('0') },
  price: { absolute: dec('0.005'), relative: dec('0.0001') },
  marketValue: { absolute: dec('0.01'), relative: dec('0.0001') },
  costBasis: { absolute: dec('0.01'), relative: dec('0.0001') },
  cash: { absolute: dec('0.01'), relative: dec('0') },
};

/** Returns are stated to a hundredth of a percent, so half of that is rounding. */
const RETURN_TOLERANCE: Tolerance = { absolute: dec('0.00005'), relative: dec('0') };

/** The tolerance of every value that the three-way rule compares. */
export const valueTolerances = (tolerances: Tolerances): Readonly<Record<ValueField, Tolerance>> => ({
  ...tolerances,
  return: RETURN_TOLERANCE,
});

const scaleOf = (text: string): number => {
  const point = text.indexOf('.');
  return point < 0 ? 0 : text.length - point - 1;
};

// Whole units of 10^-scale, so that the comparison below is exact for any number of digits.
const unitsOf = (text: string, scale: number): bigint => {
  const point = text.indexOf('.');
  const digits = point < 0 ? text : text.slice(0, point) + text.slice(point + 1);
  return BigInt(digits + '0'.repeat(scale - scaleOf(text)));
};

const magnitude = (units: bigint): bigint => (units < 0n ? -units : units);

/**
 * True when `a` and `b` are equal within the wider of the absolute and the relative bound; the relative bound is taken
 * from the larger magnitude. Both bounds are inclusive, the arithmetic is exact, and equal text is equal at once.
 */
export function withinTolerance(a: Dec, b: Dec, tolerance: Tolerance): boolean {
  if (a === b) return true;
  const scale = Math.max(scaleOf(a), scaleOf(b), scaleOf(tolerance.absolute));
  const left = unitsOf(a, scale);
  const right = unitsOf(b, scale);
  const distance = magnitude(left - right);
  if (distance <= unitsOf(tolerance.absolute, scale)) return true;
  if (tolerance.relative === '0') return false;
  const relativeScale = scaleOf(tolerance.relative);
  const leftSize = magnitude(left);
  const rightSize = magnitude(right);
  const larger = leftSize > rightSize ? leftSize : rightSize;
  return distance * 10n ** BigInt(relativeScale) <= larger * unitsOf(tolerance.relative, relativeScale);
}
