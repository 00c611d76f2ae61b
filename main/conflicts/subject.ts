import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput } from '../../shared/contract/index.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import type { ConflictField, HoldingField, Tolerances } from '../../shared/model/holding.ts';
import type { SourceSay } from '../core/strategy.ts';
import { gridWhere } from '../store/grid-sql.ts';
import type { ReadDb } from '../store/handles.ts';
import { CONFLICT_FROM, CONFLICT_GRID, CONFLICT_SEARCH } from './columns.ts';

/** A conflict together with all a decision about it needs. */
export interface Subject {
  readonly id: number;
  readonly holdingId: number;
  readonly field: ConflictField;
  readonly status: 'open' | 'review' | 'settled' | 'healed';
  readonly version: number;
  readonly account: string;
  readonly security: string;
  readonly currency: string;
  readonly multiplier: Dec;
  readonly holdingStatus: 'held' | 'not_held';
  readonly quantity: Dec | null;
  readonly price: Dec | null;
  readonly marketValue: Dec | null;
  readonly costBasis: Dec | null;
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

interface Row extends Omit<Subject, 'sources'> {
  readonly said: string;
}

interface SourceRow extends Record<HoldingField, Dec | null> {
  readonly holdingId: number;
  readonly connectionId: number;
  readonly asOf: string;
  readonly modifiedAt: string | null;
}

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
    `SELECT c.id, c.holding_id AS holdingId, c.field, c.status, c.version, c.sources AS said, a.name AS account, s.name AS security,
       h.currency, s.multiplier, h.status AS holdingStatus, h.quantity, h.price, h.market_value AS marketValue,
       h.cost_basis AS costBasis, h.origin, h.field_origins AS fieldOrigins
     FROM json_each(?) j JOIN conflicts c ON c.id = j.value JOIN holdings h ON h.id = c.holding_id
     JOIN accounts a ON a.id = h.account_id JOIN securities s ON s.id = h.security_id`,
  );
  const sources = db.prepare(
    `SELECT DISTINCT r.id, r.holding_id AS holdingId, r.connection_id AS connectionId, r.quantity, r.price, r.market_value AS marketValue,
       r.cost_basis AS costBasis, r.as_of AS asOf, r.modified_at AS modifiedAt
     FROM conflicts c JOIN source_holdings r ON r.holding_id = c.holding_id
     WHERE c.id IN (SELECT value FROM json_each(?)) AND r.valid_to_op IS NULL`,
  );
  const subjects: Subject[] = [];
  for (let start = 0; start < ids.length; start += CHUNK) {
    const chunk = JSON.stringify(ids.slice(start, start + CHUNK));
    const live = new Map<number, SourceRow[]>();
    for (const row of sources.all(chunk) as SourceRow[]) live.set(row.holdingId, [...(live.get(row.holdingId) ?? []), row]);
    for (const { said, ...row } of rows.all(chunk) as Row[]) {
      const current = live.get(row.holdingId) ?? [];
      // The values in dispute are the ones last compared; the source's own dates come from its current record.
      const stated = JSON.parse(said) as [number, string | null, string | null][];
      subjects.push({
        ...row,
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
  subject.field === 'presence' ? subject.holdingStatus : subject[subject.field];

export const toleranceOf = (field: ConflictField, tolerances: Tolerances) => (field === 'presence' ? null : tolerances[field]);
