import { add, type Dec } from '../../shared/model/decimal.ts';
import type { HoldingField } from '../../shared/model/holding.ts';
import type { PositionValues } from './position.ts';

/** [connection id, value, as-of] of every source that reports a position; null value: it does not state the field. */
export type SourceValues = readonly (readonly [connectionId: number, value: string | null, asOf: string | null])[];

/** The values of the sources as text, independent of order and of dates: the same disagreement has the same signature. */
export const signatureOf = (sources: SourceValues): string =>
  sources
    .map(([connectionId, value]) => `${connectionId}=${value ?? ''}`)
    .toSorted()
    .join(' ');

/** Several records of one source for one position count as one: amounts add up, the price is the first one's. */
export function summed<S extends PositionValues>(rows: readonly S[]): S | null {
  const [first, ...rest] = rows;
  if (!first) return null;
  return rest.reduce((total, row) => {
    const plus = (field: HoldingField): Dec | null => {
      const a = total[field];
      const b = row[field];
      return a === null || b === null ? (a ?? b) : add(a, b);
    };
    return { ...total, quantity: plus('quantity'), marketValue: plus('marketValue'), costBasis: plus('costBasis') };
  }, first);
}

/** Amounts in another currency than the position's are not compared with it: the source says nothing about them. */
export const inCurrency = <S extends PositionValues & { readonly currency: string | null }>(row: S, currency: string): S =>
  row.currency === null || row.currency === currency ? row : { ...row, price: null, marketValue: null, costBasis: null };
