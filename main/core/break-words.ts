import { formatDec, scaleOf, type Dec } from '../../shared/model/decimal.ts';
import type { HoldingField, SecurityType } from '../../shared/model/holding.ts';

/** An amount for a sentence: all its decimals, at least two. */
export const money = (amount: Dec): string => formatDec(amount, Math.max(2, scaleOf(amount)));

const UNITS: Readonly<Record<SecurityType, readonly [one: string, many: string]>> = {
  stock: ['share', 'shares'],
  etf: ['share', 'shares'],
  fund: ['share', 'shares'],
  bond: ['of face value', 'of face value'],
  option: ['contract', 'contracts'],
  cash: ['', ''],
  other: ['unit', 'units'],
};

/** A quantity for a sentence, such as `1,200 shares`. */
export function units(quantity: Dec, type: SecurityType): string {
  const [one, many] = UNITS[type];
  return `${formatDec(quantity, scaleOf(quantity))} ${quantity === '1' ? one : many}`.trim();
}

export const FIELD_WORD: Readonly<Record<HoldingField, string>> = {
  quantity: 'quantity',
  price: 'price',
  marketValue: 'market value',
  costBasis: 'cost basis',
};
