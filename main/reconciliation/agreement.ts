import type { Dec } from '../../shared/model/decimal.ts';
import type { HoldingField } from '../../shared/model/holding.ts';
import { withinTolerance } from '../core/tolerance.ts';
import type { ReadDb } from '../store/handles.ts';
import type { RunTolerances } from './settings.ts';

/** The column of `holdings` and `source_holdings` that holds a field. */
export const HOLDING_COLUMN = {
  quantity: 'quantity',
  price: 'price',
  marketValue: 'market_value',
  costBasis: 'cost_basis',
} as const satisfies Readonly<Record<HoldingField, string>>;

interface Claim {
  readonly connectionId: number;
  readonly value: Dec | null;
}

/**
 * Tells whether every other source that reports the position for the same date agrees with a value, within tolerance. A
 * source with several records of the position is not agreed with: one of them may be a double delivery.
 */
export function createAgreement(db: ReadDb, tolerances: RunTolerances) {
  const statements = new Map(
    Object.entries(HOLDING_COLUMN).map(([field, column]) => [
      field,
      db.prepare(
        `SELECT connection_id AS connectionId, ${column} AS value FROM source_holdings
         WHERE holding_id = ? AND valid_to_op IS NULL AND as_of = ? AND connection_id <> ?`,
      ),
    ]),
  );
  return (
    holdingId: number,
    field: HoldingField,
    value: Dec,
    side: { readonly connectionId: number; readonly asOf: string },
  ): boolean => {
    const claims = (statements.get(field)?.all(holdingId, side.asOf, side.connectionId) ?? []) as Claim[];
    if (new Set(claims.map((c) => c.connectionId)).size < claims.length) return false;
    return claims.every((c) => c.value === null || withinTolerance(c.value, value, tolerances[field]));
  };
}
