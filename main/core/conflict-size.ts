import { abs, cmp, div, mul, round, sub, tryDec, type Dec } from '../../shared/model/decimal.ts';
import type { ConflictField } from '../../shared/model/holding.ts';

export interface ConflictSize {
  /** Largest distance of a source from Clearway, in the field's unit. */
  readonly difference: Dec | null;
  /** That distance relative to Clearway's value, a fraction rounded to 6 decimals. */
  readonly differencePercent: Dec | null;
  /** What the distance is worth in the position's currency, rounded to cents. */
  readonly impact: Dec | null;
  /** 0 critical (from 100,000), 1 high (from 10,000), 2 medium (from 500), 3 low. */
  readonly severity: 0 | 1 | 2 | 3;
}

interface SizeInput {
  readonly field: ConflictField;
  readonly clearway: string | null;
  readonly sources: readonly (string | null)[];
  readonly quantity: Dec | null;
  readonly price: Dec | null;
  readonly marketValue: Dec | null;
  readonly multiplier: Dec;
}

const LIMITS = ['100000', '10000', '500'] as const;

export function severityOf(impact: Dec | null): 0 | 1 | 2 | 3 {
  if (impact === null) return 2;
  const size = abs(impact);
  const level = LIMITS.findIndex((limit) => cmp(size, limit as Dec) >= 0);
  return level < 0 ? 3 : (level as 0 | 1 | 2);
}

/** How large a disagreement is, and how urgent that makes it. */
export function conflictSize(input: SizeInput): ConflictSize {
  if (input.field === 'presence') {
    const impact = input.marketValue === null ? null : round(abs(input.marketValue), 2);
    return { difference: null, differencePercent: null, impact, severity: severityOf(impact) };
  }
  const clearway = input.clearway === null ? null : tryDec(input.clearway);
  let difference: Dec | null = null;
  for (const text of input.sources) {
    const value = text === null ? null : tryDec(text);
    if (value === null || clearway === null) continue;
    const distance = abs(sub(value, clearway));
    if (difference === null || cmp(distance, difference) > 0) difference = distance;
  }
  const relative = difference === null || clearway === null ? null : div(difference, abs(clearway), 6);
  const impact = difference === null ? null : impactOf(difference, input);
  return { difference, differencePercent: relative, impact, severity: severityOf(impact) };
}

function impactOf(difference: Dec, { field, quantity, price, multiplier }: SizeInput): Dec | null {
  if (field === 'quantity') return price === null ? null : round(mul(mul(difference, abs(price)), multiplier), 2);
  // A difference of returns is not money.
  if (field === 'return') return null;
  if (field === 'price') return quantity === null ? null : round(mul(mul(difference, abs(quantity)), multiplier), 2);
  return round(difference, 2);
}
