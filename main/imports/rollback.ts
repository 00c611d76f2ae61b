import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import type { WritableDb } from '../store/handles.ts';
import type { WriteContext } from '../store/run-job.ts';
import type { Change, LoggedTable } from './change-log.ts';
import { readImportItems } from './import-items.ts';
import { readImport, type ImportedFile } from './imported-file.ts';
import { closeEmptyInstitution } from './institution.ts';
import { rollbackObstacles, type Obstacle } from './rollback-obstacles.ts';
import { createStoredRows, type StoredRows } from './stored-row.ts';
import { transit } from '../sync/operation-status.ts';

/** Rows that others point at come last. */
const ORDER: readonly LoggedTable[] = [
  'source_transactions',
  'source_holdings',
  'conflicts',
  'holding_bases',
  'holdings',
  'record_bases',
  'book_records',
  'account_links',
  'security_links',
  'accounts',
  'securities',
];

// A decision that was undone can be redone, and ids of removed rows are given out again: what it names has to stay.
const inDecisions = (kind: 'conflict' | 'holding'): string =>
  `(SELECT count(*) FROM batch_items i JOIN batches b ON b.id = i.batch_id
    WHERE i.kind = '${kind}' AND i.subject_id = @a AND b.kind IN ('decision', 'edit', 'fix'))`;

/** Counts what still needs a row that the import made, so that it has to stay. */
const USES: Readonly<Partial<Record<LoggedTable, string>>> = {
  conflicts: `SELECT (SELECT count(*) FROM comments WHERE conflict_id = @a) + ${inDecisions('conflict')}`,
  holdings: `SELECT (SELECT count(*) FROM conflicts WHERE holding_id = @a) + (SELECT count(*) FROM breaks WHERE holding_id = @a)
    + (SELECT count(*) FROM source_holdings WHERE holding_id = @a) + ${inDecisions('holding')}`,
  book_records: `SELECT (SELECT count(*) FROM conflicts WHERE record_id = @a) + (SELECT count(*) FROM source_transactions WHERE record_id = @a)
    + (SELECT count(*) FROM source_performance WHERE record_id = @a) + (SELECT count(*) FROM source_tax_lots WHERE record_id = @a)`,
  account_links: `SELECT (SELECT count(*) FROM source_holdings WHERE connection_id = @a AND account_external_id = @b AND valid_to_op IS NULL)
    + (SELECT count(*) FROM source_transactions WHERE connection_id = @a AND account_external_id = @b AND valid_to_op IS NULL)`,
  security_links: `SELECT (SELECT count(*) FROM source_holdings WHERE connection_id = @a AND security_external_id = @b AND valid_to_op IS NULL)
    + (SELECT count(*) FROM source_transactions WHERE connection_id = @a AND security_external_id = @b AND valid_to_op IS NULL)`,
  accounts: `SELECT (SELECT count(*) FROM account_links WHERE account_id = @a) + (SELECT count(*) FROM holdings WHERE account_id = @a)
    + (SELECT count(*) FROM breaks WHERE account_id = @a) + (SELECT count(*) FROM source_transactions WHERE account_id = @a)
    + (SELECT count(*) FROM book_records WHERE account_id = @a) + (SELECT count(*) FROM source_tax_lots WHERE account_id = @a)`,
  securities: `SELECT (SELECT count(*) FROM security_links WHERE security_id = @a) + (SELECT count(*) FROM holdings WHERE security_id = @a)
    + (SELECT count(*) FROM breaks WHERE security_id = @a) + (SELECT count(*) FROM source_transactions WHERE security_id = @a)
    + (SELECT count(*) FROM book_records WHERE security_id = @a) + (SELECT count(*) FROM source_tax_lots WHERE security_id = @a)`,
};

/** Tables in which a row that a person has changed since is the person's, and stays. */
const MAY_BE_CLAIMED: ReadonlySet<LoggedTable> = new Set<LoggedTable>([
  'account_links',
  'security_links',
  'accounts',
  'securities',
]);

function createUses(db: WritableDb, table: LoggedTable): (change: Change) => number {
  const sql = USES[table];
  if (sql === undefined) return () => 0;
  const uses = db.prepare(sql).pluck();
  return ({ key: [a, b] }) => uses.get({ a, b }) as number;
}

/** What was made and cannot go is emptied instead: a conflict is closed, a position is not held, a record is withdrawn. */
function retire(db: WritableDb, { table, key }: Change, now: string): void {
  if (table === 'conflicts')
    db.prepare("UPDATE conflicts SET status = 'healed', closed_at = ?, version = version + 1 WHERE id = ?").run(now, key[0]);
  if (table === 'book_records')
    db.prepare(
      `UPDATE book_records SET status = 'withdrawn', version = version + 1
       WHERE id = @id AND NOT EXISTS (SELECT 1 FROM record_sources WHERE record_id = @id)`,
    ).run({ id: key[0] });
  if (table === 'holdings')
    db.prepare(
      `UPDATE holdings SET status = 'not_held', quantity = NULL, price = NULL, market_value = NULL, cost_basis = NULL, version = version + 1
       WHERE id = ?`,
    ).run(key[0]);
}

function reverseChanges(
  db: WritableDb,
  rows: StoredRows,
  changes: readonly Change[],
  now: string,
): { removed: number; restored: number } {
  const byTable = Map.groupBy(changes, (change) => change.table);
  // Otherwise the next position or conflict with the same id would have imports in its history that never touched it.
  const forget = db.prepare('DELETE FROM batch_items WHERE kind = ? AND subject_id = ?');
  let removed = 0;
  let restored = 0;
  for (const table of ORDER) {
    const own = byTable.get(table) ?? [];
    const usesOf = createUses(db, table);
    // What is gone makes room for what comes back: one current record, one open conflict.
    for (const change of own.filter((c) => c.before === null)) {
      const claimed = MAY_BE_CLAIMED.has(table) && !rows.standsAsLeft(change);
      if (claimed) continue;
      if (usesOf(change) > 0) retire(db, change, now);
      else {
        rows.remove(change);
        if (table === 'holdings') forget.run('holding', change.key[0]);
        if (table === 'conflicts') forget.run('conflict', change.key[0]);
      }
      if (table === 'source_holdings' || table === 'source_transactions') removed += 1;
    }
    for (const change of own.filter((c) => c.before !== null)) {
      if (MAY_BE_CLAIMED.has(table) && !rows.standsAsLeft(change)) continue;
      rows.putBack(change);
      if (table === 'holdings') restored += 1;
    }
  }
  return { removed, restored };
}

function refuse(file: ImportedFile, obstacles: readonly Obstacle[]): never {
  const reasons = obstacles.slice(0, 3).map(({ reason, count }) => `${reason} (${count})`);
  const more = obstacles.length > reasons.length ? ` and ${obstacles.length - reasons.length} more reasons` : '';
  throw new AppError(
    'later_decisions',
    `${file.fileName} can only be taken back as a whole, and parts of it were changed since. Nothing was taken back. ${reasons.join('; ')}${more}.`,
    { details: { blocked: obstacles } },
  );
}

/** Positions keep the rollback in their history; those the import had made are gone. */
function keepHistory(db: WritableDb, batchId: number, changes: readonly Change[]): void {
  const insert = db.prepare(
    "INSERT INTO batch_items (batch_id, seq, kind, subject_id, before, after) VALUES (?, ?, 'holding', ?, ?, ?)",
  );
  const restored = changes.filter((c) => c.table === 'holdings' && c.before !== null);
  for (const [seq, { key, before, after }] of restored.entries())
    insert.run(batchId, seq, key[0], JSON.stringify(after), JSON.stringify(before));
}

/**
 * Takes an import back as a whole, in the caller's transaction. Throws `not_found`, `already_undone`, or `later_decisions`
 * with counts and reasons when anything it did was changed since; then nothing is taken back. The stored file and what was
 * set aside from it stay as history, as do rows that something else needs by now.
 */
export function rollBackImport(
  db: WritableDb,
  { id }: HandlerInput<'imports.rollback'>,
  context: WriteContext,
): Output<'imports.rollback'> {
  const file = readImport(db, Number(id));
  if (!file) throw new AppError('not_found', 'There is no such import. Refresh the list.');
  if (file.rolledBackBy !== null) throw new AppError('already_undone', 'This import was rolled back already.');
  const { statements, changes } = readImportItems(db, file.batchId);
  const rows = createStoredRows(db);
  const obstacles = rollbackObstacles(db, file, statements, changes, rows);
  if (obstacles.length > 0) refuse(file, obstacles);

  const now = context.now();
  const { removed, restored } = reverseChanges(db, rows, changes, now);
  const batchId = db
    .prepare("INSERT INTO batches (uid, kind, actor, at, summary, items, undo_of) VALUES (?, 'undo', ?, ?, ?, ?, ?)")
    .run(context.uuid(), context.actor, now, `Rolled back: ${file.fileName}`.slice(0, 200), changes.length, file.batchId)
    .lastInsertRowid as number;
  keepHistory(db, batchId, changes);
  db.prepare('UPDATE batches SET undone_by = ? WHERE id = ?').run(batchId, file.batchId);
  db.prepare('UPDATE imports SET rolled_back_by = ? WHERE id = ?').run(batchId, file.id);
  transit(db, file.operationId, 'rolled_back', now);
  closeEmptyInstitution(db, file.connectionId, context);
  context.audit(`import ${file.id}`, { file: file.fileName, sha256: file.sha256, batch: batchId, removed, restored });
  return { batchId: String(batchId), removed, restored };
}
