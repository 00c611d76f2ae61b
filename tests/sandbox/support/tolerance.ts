import { abs, cmp, dec, mul, sub, type Dec } from '../../../shared/model/decimal.ts';
import type { HoldingField } from '../../../shared/model/holding.ts';

const ABSOLUTE: Readonly<Record<HoldingField, Dec>> = {
  quantity: dec('0.0001'),
  price: dec('0.005'),
  marketValue: dec('0.01'),
  costBasis: dec('0.01'),
};
const RELATIVE: Readonly<Record<HoldingField, Dec>> = {
  quantity: dec('0'),
  price: dec('0.0001'),
  marketValue: dec('0.0001'),
  costBasis: dec('0.0001'),
};

/** Equal within the default tolerances: absolute or relative to the first value, whichever is wider. */
export function within(field: HoldingField, a: Dec, b: Dec): boolean {
  if (a === b) return true;
  const distance = abs(sub(a, b));
  return cmp(distance, ABSOLUTE[field]) <= 0 || cmp(distance, mul(abs(a), RELATIVE[field])) <= 0;
}
