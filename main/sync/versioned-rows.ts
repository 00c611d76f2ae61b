import { AppError } from '../../shared/contract/errors.ts';
import type { WritableDb } from '../store/handles.ts';

type Value = string | number | null;

/** A table of record versions: one row per version, current while `valid_to_op` is null. Names come from the code alone. */
export interface VersionedTable {
  readonly name: string;
  /** What a record says; a version is unchanged when all of these are. */
  readonly content: readonly string[];
  /** Ids of the book beside it, which do not make a version. */
  readonly links: readonly string[];
  /** Column that a window is about, and the index that finds what lies in it. */
  readonly window: { readonly column: string; readonly index: string };
  /** What the records are, for the sentence of a pass that was stopped: `transactions`. */
  readonly noun: string;
}

export interface VersionedRow {
  readonly externalId: string;
  readonly content: readonly Value[];
  readonly links: () => readonly (number | null)[];
  readonly payloadId: number;
  readonly place: string;
}

export interface VersionedPass {
  readonly connectionId: number;
  readonly operationId: number;
  readonly rows: readonly VersionedRow[];
  /** From here on the pass lists all there are; null when it says nothing of the kind. */
  readonly from: string | null;
  readonly acceptShrink: boolean;
}

/** A pass that would remove more than one in five records of its window, and more than ten, stops and asks. */
const SHRINK_SHARE = 5;
const SHRINK_LEAST = 10;

type Stored = [id: number, externalId: string, windowed: string, ...content: Value[]];
const CONTENT_AT = 3;

/**
 * Versions the records a pass carried: unchanged ones write nothing, and those the source no longer lists end only inside
 * the window that the pass covers completely. Throws `suspicious_shrink` when too many would.
 */
export function mergeVersions(db: WritableDb, table: VersionedTable, pass: VersionedPass): void {
  const { connectionId, operationId, rows, from } = pass;
  if (rows.length === 0 && from === null) return;
  const current = currentRows(db, table, pass);
  const end = db.prepare(`UPDATE ${table.name} SET valid_to_op = ? WHERE id = ?`);
  const columns = ['connection_id', 'external_id', 'payload_id', 'place', 'valid_from_op', ...table.links, ...table.content];
  const insert = db.prepare(`INSERT INTO ${table.name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`);
  const seen = new Set<number>();
  const carried = new Set<string>();
  for (const row of rows) {
    // A resumed pass may carry a record twice, and the first is as good as the second.
    if (carried.size === carried.add(row.externalId).size) continue;
    const before = current.get(row.externalId);
    if (before) seen.add(before[0]);
    if (before && row.content.every((value, i) => value === before[CONTENT_AT + i])) continue;
    if (before) end.run(operationId, before[0]);
    insert.run(connectionId, row.externalId, row.payloadId, row.place, operationId, ...row.links(), ...row.content);
  }
  if (from === null) return;
  const inWindow = [...current.values()].filter(([, , windowed]) => windowed >= from);
  const gone = inWindow.filter(([id]) => !seen.has(id));
  if (!pass.acceptShrink && gone.length > SHRINK_LEAST && gone.length * SHRINK_SHARE > inWindow.length)
    throw new AppError(
      'suspicious_shrink',
      `This pass would remove ${gone.length} of ${inWindow.length} ${table.noun}, so it was stopped and nothing was changed. If that is right, sync again and accept it.`,
      { details: { removed: gone.length, total: inWindow.length } },
    );
  for (const [id] of gone) end.run(operationId, id);
}

/** What the connection says now about everything the pass may touch, in two queries. */
function currentRows(db: WritableDb, table: VersionedTable, { connectionId, rows, from }: VersionedPass): Map<string, Stored> {
  const select = `SELECT id, external_id, ${table.window.column}, ${table.content.join(', ')} FROM ${table.name}`;
  const named = db
    .prepare(`${select} WHERE connection_id = ? AND valid_to_op IS NULL AND external_id IN (SELECT value FROM json_each(?))`)
    .raw()
    .all(connectionId, JSON.stringify(rows.map(({ externalId }) => externalId))) as Stored[];
  const inWindow =
    from === null
      ? []
      : (db
          .prepare(
            `${select} INDEXED BY ${table.window.index} WHERE connection_id = ? AND valid_to_op IS NULL AND ${table.window.column} >= ?`,
          )
          .raw()
          .all(connectionId, from) as Stored[]);
  return new Map([...named, ...inWindow].map((row) => [row[1], row]));
}
