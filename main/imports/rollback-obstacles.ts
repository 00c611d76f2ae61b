import type { ReadDb } from '../store/handles.ts';
import type { Change, LoggedTable } from './change-log.ts';
import type { ImportedStatement } from './import-items.ts';
import type { ImportedFile } from './imported-file.ts';
import type { StoredRows } from './stored-row.ts';

export interface Obstacle {
  readonly reason: string;
  readonly count: number;
}

/** Rows that mean something to a person or to other sources once the import changed them. Links and names are left or removed quietly. */
const GUARDED: ReadonlySet<LoggedTable> = new Set<LoggedTable>([
  'holdings',
  'holding_bases',
  'book_records',
  'record_bases',
  'conflicts',
  'source_holdings',
  'source_transactions',
]);
const LATER_SYNC = 'A later sync reported these positions again, so their earlier values are out of date';
const NEWER_CONFLICT = 'A newer conflict is open on the same value';

const isUndecided = (status: unknown): boolean => status === 'open' || status === 'review';
const ids = (numbers: Iterable<number>): string => JSON.stringify([...numbers]);

/** Operations merged after the import; an operation's own number only says when it was begun. */
const LATER_OPERATIONS = '(SELECT operation_id FROM batches WHERE id > @batch AND operation_id IS NOT NULL)';

function createCulprit(db: ReadDb, batchId: number): (holdingId: number) => string {
  const decision = db
    .prepare(
      `SELECT b.summary FROM batch_items i JOIN batches b ON b.id = i.batch_id
       WHERE b.id > @batch AND b.undone_by IS NULL AND b.kind IN ('decision', 'edit', 'fix', 'redo')
         AND ((i.kind = 'holding' AND i.subject_id = @holding)
           OR (i.kind = 'conflict' AND i.subject_id IN (SELECT id FROM conflicts WHERE holding_id = @holding)))
       ORDER BY b.id DESC LIMIT 1`,
    )
    .pluck();
  return (holding) => {
    const summary = decision.get({ batch: batchId, holding }) as string | undefined;
    return summary === undefined ? LATER_SYNC : `Changed since by “${summary}”: undo that first`;
  };
}

function laterImports(db: ReadDb, file: ImportedFile, statements: readonly ImportedStatement[]): Obstacle[] {
  const rows = db
    .prepare(
      `SELECT m.file_name AS fileName, count(*) AS count FROM imports m JOIN batch_items i ON i.batch_id = m.batch_id
       WHERE m.id > ? AND m.rolled_back_by IS NULL AND i.kind = 'source' AND i.subject_id = ?
         AND i.after ->> '$.statement' IN (SELECT value FROM json_each(?)) GROUP BY m.id ORDER BY m.id DESC`,
    )
    .all(file.id, file.connectionId, JSON.stringify(statements.map((s) => s.statement))) as { fileName: string; count: number }[];
  return rows.map(({ fileName, count }) => ({
    reason: `The later import ${fileName} has the same accounts: roll that back first`,
    count,
  }));
}

/**
 * Why an import cannot be taken back as a whole now: later imports of the same accounts, decisions and edits, and syncs that
 * reported the positions it changed. Empty when it can.
 */
export function rollbackObstacles(
  db: ReadDb,
  file: ImportedFile,
  statements: readonly ImportedStatement[],
  changes: readonly Change[],
  rows: StoredRows,
): Obstacle[] {
  const later = laterImports(db, file, statements);
  if (later.length > 0) return later;

  const culprit = createCulprit(db, file.batchId);
  const holdingOfConflict = db.prepare('SELECT holding_id FROM conflicts WHERE id = ?').pluck();
  const holdingOf = ({ table, key }: Change): number | null =>
    table === 'holdings' || table === 'holding_bases'
      ? Number(key[0])
      : table === 'conflicts'
        ? ((holdingOfConflict.get(key[0]) as number | undefined) ?? null)
        : null;
  /** One reason per position, or per record of the file. */
  const found = new Map<string, string>();
  const note = (subject: string, reason: string): void => void (found.has(subject) || found.set(subject, reason));

  for (const change of changes) {
    if (!GUARDED.has(change.table) || rows.standsAsLeft(change)) continue;
    const holding = holdingOf(change);
    if (holding === null) note(`${change.table} ${change.key.join()}`, LATER_SYNC);
    else note(`position ${holding}`, culprit(holding));
  }

  const touched = changes.filter((c) => c.table === 'holdings').map((c) => Number(c.key[0]));
  const made = new Set(changes.filter((c) => c.table === 'conflicts' && c.before === null).map((c) => Number(c.key[0])));
  const scope = { holdings: ids(touched), connection: file.connectionId, batch: file.batchId };
  const reported = db
    .prepare(
      `SELECT DISTINCT holding_id FROM source_holdings WHERE holding_id IN (SELECT value FROM json_each(@holdings))
         AND connection_id <> @connection AND (valid_from_op IN ${LATER_OPERATIONS} OR valid_to_op IN ${LATER_OPERATIONS})`,
    )
    .pluck()
    .all(scope) as number[];
  for (const holding of reported) note(`position ${holding}`, culprit(holding));

  const disputed = db
    .prepare(
      `SELECT id, holding_id AS holding FROM conflicts WHERE holding_id IN (SELECT value FROM json_each(@holdings)) AND status <> 'healed'
         AND opened_op IN ${LATER_OPERATIONS}`,
    )
    .all({ holdings: scope.holdings, batch: scope.batch }) as { id: number; holding: number }[];
  for (const { id, holding } of disputed) if (!made.has(id)) note(`position ${holding}`, culprit(holding));

  const rival = db
    .prepare(
      `SELECT 1 FROM conflicts c JOIN conflicts o ON (o.holding_id = c.holding_id OR o.record_id = c.record_id) AND o.field = c.field AND o.id <> c.id
       WHERE c.id = ? AND o.status IN ('open', 'review') AND o.id NOT IN (SELECT value FROM json_each(?))`,
    )
    .pluck();
  for (const change of changes) {
    const reopens =
      change.table === 'conflicts' && isUndecided(change.before?.['status']) && !isUndecided(change.after?.['status'] ?? 'open');
    if (reopens && rival.get(change.key[0], ids(made)) !== undefined) note(`position ${holdingOf(change) ?? 0}`, NEWER_CONFLICT);
  }

  return [...Map.groupBy(found.values(), (reason) => reason)].map(([reason, all]) => ({ reason, count: all.length }));
}
