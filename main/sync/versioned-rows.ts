import { AppError } from '../../shared/contract/errors.ts';
import type { WritableDb } from '../store/handles.ts';
import type { NewRecord, RecordBook } from './record-book.ts';

type Value = string | number | null;

/** A table of record versions: one row per version, current while `valid_to_op` is null. Names come from the code alone. */
export interface VersionedTable {
  readonly name: string;
  /** What a record says. A change in any of the first `compared` makes a new version, the others follow it. */
  readonly content: readonly string[];
  readonly compared?: number;
  /** Ids of the book beside it, which do not make a version. */
  readonly links: readonly string[];
  /** What the records are, for the sentence of a pass that was stopped: `transactions`. */
  readonly noun: string;
}

export interface VersionedRow {
  readonly externalId: string;
  readonly content: readonly Value[];
  readonly links: () => readonly (number | null)[];
  readonly payloadId: number;
  readonly place: string;
  /** What it is in the book, where such records stand under the three-way rule; null while an account or security is not linked. */
  readonly record?: () => NewRecord | null;
}

/** What a pass lists completely, as a condition on the table’s current rows: what is not listed there any more is gone. */
export interface Covered {
  readonly index: string;
  readonly where: string;
  readonly params: readonly string[];
}

export interface VersionedPass {
  readonly connectionId: number;
  readonly operationId: number;
  readonly rows: readonly VersionedRow[];
  /** Null when the pass says nothing of the kind. */
  readonly covered: Covered | null;
  readonly acceptShrink: boolean;
  /** Whether the pass named this record or account but could not read it: what is known of it then stays. */
  readonly isSetAside: (externalId: string) => boolean;
  /** Ties the records to the book and applies the three-way rule to them. */
  readonly ties?: RecordTies;
}

export interface RecordTies {
  readonly book: RecordBook;
  /** The book's record of each, found or made, in the order given. `before` is the one the source's last version was tied to. */
  readonly tie: (records: readonly { readonly record: NewRecord; readonly before: number | null }[]) => number[];
}

/** A pass that would remove more than one in five records of what it covers, and more than ten, stops and asks. */
const SHRINK_SHARE = 5;
const SHRINK_LEAST = 10;

interface Stored {
  readonly id: number;
  readonly externalId: string;
  readonly recordId: number | null;
  readonly content: readonly Value[];
}
interface Changed {
  readonly row: VersionedRow;
  readonly before: Stored | undefined;
  /** Says what it said, but can be tied to the book only now. */
  readonly onlyTied: boolean;
  readonly record: NewRecord | null;
}

/**
 * Versions the records a pass carried: unchanged ones write nothing, and those the source no longer lists end only inside
 * what the pass covers completely. Throws `suspicious_shrink` when too many would.
 */
export function mergeVersions(db: WritableDb, table: VersionedTable, pass: VersionedPass): void {
  const { connectionId, operationId, rows, covered, ties } = pass;
  if (rows.length === 0 && covered === null) return;
  const { known, listed } = currentRows(db, table, pass);
  const seen = new Set<number>();
  const changed = changesOf(table, rows, known, seen, ties !== undefined);
  const accountAt = table.content.indexOf('account_external_id');
  const gone = listed.filter(
    ({ id, externalId, content }) =>
      !seen.has(id) && !pass.isSetAside(externalId) && !pass.isSetAside(String(content[accountAt])),
  );
  if (!pass.acceptShrink && gone.length > SHRINK_LEAST && gone.length * SHRINK_SHARE > listed.length)
    throw new AppError(
      'suspicious_shrink',
      `This pass would remove ${gone.length} of ${listed.length} ${table.noun}, so it was stopped and nothing was changed. If that is right, sync again and accept it.`,
      { details: { removed: gone.length, total: listed.length } },
    );

  const tied = changed.filter((c): c is Changed & { record: NewRecord } => c.record !== null);
  const ids = ties?.tie(tied.map(({ record, before }) => ({ record, before: before?.recordId ?? null }))) ?? [];
  const recordOf = new Map<Changed, number | null>(tied.map((c, i) => [c, ids[i] ?? null]));
  const touched = new Set([...recordOf.values(), ...changed.map((c) => c.before?.recordId), ...gone.map((g) => g.recordId)]);
  const judged = ties?.book.before([...touched].filter((id): id is number => id != null));

  const end = db.prepare(`UPDATE ${table.name} SET valid_to_op = ? WHERE id = ?`);
  const own = ties ? ['record_id'] : [];
  const columns = [
    'connection_id',
    'external_id',
    'payload_id',
    'place',
    'valid_from_op',
    ...own,
    ...table.links,
    ...table.content,
  ];
  const insert = db.prepare(`INSERT INTO ${table.name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  const tieAgain =
    ties && db.prepare(`UPDATE ${table.name} SET ${[...own, ...table.links].map((c) => `${c} = ?`).join(', ')} WHERE id = ?`);
  for (const change of changed) {
    const { row, before, onlyTied } = change;
    const record = ties ? [recordOf.get(change) ?? null] : [];
    if (onlyTied) tieAgain?.run(...record, ...row.links(), before?.id);
    else {
      if (before) end.run(operationId, before.id);
      insert.run(connectionId, row.externalId, row.payloadId, row.place, operationId, ...record, ...row.links(), ...row.content);
    }
  }
  for (const { id } of gone) end.run(operationId, id);
  if (ties && judged) ties.book.judge(judged);
}

function changesOf(
  table: VersionedTable,
  rows: readonly VersionedRow[],
  known: ReadonlyMap<string, Stored>,
  seen: Set<number>,
  tied: boolean,
): Changed[] {
  const compared = table.compared ?? table.content.length;
  const carried = new Set<string>();
  const changed: Changed[] = [];
  for (const row of rows) {
    // A resumed pass may carry a record twice, and the first is as good as the second.
    if (carried.size === carried.add(row.externalId).size) continue;
    const before = known.get(row.externalId);
    if (before) seen.add(before.id);
    const same = before !== undefined && row.content.every((value, i) => i >= compared || value === before.content[i]);
    if (same && (!tied || before.recordId !== null)) continue;
    const record = row.record?.() ?? null;
    if (!same || record !== null) changed.push({ row, before, onlyTied: same, record });
  }
  return changed;
}

/** What the connection says now about everything the pass may touch, in two queries. */
function currentRows(
  db: WritableDb,
  table: VersionedTable,
  { connectionId, rows, covered, ties }: VersionedPass,
): { known: Map<string, Stored>; listed: Stored[] } {
  const select = `SELECT id, external_id, ${ties ? 'record_id' : 'NULL'}, ${table.content.join(', ')} FROM ${table.name}`;
  const current = 'connection_id = ? AND valid_to_op IS NULL';
  type Raw = [id: number, externalId: string, recordId: number | null, ...content: Value[]];
  const toStored = ([id, externalId, recordId, ...content]: Raw): Stored => ({ id, externalId, recordId, content });
  const listed =
    covered === null
      ? []
      : (db
          .prepare(`${select} INDEXED BY ${covered.index} WHERE ${current} AND ${covered.where}`)
          .raw()
          .all(connectionId, ...covered.params) as Raw[]);
  const known = new Map(listed.map((row) => [row[1], toStored(row)]));
  const others = rows.filter(({ externalId }) => !known.has(externalId)).map(({ externalId }) => externalId);
  const named = db
    .prepare(`${select} WHERE ${current} AND external_id IN (SELECT value FROM json_each(?))`)
    .raw()
    .all(connectionId, JSON.stringify(others)) as Raw[];
  const all = [...known.values()];
  for (const row of named) known.set(row[1], toStored(row));
  return { known, listed: all };
}
