import { dec, mul, type Dec } from '../../shared/model/decimal.ts';
import type { Tolerance } from '../../shared/model/holding.ts';
import { withinTolerance } from './tolerance.ts';

/** `newer` shares for every `older` one, such as 3 for 2. */
export interface SplitRatio {
  readonly newer: number;
  readonly older: number;
}

const RATIOS: readonly SplitRatio[] = [
  ...[2, 3, 4, 5, 6, 7, 8, 10, 15, 20].map((newer) => ({ newer, older: 1 })),
  { newer: 3, older: 2 },
  { newer: 4, older: 3 },
  { newer: 5, older: 4 },
];

const times = (quantity: Dec, factor: number): Dec => mul(quantity, dec(String(factor)));

/**
 * The split that turns the smaller of two quantities into the larger, or null when none of the usual ratios does.
 * Fractions dropped by the split are allowed for by the quantity tolerance, scaled with the ratio. Symmetric.
 */
export function splitRatio(a: Dec, b: Dec, tolerance: Tolerance): SplitRatio | null {
  if (a === '0' || b === '0') return null;
  for (const ratio of RATIOS) {
    const scaled: Tolerance = { absolute: times(tolerance.absolute, ratio.newer), relative: tolerance.relative };
    const turns = (from: Dec, to: Dec): boolean => withinTolerance(times(from, ratio.newer), times(to, ratio.older), scaled);
    if (turns(a, b) || turns(b, a)) return ratio;
  }
  return null;
}
