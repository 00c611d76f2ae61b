import { add, dec, mul, sub, sum, type Dec } from '../../shared/model/decimal.ts';
import type { Tolerance } from '../../shared/model/holding.ts';
import { withinTolerance } from './tolerance.ts';

/**
 * The quantity that is reported more than once, when leaving repeats out brings the records to `target`; null when it does
 * not. A repeat is a record with the same quantity as another; either every repeat is left out, or some of one kind.
 */
export function surplusQuantity(quantities: readonly (Dec | null)[], target: Dec, tolerance: Tolerance): Dec | null {
  const times = new Map<Dec, number>();
  for (const q of quantities) {
    if (q === null) return null;
    times.set(q, (times.get(q) ?? 0) + 1);
  }
  if (times.size === quantities.length) return null;
  const total = sum([...times].map(([q, n]) => mul(q, dec(String(n)))));
  const reaches = (surplus: Dec): boolean => surplus !== '0' && withinTolerance(sub(total, surplus), target, tolerance);
  const all = sub(total, sum(times.keys()));
  if (reaches(all)) return all;
  for (const [q, n] of times) {
    let surplus = q;
    for (let left = 1; left < n; left += 1, surplus = add(surplus, q)) if (reaches(surplus)) return surplus;
  }
  return null;
}
