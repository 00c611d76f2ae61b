import type { Dec } from '../../shared/model/decimal.ts';
import type { Tolerances, ValueField } from '../../shared/model/holding.ts';
import { STREAM_FIELDS, type RecordStream } from '../../shared/model/record.ts';
import type { ValuesOf } from '../core/position.ts';
import { valueTolerances } from '../core/tolerance.ts';
import type { WritableDb } from '../store/handles.ts';
import { createConflictWriter } from './conflict-writer.ts';
import { CONFLICT_FACTS, conflictsByField, nested, type ConflictFacts } from './page-view.ts';
import { createValueWriter, type JudgedPage, type MergeCounts } from './value-writer.ts';

type Values = ValuesOf<ValueField>;

interface BookRecord extends Values {
  readonly id: number;
  readonly currency: string;
  readonly asOf: string | null;
  readonly origin: string;
  readonly fieldOrigins: string | null;
  readonly openingBase: null;
  readonly multiplier: Dec;
}

/** What one record of a source says of a record of the book. */
interface RecordReport extends Values {
  readonly recordId: number;
  readonly connectionId: number;
  readonly currency: string | null;
  readonly asOf: string;
}

/** A thing the book learns of from a source. */
export interface NewRecord extends Partial<Values> {
  readonly accountId: number;
  readonly securityId: number | null;
  /** What makes it this one, where its facts do; null where it is told by matching. */
  readonly key: string | null;
  readonly kind: string;
  readonly date: string | null;
  readonly from: string | null;
  readonly currency: string;
  readonly asOf: string;
}

export interface RecordBook {
  readonly stream: RecordStream;
  /** Adds a record with the source's values; answers its id. */
  add(record: NewRecord): number;
  /** How the source describes these records now; call it before its reports change, and judge with the answer afterwards. */
  before(recordIds: readonly number[]): Before;
  /** Applies the three-way rule to records after the source's reports of them changed, came or ended. */
  judge(before: Before): void;
}

/** Record -> what the source said of it; none where it is the source's first report. */
export type Before = ReadonlyMap<number, readonly RecordReport[]>;

export interface RecordMergeContext {
  readonly connectionId: number;
  readonly operationId: number;
  readonly batchId: number;
  readonly tolerances: Tolerances;
  readonly counts: MergeCounts;
  readonly now: string;
}

const CHUNK = 5000;
const VALUES = 'quantity, price, market_value AS marketValue, cost_basis AS costBasis, cash, rate AS return';
const IDS = 'IN (SELECT value FROM json_each(?))';

/** The book's records of one kind during a merge (docs/architecture.md). Must be used inside the merge's transaction. */
export function createRecordBook(db: WritableDb, stream: RecordStream, context: RecordMergeContext): RecordBook {
  const { connectionId, operationId, batchId } = context;
  const writer = createValueWriter<ValueField, BookRecord, RecordReport>(db, {
    kind: 'record',
    fields: STREAM_FIELDS[stream],
    several: 'parts',
    connectionId,
    operationId,
    tolerances: valueTolerances(context.tolerances),
    conflicts: createConflictWriter(db, 'record', operationId, context.now),
    counts: context.counts,
  });
  const insert = db.prepare(
    `INSERT INTO book_records (stream, account_id, security_id, record_key, kind, on_date, from_date, quantity, price, market_value,
       cost_basis, cash, rate, currency, as_of, origin, created_batch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const reportsOf = db.prepare(
    `SELECT record_id AS recordId, connection_id AS connectionId, ${VALUES}, currency, as_of AS asOf FROM record_sources
     WHERE record_id ${IDS} ORDER BY id`,
  );
  const origin = `s:${connectionId}:${operationId}`;
  // Made in this merge out of this source's own words: there is nothing to judge.
  const added = new Set<number>();

  function view(ids: readonly number[]): JudgedPage<ValueField, BookRecord, RecordReport> {
    const asked = JSON.stringify(ids);
    const rows = db
      .prepare(
        `SELECT r.id, ${VALUES.replaceAll(/\b(quantity|price|market_value|cost_basis|cash|rate)\b/g, 'r.$1')}, r.currency, r.as_of AS asOf, r.origin,
           r.field_origins AS fieldOrigins, NULL AS openingBase, coalesce(s.multiplier, '1') AS multiplier
         FROM book_records r LEFT JOIN securities s ON s.id = r.security_id WHERE r.id ${IDS}`,
      )
      .all(asked) as BookRecord[];
    const reports = reportsOf.all(asked) as RecordReport[];
    const bases = db
      .prepare(`SELECT record_id AS subjectId, field, value FROM record_bases WHERE record_id ${IDS} AND connection_id = ?`)
      .all(asked, connectionId) as { subjectId: number; field: ValueField; value: Dec | null }[];
    const conflicts = db
      .prepare(
        `SELECT record_id AS subjectId, ${CONFLICT_FACTS} FROM conflicts
         WHERE record_id ${IDS} AND status <> 'healed' ORDER BY id`,
      )
      .all(asked) as ConflictFacts[];
    return {
      rows: new Map(rows.map((row) => [String(row.id), row])),
      sources: Map.groupBy(reports, (report) => report.recordId),
      bases: nested(bases),
      ...conflictsByField(conflicts),
    };
  }

  return {
    stream,
    add(r) {
      const id = insert.run(
        stream,
        r.accountId,
        r.securityId,
        r.key,
        r.kind,
        r.date,
        r.from,
        r.quantity ?? null,
        r.price ?? null,
        r.marketValue ?? null,
        r.costBasis ?? null,
        r.cash ?? null,
        r.return ?? null,
        r.currency,
        r.asOf,
        origin,
        batchId,
      ).lastInsertRowid as number;
      added.add(id);
      return id;
    },
    before(recordIds) {
      const asked = recordIds.filter((id) => !added.has(id));
      const reports = (asked.length === 0 ? [] : reportsOf.all(JSON.stringify(asked))) as RecordReport[];
      const own = Map.groupBy(
        reports.filter((report) => report.connectionId === connectionId),
        (report) => report.recordId,
      );
      return new Map(asked.map((id) => [id, own.get(id) ?? []]));
    },
    judge(before) {
      // What a person put there stays, whoever stops listing it.
      const ids = JSON.stringify([...before.keys()]);
      db.prepare(
        `UPDATE book_records SET status = CASE status WHEN 'held' THEN 'withdrawn' ELSE 'held' END, version = version + 1
         WHERE id ${IDS} AND (id IN (SELECT record_id FROM record_sources WHERE record_id ${IDS})) = (status = 'withdrawn')
           AND (status = 'withdrawn' OR coalesce(field_origins, '') NOT LIKE '%"b:%')`,
      ).run(ids, ids);
      const all = [...before.keys()];
      for (let start = 0; start < all.length; start += CHUNK) {
        const page = view(all.slice(start, start + CHUNK));
        for (const row of page.rows.values()) {
          const reported = page.sources.get(row.id)?.some((report) => report.connectionId === connectionId) ?? false;
          if (reported) writer.merge(page, String(row.id), row, before.get(row.id) ?? []);
          else writer.review(page, row);
        }
      }
    },
  };
}
