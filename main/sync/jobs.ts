import { AppError } from '../../shared/contract/errors.ts';
import type { WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import { mergeOperation } from './merge.ts';
import { stagePage } from './stage.ts';

/** What the runner needs to know to go on with an operation. */
export interface OperationStart {
  readonly operationId: number;
  readonly connectionId: number;
  /** Pages staged so far: the number of the next one. */
  readonly pages: number;
  readonly cursor: string | null;
  readonly status: string;
}

const ACTIVE = ['queued', 'fetching', 'staged', 'merging'];
const ACTIVE_LIST = `('${ACTIVE.join("', '")}')`;

const START_COLUMNS = 'id AS operationId, connection_id AS connectionId, pages, cursor, status';

const isActive = ({ status }: OperationStart): boolean => ACTIVE.includes(status);
const alreadyRunning = (operationId?: number): AppError =>
  new AppError(
    'already_running',
    'This connection is syncing already. Wait for it to finish or cancel it.',
    operationId === undefined ? {} : { details: { operationId: String(operationId) } },
  );

function operationById(db: WritableDb, operationId: number): OperationStart {
  const row = db.prepare(`SELECT ${START_COLUMNS} FROM sync_operations WHERE id = ?`).get(operationId);
  if (row === undefined) throw new AppError('not_found', 'There is no such sync operation.');
  return row as OperationStart;
}

/** Opens an operation. The database itself refuses a second active one for the same connection. */
function begin(
  db: WritableDb,
  args: { connectionId: number; kind: 'sync' | 'import'; acceptShrink: boolean },
  context: JobContext,
): OperationStart {
  const connection = db.prepare('SELECT status FROM connections WHERE id = ?').get(args.connectionId) as
    | { status: string }
    | undefined;
  if (!connection || connection.status === 'disconnected') throw new AppError('not_found', 'There is no such connection.');
  const running = db
    .prepare(`SELECT id FROM sync_operations WHERE connection_id = ? AND status IN ${ACTIVE_LIST}`)
    .pluck()
    .get(args.connectionId);
  if (running !== undefined) throw alreadyRunning(running as number);
  const operationId = db
    .prepare(
      `INSERT INTO sync_operations (connection_id, kind, status, requested_by, started_at, accept_shrink) VALUES (?, ?, 'fetching', ?, ?, ?)`,
    )
    .run(args.connectionId, args.kind, context.actor, context.now(), args.acceptShrink ? 1 : 0).lastInsertRowid as number;
  return { operationId, connectionId: args.connectionId, pages: 0, cursor: null, status: 'fetching' };
}

/** Ends an operation that did not complete. What was staged stays for a retry unless the operation was cancelled. */
function fail(
  db: WritableDb,
  args: { operationId: number; code: string; message: string; needsSignIn: boolean },
  context: JobContext,
): null {
  const status = args.code === 'cancelled' ? 'cancelled' : 'failed';
  const changed = db
    .prepare(
      `UPDATE sync_operations SET status = ?, finished_at = ?, error_code = ?, error = ? WHERE id = ? AND status IN ${ACTIVE_LIST}
       RETURNING connection_id`,
    )
    .pluck()
    .get(status, context.now(), args.code, args.message.slice(0, 2000), args.operationId) as number | undefined;
  if (status === 'cancelled') db.prepare('DELETE FROM staged_pages WHERE operation_id = ?').run(args.operationId);
  if (args.needsSignIn && changed !== undefined)
    db.prepare("UPDATE connections SET status = 'needs_sign_in', updated_at = ? WHERE id = ? AND status = 'active'").run(
      context.now(),
      changed,
    );
  return null;
}

/** Takes a failed operation up again from its checkpoint. One that is at work is left to whoever works on it. */
function resume(db: WritableDb, args: { operationId: number; acceptShrink: boolean }): OperationStart {
  const row = operationById(db, args.operationId);
  if (isActive(row)) throw alreadyRunning();
  if (row.status !== 'failed')
    throw new AppError('not_possible', 'Only a failed sync can be taken up again. Start a new sync instead.');
  const other = db
    .prepare(`SELECT 1 FROM sync_operations WHERE connection_id = ? AND status IN ${ACTIVE_LIST}`)
    .get(row.connectionId);
  if (other !== undefined) throw alreadyRunning();
  return takeUp(db, row, args.acceptShrink);
}

function takeUp(db: WritableDb, row: OperationStart, acceptShrink: boolean): OperationStart {
  const complete = row.pages > 0 && row.cursor === null;
  db.prepare(
    `UPDATE sync_operations SET status = ?, finished_at = NULL, error_code = NULL, error = NULL, attempt = attempt + 1,
       accept_shrink = max(accept_shrink, ?) WHERE id = ?`,
  ).run(complete ? 'staged' : 'fetching', acceptShrink ? 1 : 0, row.operationId);
  return operationById(db, row.operationId);
}

/** Begins the fetching of an operation at work anew, because the platform forgot where it was. */
function startOver(db: WritableDb, { operationId }: { operationId: number }): OperationStart {
  const row = operationById(db, operationId);
  if (!isActive(row)) throw new AppError('cancelled', 'This sync was stopped; nothing of it was applied.');
  for (const table of ['staged_pages', 'quarantined_records'])
    db.prepare(`DELETE FROM ${table} WHERE operation_id = ?`).run(operationId);
  db.prepare(
    `UPDATE sync_operations SET status = 'fetching', attempt = attempt + 1, pages = 0, records = 0, cursor = NULL WHERE id = ?`,
  ).run(operationId);
  return operationById(db, operationId);
}

/** After a crash: every operation that was at work, ready to be taken up again. */
function recover(db: WritableDb): OperationStart[] {
  const rows = db.prepare(`SELECT ${START_COLUMNS} FROM sync_operations WHERE status IN ${ACTIVE_LIST} ORDER BY id`).all();
  return (rows as OperationStart[]).map((row) => takeUp(db, row, false));
}

/** Everything the sync engine writes. Each runs in one transaction on the writer thread. */
export const syncJobs = {
  'sync/begin': begin,
  'sync/stage': stagePage,
  'sync/merge': mergeOperation,
  'sync/fail': fail,
  'sync/resume': resume,
  'sync/start-over': startOver,
  'sync/recover': recover,
} as const;
export type SyncJobs = typeof syncJobs;
