import type { Dec } from '../../shared/model/decimal.ts';
import type { ValueField } from '../../shared/model/holding.ts';
import { conflictSize } from '../core/conflict-size.ts';
import { inCurrency, signatureOf, summed, type SourceValues } from '../core/source-record.ts';
import type { SubjectKind, SubjectRef } from '../core/subject.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';

type Said = Partial<Readonly<Record<ValueField, Dec | null>>>;

interface OpenRow extends Said {
  readonly id: number;
  readonly subjectId: number;
  readonly field: ValueField;
  readonly signature: string;
  readonly clearway: string | null;
  readonly currency: string;
  readonly multiplier: Dec;
}
interface RecordRow extends Said {
  readonly subjectId: number;
  readonly connectionId: number;
  readonly currency: string | null;
  readonly asOf: string;
}

/** What the sources say of some positions or records now, and the undecided value conflicts about them. */
const QUERIES: Readonly<Record<SubjectKind, { readonly said: string; readonly open: string }>> = {
  position: {
    said: `SELECT holding_id AS subjectId, connection_id AS connectionId, quantity, price, market_value AS marketValue, cost_basis AS costBasis,
        currency, as_of AS asOf
      FROM source_holdings WHERE holding_id IN (SELECT value FROM json_each(?)) AND valid_to_op IS NULL ORDER BY connection_id, id`,
    open: `SELECT c.id, c.holding_id AS subjectId, c.field, c.signature, c.clearway, h.currency, h.quantity, h.price,
        h.market_value AS marketValue, h.cost_basis AS costBasis, s.multiplier
      FROM conflicts c JOIN holdings h ON h.id = c.holding_id JOIN securities s ON s.id = h.security_id
      WHERE c.holding_id IN (SELECT value FROM json_each(?)) AND c.status IN ('open', 'review') AND c.field <> 'presence'`,
  },
  record: {
    said: `SELECT record_id AS subjectId, connection_id AS connectionId, quantity, price, market_value AS marketValue, cost_basis AS costBasis,
        cash, rate AS return, currency, as_of AS asOf
      FROM record_sources WHERE record_id IN (SELECT value FROM json_each(?)) ORDER BY connection_id, id`,
    open: `SELECT c.id, c.record_id AS subjectId, c.field, c.signature, c.clearway, r.currency, r.quantity, r.price, r.market_value AS marketValue,
        r.cost_basis AS costBasis, r.cash, r.rate AS return, coalesce(s.multiplier, '1') AS multiplier
      FROM conflicts c JOIN book_records r ON r.id = c.record_id LEFT JOIN securities s ON s.id = r.security_id
      WHERE c.record_id IN (SELECT value FROM json_each(?)) AND c.status IN ('open', 'review')`,
  },
};

/** What the sources say now, by position or record and connection. */
function readSaid(db: ReadDb, kind: SubjectKind, ids: string): Map<number, Map<number, RecordRow[]>> {
  const said = new Map<number, Map<number, RecordRow[]>>();
  for (const row of db.prepare(QUERIES[kind].said).all(ids) as RecordRow[]) {
    const sources = said.get(row.subjectId) ?? new Map<number, RecordRow[]>();
    sources.set(row.connectionId, [...(sources.get(row.connectionId) ?? []), row]);
    said.set(row.subjectId, sources);
  }
  return said;
}

/**
 * Brings the undecided value conflicts of positions and records up to date after a person changed something: they then show
 * what Clearway and every source say now, and what the difference is worth. Those that are right already stay untouched.
 */
export function refreshConflicts(db: WritableDb, subjects: readonly SubjectRef[]): void {
  for (const kind of ['position', 'record'] as const) {
    const ids = new Set(subjects.filter((s) => s.kind === kind).map((s) => s.id));
    if (ids.size > 0) refreshKind(db, kind, JSON.stringify([...ids]));
  }
}

function refreshKind(db: WritableDb, kind: SubjectKind, ids: string): void {
  const open = db.prepare(QUERIES[kind].open).all(ids) as OpenRow[];
  if (open.length === 0) return;
  const said = readSaid(db, kind, ids);
  const update = db.prepare(
    `UPDATE conflicts SET clearway = ?, signature = ?, sources = ?, severity = ?, difference = ?, difference_percent = ?, impact = ?,
       version = version + 1 WHERE id = ?`,
  );
  for (const row of open) {
    const { field } = row;
    const clearway = row[field] ?? null;
    const sources: SourceValues = [...(said.get(row.subjectId) ?? [])].map(([connectionId, rows]) => {
      const sum = summed(rows.map((r) => inCurrency(r, row.currency)));
      return [connectionId, sum?.[field] ?? null, sum?.asOf ?? null];
    });
    const signature = signatureOf(sources);
    if (signature === row.signature && row.clearway === clearway) continue;
    const size = conflictSize({
      field,
      clearway,
      sources: sources.map((s) => s[1]),
      quantity: row.quantity ?? null,
      price: row.price ?? null,
      marketValue: row.marketValue ?? null,
      multiplier: row.multiplier,
    });
    update.run(
      clearway,
      signature,
      JSON.stringify(sources),
      size.severity,
      size.difference,
      size.differencePercent,
      size.impact,
      row.id,
    );
  }
}
