import type { ConflictField, HoldingField, Strategy } from '../../shared/model/holding.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';
import type { Subject } from './subject.ts';

/**
 * All that a decision about one conflict can change, so that putting a state back undoes the decision: the conflict's own
 * columns, Clearway's value with the origin of that field, and the explicit bases of the field.
 */
export interface ConflictState {
  readonly status: string;
  readonly strategy: string | null;
  readonly settledValue: string | null;
  readonly settledBy: string | null;
  readonly closedAt: string | null;
  readonly batchId: number | null;
  readonly value: string | null;
  readonly origin: string | null;
  readonly bases: readonly (readonly [connectionId: number, value: string | null])[];
}

const COLUMN: Readonly<Record<ConflictField, string>> = {
  quantity: 'quantity', price: 'price', marketValue: 'market_value', costBasis: 'cost_basis', presence: 'status',
};

type Origins = Partial<Record<HoldingField | 'presence', string>>;

export interface StateWriter {
  read(subject: Subject): ConflictState;
  after(
    before: ConflictState,
    decision: {
      readonly field: ConflictField;
      readonly value: string | null;
      readonly batchId: number;
      readonly status: 'review' | 'settled';
      readonly strategy: Strategy;
      readonly by: string;
      readonly at: string;
    },
  ): ConflictState;
  write(conflictId: number, holdingId: number, field: ConflictField, from: ConflictState, to: ConflictState): void;
}

/** State of a conflict as it stands, by id; null when it is gone. */
export function readState(db: ReadDb, conflictId: number): { state: ConflictState; holdingId: number; field: ConflictField } | null {
  const row = db
    .prepare(
      `SELECT c.holding_id AS holdingId, c.field, c.status, c.strategy, c.settled_value AS settledValue, c.settled_by AS settledBy,
         c.closed_at AS closedAt, c.batch_id AS batchId, h.quantity, h.price, h.market_value AS marketValue, h.cost_basis AS costBasis,
         h.status AS presence, h.field_origins AS fieldOrigins
       FROM conflicts c JOIN holdings h ON h.id = c.holding_id WHERE c.id = ?`,
    )
    .get(conflictId) as (Omit<ConflictState, 'value' | 'origin' | 'bases'> & Record<ConflictField, string | null> & {
    holdingId: number;
    field: ConflictField;
    fieldOrigins: string | null;
  }) | undefined;
  if (!row) return null;
  const bases = db.prepare('SELECT connection_id, value FROM holding_bases WHERE holding_id = ? AND field = ? ORDER BY connection_id').raw();
  const origins = row.fieldOrigins === null ? {} : (JSON.parse(row.fieldOrigins) as Origins);
  return {
    holdingId: row.holdingId,
    field: row.field,
    state: {
      status: row.status, strategy: row.strategy, settledValue: row.settledValue, settledBy: row.settledBy, closedAt: row.closedAt,
      batchId: row.batchId, value: row[row.field], origin: origins[row.field] ?? null,
      bases: bases.all(row.holdingId, row.field) as [number, string | null][],
    },
  };
}

export function createStateWriter(db: WritableDb): StateWriter {
  const updateConflict = db.prepare(
    `UPDATE conflicts SET status = ?, strategy = ?, settled_value = ?, settled_by = ?, closed_at = ?, batch_id = ?, clearway = ?,
       version = version + 1 WHERE id = ?`,
  );
  const dropBases = db.prepare('DELETE FROM holding_bases WHERE holding_id = ? AND field = ?');
  const putBase = db.prepare('INSERT INTO holding_bases (holding_id, connection_id, field, value) VALUES (?, ?, ?, ?)');
  const readBases = db.prepare('SELECT connection_id, value FROM holding_bases WHERE holding_id = ? AND field = ? ORDER BY connection_id').raw();
  const updateHolding = Object.fromEntries(
    Object.entries(COLUMN).map(([field, column]) => [
      field,
      db.prepare(
        `UPDATE holdings SET ${column} = ?, version = version + 1,
           field_origins = CASE WHEN ? IS NULL THEN json_remove(field_origins, '$.${field}')
             ELSE json_set(coalesce(field_origins, '{}'), '$.${field}', ?) END
         WHERE id = ?`,
      ),
    ]),
  );

  return {
    read(subject) {
      const origins = subject.fieldOrigins === null ? {} : (JSON.parse(subject.fieldOrigins) as Origins);
      return {
        status: subject.status, strategy: null, settledValue: null, settledBy: null, closedAt: null, batchId: null,
        value: subject.field === 'presence' ? subject.holdingStatus : subject[subject.field],
        origin: origins[subject.field] ?? null,
        bases: readBases.all(subject.holdingId, subject.field) as [number, string | null][],
      };
    },
    after(before, decision) {
      if (decision.status === 'review') return { ...before, status: 'review', batchId: decision.batchId };
      return {
        status: 'settled', strategy: decision.strategy, settledValue: decision.value, settledBy: decision.by, closedAt: decision.at,
        batchId: decision.batchId, value: decision.value, origin: `b:${decision.batchId}`, bases: [],
      };
    },
    write(conflictId, holdingId, field, from, to) {
      updateConflict.run(to.status, to.strategy, to.settledValue, to.settledBy, to.closedAt, to.batchId, to.value, conflictId);
      if (from.value !== to.value || from.origin !== to.origin) updateHolding[field]?.run(to.value, to.origin, to.origin, holdingId);
      if (from.bases.length > 0) dropBases.run(holdingId, field);
      for (const [connectionId, value] of to.bases) putBase.run(holdingId, connectionId, field, value);
    },
  };
}
