import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput } from '../../shared/contract/index.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import type { ConflictField, Tolerances, ValueField } from '../../shared/model/holding.ts';
import type { RecordStream } from '../../shared/model/record.ts';
import type { SourceSay } from '../core/strategy.ts';
import type { SubjectRef } from '../core/subject.ts';
import { valueTolerances } from '../core/tolerance.ts';
import { gridWhere } from '../store/grid-sql.ts';
import type { ReadDb } from '../store/handles.ts';
import { CONFLICT_FROM, CONFLICT_GRID, CONFLICT_SEARCH } from './columns.ts';

/** A conflict together with all a decision about it needs. */
export interface Subject extends Readonly<Record<ValueField, Dec | null>> {
  readonly id: number;
  readonly ref: SubjectRef;
  /** Null for a position. */
  readonly stream: RecordStream | null;
  readonly field: ConflictField;
  readonly status: 'open' | 'review' | 'settled' | 'healed';
  readonly version: number;
  readonly account: string;
  readonly security: string;
  readonly currency: string;
  readonly multiplier: Dec;
  readonly bookStatus: 'held' | 'not_held' | 'withdrawn';
  readonly origin: string;
  readonly fieldOrigins: string | null;
  readonly sources: readonly SourceSay[];
}

export type Selection = HandlerInput<'conflicts.preview'>['selection'];

const CHUNK = 5000;

/** Ids of the conflicts a selection names. A filter selection takes only undecided ones. */
export function selectConflicts(db: ReadDb, selection: Selection): number[] {
  if ('ids' in selection) return [...new Set(selection.ids.map(Number))];
  const { where, params } = gridWhere(CONFLICT_GRID, selection.matching, CONFLICT_SEARCH);
  const ids = db
    .prepare(`SELECT c.id FROM ${CONFLICT_FROM} WHERE c.status IN ('open', 'review') AND ${where} ORDER BY c.id`)
    .pluck()
    .all(...params) as number[];
  const except = new Set(selection.except.map(Number));
  return except.size === 0 ? ids : ids.filter((id) => !except.has(id));
}

interface Row extends Omit<Subject, 'sources' | 'ref'> {
  readonly holdingId: number | null;
  readonly recordId: number | null;
  readonly said: string;
}

interface SourceDates {
  readonly subjectId: number;
  readonly connectionId: number;
  readonly asOf: string;
  readonly modifiedAt: string | null;
}

/** When the sources last spoke of the positions or records of some conflicts. */
function readDates(db: ReadDb, sql: string, chunk: string): Map<number, SourceDates[]> {
  return Map.groupBy(db.prepare(sql).all(chunk) as SourceDates[], (row) => row.subjectId);
}

const POSITION_DATES = `SELECT DISTINCT r.id, r.holding_id AS subjectId, r.connection_id AS connectionId, r.as_of AS asOf, r.modified_at AS modifiedAt
  FROM conflicts c JOIN source_holdings r ON r.holding_id = c.holding_id
  WHERE c.id IN (SELECT value FROM json_each(?)) AND r.valid_to_op IS NULL`;
const RECORD_DATES = `SELECT DISTINCT r.id, r.record_id AS subjectId, r.connection_id AS connectionId, r.as_of AS asOf, r.modified_at AS modifiedAt
  FROM conflicts c JOIN record_sources r ON r.record_id = c.record_id WHERE c.id IN (SELECT value FROM json_each(?))`;

/** Loads conflicts by id, in the order given. Unknown ids throw `not_found`. */
export function loadSubjects(db: ReadDb, ids: readonly number[]): Subject[] {
  const connections = new Map(
    (
      db.prepare('SELECT id, name, survivorship_rank AS rank FROM connections').all() as {
        id: number;
        name: string;
        rank: number;
      }[]
    ).map((c) => [c.id, c]),
  );
  const rows = db.prepare(
    `SELECT c.id, c.holding_id AS holdingId, c.record_id AS recordId, r.stream, c.field, c.status, c.version, c.sources AS said, a.name AS account,
       coalesce(s.name, '') AS security, coalesce(h.currency, r.currency) AS currency, coalesce(s.multiplier, '1') AS multiplier,
       coalesce(h.status, r.status) AS bookStatus, coalesce(h.quantity, r.quantity) AS quantity, coalesce(h.price, r.price) AS price,
       coalesce(h.market_value, r.market_value) AS marketValue, coalesce(h.cost_basis, r.cost_basis) AS costBasis, r.cash, r.rate AS return,
       coalesce(h.origin, r.origin) AS origin, coalesce(h.field_origins, r.field_origins) AS fieldOrigins
     FROM json_each(?) j JOIN conflicts c ON c.id = j.value LEFT JOIN holdings h ON h.id = c.holding_id LEFT JOIN book_records r ON r.id = c.record_id
     JOIN accounts a ON a.id = coalesce(h.account_id, r.account_id) LEFT JOIN securities s ON s.id = coalesce(h.security_id, r.security_id)`,
  );
  const subjects: Subject[] = [];
  for (let start = 0; start < ids.length; start += CHUNK) {
    const chunk = JSON.stringify(ids.slice(start, start + CHUNK));
    const dates = { position: readDates(db, POSITION_DATES, chunk), record: readDates(db, RECORD_DATES, chunk) };
    for (const { said, holdingId, recordId, ...row } of rows.all(chunk) as Row[]) {
      const ref: SubjectRef = holdingId === null ? { kind: 'record', id: recordId ?? 0 } : { kind: 'position', id: holdingId };
      const current = dates[ref.kind].get(ref.id) ?? [];
      // The values in dispute are the ones last compared; the source's own dates come from its current record.
      const stated = JSON.parse(said) as [number, string | null, string | null][];
      subjects.push({
        ...row,
        ref,
        sources: stated.map(([connectionId, value, asOf]) => {
          const record = current.find((s) => s.connectionId === connectionId);
          return {
            connectionId,
            name: connections.get(connectionId)?.name ?? 'A platform',
            rank: connections.get(connectionId)?.rank ?? Number.MAX_SAFE_INTEGER,
            value,
            asOf: record?.asOf ?? asOf,
            modifiedAt: record?.modifiedAt ?? null,
          };
        }),
      });
    }
  }
  if (subjects.length !== ids.length)
    throw new AppError('not_found', 'Some of these conflicts no longer exist. Refresh the list and try again.');
  return subjects;
}

/** Clearway's value of the field in dispute, now. */
export const clearwayOf = (subject: Subject): string | null =>
  subject.field === 'presence' ? subject.bookStatus : subject[subject.field];

export const toleranceOf = (field: ConflictField, tolerances: Tolerances) =>
  field === 'presence' ? null : valueTolerances(tolerances)[field];
