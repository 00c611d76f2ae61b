import { add, type Dec } from '../../shared/model/decimal.ts';
import type { ValueField } from '../../shared/model/holding.ts';

/** [connection id, value, as-of] of every source that reports a position; null value: it does not state the field. */
export type SourceValues = readonly (readonly [connectionId: number, value: string | null, asOf: string | null])[];

/** The values of the sources as text, independent of order and of dates: the same disagreement has the same signature. */
export const signatureOf = (sources: SourceValues): string =>
  sources
    .map(([connectionId, value]) => `${connectionId}=${value ?? ''}`)
    .toSorted()
    .join(' ');

/** Some of the values that the three-way rule compares. */
export type Said = { readonly [F in ValueField]?: Dec | null };

/** Values of several records that add up; a price and a return do not. */
const AMOUNTS = ['quantity', 'marketValue', 'costBasis', 'cash'] as const satisfies readonly ValueField[];

/** Several records of one source for one thing count as one: amounts add up, the price or return is the first one's. */
export function summed<S extends Said>(rows: readonly S[]): S | null {
  const [first, ...rest] = rows;
  if (!first) return null;
  return rest.reduce((total, row) => {
    const sums: { [F in ValueField]?: Dec | null } = {};
    for (const field of AMOUNTS) {
      const a = total[field];
      const b = row[field];
      if (a !== undefined && b !== undefined) sums[field] = a === null || b === null ? (a ?? b) : add(a, b);
    }
    return { ...total, ...sums };
  }, first);
}

const NO_MONEY = { price: null, marketValue: null, costBasis: null } as const;

/** Amounts in another currency than that of the thing are not compared with it: the source says nothing about them. */
export const inCurrency = <S extends Said & { readonly currency: string | null }>(row: S, currency: string): S =>
  row.currency === null || row.currency === currency ? row : { ...row, ...NO_MONEY, ...('cash' in row ? { cash: null } : {}) };
