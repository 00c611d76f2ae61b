import { AppError } from '../../shared/contract/errors.ts';
import type { WritableDb } from '../store/handles.ts';
import type { Linked } from './identity.ts';

/** Into which connection and operation the records of a pass go, and how their accounts and securities are tied to the book. */
export interface MergeTarget {
  readonly connectionId: number;
  readonly operationId: number;
  readonly acceptShrink: boolean;
  readonly accountFor: (externalId: string) => Linked;
  readonly securityFor: (externalId: string) => Linked;
}

interface SourceRecord {
  readonly externalId: string;
  readonly accountExternalId: string;
  readonly securityExternalId: string | null;
  readonly currency: string | null;
  readonly place: string;
}

/** A table that holds one row per version of what a source lists beside its positions. */
export interface RecordTable<R extends SourceRecord> {
  readonly name: 'source_transactions' | 'source_tax_lots';
  /** As people call several of them. */
  readonly noun: string;
  /** Columns in the order of `content`: a change in any of the first `compared` makes a new version, the others follow it. */
  readonly columns: readonly string[];
  readonly compared: number;
  readonly content: (record: R, currency: string) => readonly (string | null)[];
}

/** What a pass lists completely, as a condition on the table’s current rows: what is not listed there any more is gone. */
export interface Covered {
  readonly index: string;
  readonly where: string;
  readonly params: readonly string[];
}

/** A pass that would remove more than one in five records of what it covers, and more than ten, stops and asks. */
const SHRINK_SHARE = 5;
const SHRINK_LEAST = 10;

type Stored = [id: number, externalId: string, ...content: (string | null)[]];
const CONTENT_AT = 2;

/**
 * Versions the records a pass carried: unchanged ones write nothing, and those the source no longer lists end only inside
 * what the pass covers completely (`covered`, null for nothing). Throws `suspicious_shrink`.
 */
export function versionRecords<R extends SourceRecord>(
  db: WritableDb,
  table: RecordTable<R>,
  records: readonly { readonly record: R; readonly payloadId: number }[],
  covered: Covered | null,
  target: MergeTarget,
): void {
  if (records.length === 0 && covered === null) return;
  const { connectionId, operationId } = target;
  const select = `SELECT id, external_id, ${table.columns.join(', ')} FROM ${table.name}`;
  const current = 'connection_id = ? AND valid_to_op IS NULL';
  const named = db
    .prepare(`${select} WHERE ${current} AND external_id IN (SELECT value FROM json_each(?))`)
    .raw()
    .all(connectionId, JSON.stringify(records.map(({ record }) => record.externalId))) as Stored[];
  const listed =
    covered === null
      ? []
      : (db
          .prepare(`${select} INDEXED BY ${covered.index} WHERE ${current} AND ${covered.where}`)
          .raw()
          .all(connectionId, ...covered.params) as Stored[]);
  const known = new Map([...named, ...listed].map((row) => [row[1], row]));

  const end = db.prepare(`UPDATE ${table.name} SET valid_to_op = ? WHERE id = ?`);
  const insert = db.prepare(
    `INSERT INTO ${table.name} (connection_id, external_id, account_id, security_id, payload_id, place, valid_from_op, ${table.columns.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ?${', ?'.repeat(table.columns.length)})`,
  );
  const currencyOf = createCurrencies(db);
  const seen = new Set<number>();
  const carried = new Set<string>();
  for (const { record, payloadId } of records) {
    // A resumed pass may carry a record twice, and the first is as good as the second.
    if (carried.size === carried.add(record.externalId).size) continue;
    const security = record.securityExternalId === null ? null : target.securityFor(record.securityExternalId);
    const content = table.content(record, record.currency ?? currencyOf(security));
    const before = known.get(record.externalId);
    if (before) seen.add(before[0]);
    if (before && content.every((value, i) => i >= table.compared || value === before[CONTENT_AT + i])) continue;
    if (before) end.run(operationId, before[0]);
    const account = target.accountFor(record.accountExternalId);
    insert.run(connectionId, record.externalId, account, security, payloadId, record.place, operationId, ...content);
  }

  const gone = listed.filter(([id]) => !seen.has(id));
  if (!target.acceptShrink && gone.length > SHRINK_LEAST && gone.length * SHRINK_SHARE > listed.length)
    throw new AppError(
      'suspicious_shrink',
      `This pass would remove ${gone.length} of ${listed.length} ${table.noun}, so it was stopped and nothing was changed. If that is right, sync again and accept it.`,
      { details: { removed: gone.length, total: listed.length } },
    );
  for (const [id] of gone) end.run(operationId, id);
}

const UNNAMED = 'USD';

/** The currency of amounts that no source names: that of their security in the book. */
function createCurrencies(db: WritableDb): (security: Linked) => string {
  const find = db.prepare('SELECT currency FROM securities WHERE id = ?').pluck();
  const known = new Map<number, string>();
  return (security) => {
    if (security === null) return UNNAMED;
    let currency = known.get(security);
    if (currency === undefined) known.set(security, (currency = (find.get(security) as string | undefined) ?? UNNAMED));
    return currency;
  };
}
