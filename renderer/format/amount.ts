import { formatDec, mul, scaleOf, sign, type Dec } from '../../shared/model/decimal.ts';
import type { ValueField } from '../../shared/model/holding.ts';

/** Fewest and most digits after the point that a column shows. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

export const MONEY: Scale = { min: 2, max: 2 };
export const QUANTITY: Scale = { min: 0, max: 4 };
export const PRICE: Scale = { min: 2, max: 6 };
export const FIELD_SCALE: Readonly<Record<ValueField, Scale>> = {
  quantity: QUANTITY,
  price: PRICE,
  marketValue: MONEY,
  costBasis: MONEY,
  cash: MONEY,
  return: { min: 4, max: 6 },
};

export interface FormattedAmount {
  readonly text: string;
  /** Characters to lay out invisibly after the text so that decimal points stand under each other. */
  readonly pad: string;
  /** Every digit of the value. */
  readonly exact: string;
  /** True when `text` leaves digits out. */
  readonly shortened: boolean;
}

const MINUS = '\u2212';
const typographic = (text: string): string => (text.startsWith('-') ? MINUS + text.slice(1) : text);

/** Every digit, thousands separated. */
export const exactAmount = (value: Dec): string => typographic(formatDec(value, scaleOf(value)));

/** Every digit of a sum of money, at least two of them after the point. */
export const exactMoney = (value: Dec): string => typographic(formatDec(value, Math.max(MONEY.min, scaleOf(value))));

/** An amount for a column: between `scale.min` and `scale.max` decimals, with what was left out and the padding. */
export const formatAmount = (value: Dec, scale: Scale): FormattedAmount => {
  const own = scaleOf(value);
  const shown = Math.min(Math.max(own, scale.min), scale.max);
  const missing = scale.max - shown;
  const pad = missing === 0 ? '' : `${shown === 0 ? '.' : ''}${'0'.repeat(missing)}`;
  return { text: typographic(formatDec(value, shown)), pad, exact: exactAmount(value), shortened: own > shown };
};

/** An amount with its sign always shown, for differences. */
export const formatSigned = (value: Dec, scale: Scale): string => {
  const { text } = formatAmount(value, scale);
  return sign(value) > 0 ? `+${text}` : text;
};

/** A fraction as percent: `0.0123` as `1.23 %`, to `decimals` places at most 4. */
export const formatPercent = (fraction: Dec, decimals = 2): string =>
  `${typographic(formatDec(mul(fraction, '100' as Dec), decimals))}\u00a0%`;

/** A whole number of things, thousands separated. */
export const formatCount = (count: number): string => formatDec(String(count) as Dec, 0);

/** `1 conflict`, `1,240 conflicts`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
