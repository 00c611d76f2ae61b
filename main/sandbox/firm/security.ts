import type { SecurityType } from '../../../shared/model/holding.ts';
import type { Fixed } from './fixed.ts';

export interface Security {
  readonly index: number;
  readonly key: string;
  readonly name: string;
  readonly type: SecurityType;
  readonly ticker: string | null;
  readonly cusip: string | null;
  readonly isin: string | null;
  readonly sedol: string | null;
  readonly currency: 'USD' | 'EUR' | 'GBP';
  readonly assetClass: string;
  /** Value = quantity x price x 10^power: -2 for bonds, 2 for options. */
  readonly power: -2 | 0 | 2;
  readonly quantityDecimals: number;
  /** Price on the day of the opening book. */
  readonly openingPrice: Fixed;
  /** Nobody trades it on the first day, so that a planted price difference is the only thing that happens to it. */
  readonly quiet: boolean;
  /** Units after for units before, effective on the first day. */
  readonly split: { readonly after: number; readonly before: number } | null;
  /** Index of the other share class of the same issuer. */
  readonly sibling: number | null;
}

export const CASH_INDEX = 0;
