import type { ConflictField, Strategy } from '../../shared/model/holding.ts';
import { FIELD_COLUMNS, FIELDS_OF, SUBJECTS, type SubjectKind, type SubjectRef } from '../core/subject.ts';
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

type Origins = Partial<Record<ConflictField, string>>;

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
  write(conflictId: number, subject: SubjectRef, field: ConflictField, from: ConflictState, to: ConflictState): void;
}

/** A conflict as it stands, with where it belongs. */
export interface StoredState {
  readonly state: ConflictState;
  readonly subject: SubjectRef;
  readonly field: ConflictField;
}

type StateRow = Omit<ConflictState, 'value' | 'origin' | 'bases'> &
  Partial<Record<ConflictField, string | null>> & {
    id: number;
    subjectId: number;
    field: ConflictField;
    fieldOrigins: string | null;
  };

const CHUNK = 5000;
const KINDS = Object.keys(SUBJECTS) as SubjectKind[];
const basesKey = (subjectId: number, field: string): string => `${subjectId}/${field}`;

/** The states of many conflicts with a few queries; ids that do not exist are absent. */
export function readStates(db: ReadDb, conflictIds: readonly number[]): Map<number, StoredState> {
  const states = new Map<number, StoredState>();
  for (const kind of KINDS)
    for (let start = 0; start < conflictIds.length; start += CHUNK)
      readChunk(db, kind, JSON.stringify(conflictIds.slice(start, start + CHUNK)), states);
  return states;
}

function readChunk(db: ReadDb, kind: SubjectKind, chunk: string, states: Map<number, StoredState>): void {
  const { column, table, bases: basesTable } = SUBJECTS[kind];
  const values = FIELDS_OF[kind].map((field) => `t.${FIELD_COLUMNS[field]} AS "${field}"`).join(', ');
  const rows = db
    .prepare(
      `SELECT c.id, c.${column} AS subjectId, c.field, c.status, c.strategy, c.settled_value AS settledValue, c.settled_by AS settledBy,
         c.closed_at AS closedAt, c.batch_id AS batchId, ${values}, t.field_origins AS fieldOrigins
       FROM json_each(?) j JOIN conflicts c ON c.id = j.value JOIN ${table} t ON t.id = c.${column}`,
    )
    .all(chunk) as StateRow[];
  if (rows.length === 0) return;
  const baseRows = db
    .prepare(
      `SELECT ${column}, field, connection_id, value FROM ${basesTable}
       WHERE ${column} IN (SELECT c.${column} FROM json_each(?) j JOIN conflicts c ON c.id = j.value) ORDER BY connection_id`,
    )
    .raw()
    .all(chunk) as [number, string, number, string | null][];
  const bases = new Map<string, [number, string | null][]>();
  for (const [subjectId, field, connectionId, value] of baseRows) {
    const list = bases.get(basesKey(subjectId, field));
    if (list) list.push([connectionId, value]);
    else bases.set(basesKey(subjectId, field), [[connectionId, value]]);
  }
  for (const row of rows) {
    const origins = row.fieldOrigins === null ? {} : (JSON.parse(row.fieldOrigins) as Origins);
    states.set(row.id, {
      subject: { kind, id: row.subjectId },
      field: row.field,
      state: {
        status: row.status,
        strategy: row.strategy,
        settledValue: row.settledValue,
        settledBy: row.settledBy,
        closedAt: row.closedAt,
        batchId: row.batchId,
        value: row[row.field] ?? null,
        origin: origins[row.field] ?? null,
        bases: bases.get(basesKey(row.subjectId, row.field)) ?? [],
      },
    });
  }
}

export function createStateWriter(db: WritableDb): StateWriter {
  const updateConflict = db.prepare(
    `UPDATE conflicts SET status = ?, strategy = ?, settled_value = ?, settled_by = ?, closed_at = ?, batch_id = ?, clearway = ?,
       version = version + 1 WHERE id = ?`,
  );
  const writers = { position: createSubjectWriter(db, 'position'), record: createSubjectWriter(db, 'record') };

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
    write(conflictId, subject, field, from, to) {
      updateConflict.run(to.status, to.strategy, to.settledValue, to.settledBy, to.closedAt, to.batchId, to.value, conflictId);
      const writer = writers[subject.kind];
      if (from.value !== to.value || from.origin !== to.origin) writer.put(subject.id, field, to.value, to.origin);
      if (from.bases.length > 0) writer.dropBases(subject.id, field);
      for (const [connectionId, value] of to.bases) writer.putBase(subject.id, connectionId, field, value);
    },
  };
}

function createSubjectWriter(db: WritableDb, kind: SubjectKind) {
  const { column, table, bases } = SUBJECTS[kind];
  const drop = db.prepare(`DELETE FROM ${bases} WHERE ${column} = ? AND field = ?`);
  const put = db.prepare(`INSERT INTO ${bases} (${column}, connection_id, field, value) VALUES (?, ?, ?, ?)`);
  const update = new Map(
    FIELDS_OF[kind].map((field) => [
      field,
      db.prepare(
        `UPDATE ${table} SET ${FIELD_COLUMNS[field]} = ?, version = version + 1,
           field_origins = CASE WHEN ? IS NULL THEN nullif(json_remove(field_origins, '$.${field}'), '{}')
             ELSE json_set(coalesce(field_origins, '{}'), '$.${field}', ?) END
         WHERE id = ?`,
      ),
    ]),
  );
  return {
    put: (id: number, field: ConflictField, value: string | null, origin: string | null): void =>
      void update.get(field)?.run(value, origin, origin, id),
    dropBases: (id: number, field: ConflictField): void => void drop.run(id, field),
    putBase: (id: number, connectionId: number, field: ConflictField, value: string | null): void =>
      void put.run(id, connectionId, field, value),
  };
}
