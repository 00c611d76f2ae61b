import type { ConflictField, HoldingField, Strategy } from '../../shared/model/holding.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';

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
  quantity: 'quantity',
  price: 'price',
  marketValue: 'market_value',
  costBasis: 'cost_basis',
  presence: 'status',
};

type Origins = Partial<Record<HoldingField | 'presence', string>>;

export interface StateWriter {
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

/** A conflict as it stands, with where it belongs. */
export interface StoredState {
  readonly state: ConflictState;
  readonly holdingId: number;
  readonly field: ConflictField;
}

type StateRow = Omit<ConflictState, 'value' | 'origin' | 'bases'> &
  Record<ConflictField, string | null> & { id: number; holdingId: number; field: ConflictField; fieldOrigins: string | null };

const CHUNK = 5000;
const basesKey = (holdingId: number, field: string): string => `${holdingId}/${field}`;

/** The states of many conflicts with a few queries; ids that do not exist are absent. */
export function readStates(db: ReadDb, conflictIds: readonly number[]): Map<number, StoredState> {
  const rows = db.prepare(
    `SELECT c.id, c.holding_id AS holdingId, c.field, c.status, c.strategy, c.settled_value AS settledValue, c.settled_by AS settledBy,
       c.closed_at AS closedAt, c.batch_id AS batchId, h.quantity, h.price, h.market_value AS marketValue, h.cost_basis AS costBasis,
       h.status AS presence, h.field_origins AS fieldOrigins
     FROM json_each(?) j JOIN conflicts c ON c.id = j.value JOIN holdings h ON h.id = c.holding_id`,
  );
  const baseRows = db
    .prepare(
      `SELECT holding_id, field, connection_id, value FROM holding_bases
       WHERE holding_id IN (SELECT c.holding_id FROM json_each(?) j JOIN conflicts c ON c.id = j.value) ORDER BY connection_id`,
    )
    .raw();
  const states = new Map<number, StoredState>();
  for (let start = 0; start < conflictIds.length; start += CHUNK) {
    const chunk = JSON.stringify(conflictIds.slice(start, start + CHUNK));
    const bases = new Map<string, [number, string | null][]>();
    for (const [holdingId, field, connectionId, value] of baseRows.all(chunk) as [number, string, number, string | null][]) {
      const list = bases.get(basesKey(holdingId, field));
      if (list) list.push([connectionId, value]);
      else bases.set(basesKey(holdingId, field), [[connectionId, value]]);
    }
    for (const row of rows.all(chunk) as StateRow[]) {
      const origins = row.fieldOrigins === null ? {} : (JSON.parse(row.fieldOrigins) as Origins);
      states.set(row.id, {
        holdingId: row.holdingId,
        field: row.field,
        state: {
          status: row.status,
          strategy: row.strategy,
          settledValue: row.settledValue,
          settledBy: row.settledBy,
          closedAt: row.closedAt,
          batchId: row.batchId,
          value: row[row.field],
          origin: origins[row.field] ?? null,
          bases: bases.get(basesKey(row.holdingId, row.field)) ?? [],
        },
      });
    }
  }
  return states;
}

export function createStateWriter(db: WritableDb): StateWriter {
  const updateConflict = db.prepare(
    `UPDATE conflicts SET status = ?, strategy = ?, settled_value = ?, settled_by = ?, closed_at = ?, batch_id = ?, clearway = ?,
       version = version + 1 WHERE id = ?`,
  );
  const dropBases = db.prepare('DELETE FROM holding_bases WHERE holding_id = ? AND field = ?');
  const putBase = db.prepare('INSERT INTO holding_bases (holding_id, connection_id, field, value) VALUES (?, ?, ?, ?)');
  const updateHolding = Object.fromEntries(
    Object.entries(COLUMN).map(([field, column]) => [
      field,
      db.prepare(
        `UPDATE holdings SET ${column} = ?, version = version + 1,
           field_origins = CASE WHEN ? IS NULL THEN nullif(json_remove(field_origins, '$.${field}'), '{}')
             ELSE json_set(coalesce(field_origins, '{}'), '$.${field}', ?) END
         WHERE id = ?`,
      ),
    ]),
  );

  return {
    after(before, decision) {
      if (decision.status === 'review') return { ...before, status: 'review', batchId: decision.batchId };
      return {
        status: 'settled',
        strategy: decision.strategy,
        settledValue: decision.value,
        settledBy: decision.by,
        closedAt: decision.at,
        batchId: decision.batchId,
        value: decision.value,
        origin: `b:${decision.batchId}`,
        bases: [],
      };
    },
    write(conflictId, holdingId, field, from, to) {
      updateConflict.run(to.status, to.strategy, to.settledValue, to.settledBy, to.closedAt, to.batchId, to.value, conflictId);
      if (from.value !== to.value || from.origin !== to.origin)
        updateHolding[field]?.run(to.value, to.origin, to.origin, holdingId);
      if (from.bases.length > 0) dropBases.run(holdingId, field);
      for (const [connectionId, value] of to.bases) putBase.run(holdingId, connectionId, field, value);
    },
  };
}
