import type { Dec } from '../../shared/model/decimal.ts';
import type { HoldingField } from '../../shared/model/holding.ts';
import { withinTolerance } from '../core/tolerance.ts';
import type { ReadDb } from '../store/handles.ts';
import { HOLDING_COLUMN } from './agreement.ts';
import type { RunTolerances } from './settings.ts';

/** An open conflict that taking a value settles, with its state as a batch item keeps it. */
export interface AnsweredConflict {
  readonly id: number;
  readonly before: Readonly<Record<string, unknown>>;
  readonly value: Dec;
  readonly origin: string;
}

/**
 * Finds the open conflict about a value, if there is one, and tells whether every source, of any date, agrees with the
 * value to be taken. `disagrees` when one does not: then a person has to decide.
 */
export function createConflictCheck(db: ReadDb, tolerances: RunTolerances) {
  const find = db.prepare(
    `SELECT id, status, strategy, settled_value AS settledValue, settled_by AS settledBy, closed_at AS closedAt, batch_id AS batchId
     FROM conflicts WHERE holding_id = ? AND field = ? AND status IN ('open', 'review')`,
  );
  const bases = db
    .prepare('SELECT connection_id, value FROM holding_bases WHERE holding_id = ? AND field = ? ORDER BY connection_id')
    .raw();
  const claims = db.prepare(
    'SELECT quantity, price, market_value, cost_basis FROM source_holdings WHERE holding_id = ? AND valid_to_op IS NULL',
  );

  return (
    holdingId: number,
    field: HoldingField,
    now: { readonly value: Dec | null; readonly origin: string | null },
    taken: { readonly value: Dec; readonly origin: string },
  ): AnsweredConflict | 'none' | 'disagrees' => {
    const row = find.get(holdingId, field) as ({ id: number } & Record<string, unknown>) | undefined;
    if (!row) return 'none';
    const stated = claims.all(holdingId) as Record<string, Dec | null>[];
    const agreed = stated.every((claim) => {
      const value = claim[HOLDING_COLUMN[field]] ?? null;
      return value === null || withinTolerance(value, taken.value, tolerances[field]);
    });
    if (!agreed) return 'disagrees';
    const { id, ...state } = row;
    return { id, before: { ...state, value: now.value, origin: now.origin, bases: bases.all(holdingId, field) }, ...taken };
  };
}
