import { neg, ONE, sign, type Dec } from '../../shared/model/decimal.ts';
import type { SecurityType } from '../../shared/model/holding.ts';

/** How a platform writes its positions. Each connector declares its own once, with where the rule comes from. */
export interface SourceConventions {
  /** `signed`: negative for a short position. `magnitude`: the direction is that of the quantity. */
  readonly marketValue: 'signed' | 'magnitude';
  /** Offset of date-times that name none. */
  readonly timeOffset: string;
  /** Where the rules come from. */
  readonly source: string;
}

export interface SentAmounts {
  readonly quantity: Dec | null;
  readonly price: Dec | null;
  readonly marketValue: Dec | null;
  readonly costBasis: Dec | null;
}
export interface Amounts extends SentAmounts {
  readonly quantity: Dec;
}
export interface Contradiction {
  /** Member-free sentence part: what is wrong. */
  readonly reason: string;
  readonly field: 'quantity' | 'marketValue';
}

/** Value = quantity x price x multiplier: bonds are priced per 100 of face, options per unit of 100. */
export const MULTIPLIERS: Readonly<Record<SecurityType, Dec>> = {
  stock: ONE,
  etf: ONE,
  fund: ONE,
  bond: '0.01' as Dec,
  option: '100' as Dec,
  cash: ONE,
  other: ONE,
};

/**
 * Brings the amounts of a position to canonical form: shorts negative in quantity and value, cash as a quantity of its
 * value at price 1. Numbers are never rescaled. Answers a contradiction when no quantity follows from what was sent.
 */
export function canonicalAmounts(
  type: SecurityType,
  sent: SentAmounts,
  conventions: Pick<SourceConventions, 'marketValue'>,
): Amounts | Contradiction {
  let { marketValue } = sent;
  const { quantity } = sent;
  if (conventions.marketValue === 'magnitude' && marketValue !== null && quantity !== null) {
    const direction = sign(quantity) * (sent.price === null ? 1 : sign(sent.price));
    if (direction < 0 && sign(marketValue) > 0) marketValue = neg(marketValue);
    if (direction > 0 && sign(marketValue) < 0) return { reason: 'contradicts the sign of the quantity', field: 'marketValue' };
  }
  if (type === 'cash') {
    const amount = marketValue ?? quantity;
    if (amount === null) return { reason: 'is missing, and so is the value', field: 'quantity' };
    return { quantity: amount, price: ONE, marketValue: amount, costBasis: sent.costBasis };
  }
  if (quantity === null) return { reason: 'is missing', field: 'quantity' };
  return { quantity, price: sent.price, marketValue, costBasis: sent.costBasis };
}
