import { AppError } from '../../shared/contract/errors.ts';
import type { WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import { closeBreaker, endProbe, noteFailure, breakerOf } from './breaker.ts';
import { mergeOperation } from './merge.ts';
import { AT_WORK, LIVE, transit } from './operation-status.ts';
import {
  NEXT_ATTEMPT,
  PRIORITY,
  alreadyRunning,
  assertConnected,
  liveOperation,
  operationById,
  queueJobs,
} from './queue-jobs.ts';
import type { OperationStart } from './queue-jobs.ts';
import { retryWait } from './retry-rule.ts';
import { stagePage } from './stage.ts';

/** Opens an operation that is at work at once, past the queue. The database itself refuses a second one of its connection. */
function begin(
  db: WritableDb,
  args: { connectionId: number; kind: 'sync' | 'import'; acceptShrink: boolean },
  context: JobContext,
): OperationStart {
  assertConnected(db, args.connectionId);
  const live = liveOperation(db, args.connectionId);
  if (live !== undefined) throw alreadyRunning(live.id);
  const now = context.now();
  const operationId = db
    .prepare(
      `INSERT INTO sync_operations (connection_id, kind, status, requested_by, started_at, accept_shrink) VALUES (?, ?, 'fetching', ?, ?, ?)`,
    )
    .run(args.connectionId, args.kind, context.actor, now, args.acceptShrink ? 1 : 0).lastInsertRowid as number;
  // An import is one transaction: it has no attempts to tell of.
  if (args.kind === 'sync')
    db.prepare('INSERT INTO operation_attempts (operation_id, attempt, started_at) VALUES (?, 1, ?)').run(operationId, now);
  return operationById(db, operationId);
}

export interface FailArgs {
  readonly operationId: number;
  readonly code: string;
  readonly message: string;
  readonly needsSignIn: boolean;
}

/** Ends an operation that did not complete. What was staged stays for a retry unless the operation was cancelled. */
function fail(db: WritableDb, { operationId, code, message, needsSignIn }: FailArgs, context: JobContext): null {
  const { status, connectionId } = operationById(db, operationId);
  if (!LIVE.includes(status)) return null;
  const now = context.now();
  const cancelled = code === 'cancelled';
  transit(db, operationId, cancelled ? 'cancelled' : 'failed', now, {
    finished_at: now,
    error_code: code,
    error: message.slice(0, 2000),
    wait_reason: null,
    wait_until: null,
  });
  if (cancelled) db.prepare('DELETE FROM staged_pages WHERE operation_id = ?').run(operationId);
  if (needsSignIn)
    db.prepare("UPDATE connections SET status = 'needs_sign_in', updated_at = ? WHERE id = ? AND status = 'active'").run(
      now,
      connectionId,
    );
  return null;
}

/** What an attempt failed of: `passing` is tried again, `offline` and `budget` wait without counting as a failure. */
export type FailureKind = 'passing' | 'offline' | 'budget' | 'timed_out' | 'answered' | 'own';

export interface Failure {
  readonly operationId: number;
  readonly kind: FailureKind;
  readonly code: string;
  readonly message: string;
  /** Milliseconds the platform, or the request budget, asks to wait; null where nobody said. */
  readonly retryAfterMs: number | null;
  /** In [0, 1), for the jitter. */
  readonly fraction: number;
  readonly breakerAfter: number;
}

interface Standing {
  readonly retries: number;
  readonly until: (ms: number) => string;
}

/** What a failed attempt waits for before the next one; null when the operation is over. */
function waitOf(db: WritableDb, connectionId: number, failure: Failure, { retries, until }: Standing) {
  const { kind, retryAfterMs, fraction } = failure;
  if (kind === 'offline') return { reason: 'offline', until: null } as const;
  if (kind === 'budget') return { reason: 'budget', until: until(retryAfterMs ?? 0) } as const;
  // A probe asks once: with its retries it would be four times as loud as it should be.
  if (kind !== 'passing' || breakerOf(db, connectionId).state === 'half_open') return null;
  const ms = retryWait({ retries, retryAfterMs, fraction });
  return ms === null ? null : ({ reason: 'retry', until: until(ms) } as const);
}

/** Decides what becomes of an operation whose attempt failed: it waits for its next attempt, or it is over. */
function settle(db: WritableDb, failure: Failure, context: JobContext): 'queued' | 'failed' | 'cancelled' {
  const { operationId, kind, code, message, breakerAfter } = failure;
  const { status, connectionId } = operationById(db, operationId);
  if (!AT_WORK.includes(status)) return status === 'cancelled' ? 'cancelled' : 'failed';
  const now = context.now();
  const retries = db
    .prepare('SELECT max(0, attempt - first_attempt) FROM sync_operations WHERE id = ?')
    .pluck()
    .get(operationId) as number;
  const until = (ms: number): string => new Date(Date.parse(now) + ms).toISOString();
  const wait = waitOf(db, connectionId, failure, { retries, until });
  if (wait === null) {
    fail(db, { operationId, code, message, needsSignIn: code === 'needs_sign_in' }, context);
    if (kind === 'passing' || kind === 'timed_out') noteFailure(db, connectionId, now, breakerAfter);
    else if (kind === 'answered') closeBreaker(db, connectionId);
    else endProbe(db, connectionId);
    return code === 'cancelled' ? 'cancelled' : 'failed';
  }
  transit(db, operationId, 'put_back', now, {
    queued_at: now,
    wait_reason: wait.reason,
    wait_until: wait.until,
    error_code: code,
    error: message.slice(0, 2000),
  });
  if (kind !== 'passing') {
    db.prepare('UPDATE sync_operations SET first_attempt = first_attempt + 1 WHERE id = ?').run(operationId);
    endProbe(db, connectionId);
  }
  return 'queued';
}

/** Puts a failed operation back into the queue, to go on from its checkpoint. One that is at work is left to whoever works on it. */
function resume(db: WritableDb, args: { operationId: number; acceptShrink: boolean }, context: JobContext): OperationStart {
  const row = operationById(db, args.operationId);
  if (LIVE.includes(row.status)) throw alreadyRunning();
  if (row.status !== 'failed')
    throw new AppError('not_possible', 'Only a failed sync can be taken up again. Start a new sync instead.');
  if (liveOperation(db, row.connectionId) !== undefined) throw alreadyRunning();
  // What an older pass staged would take the place of what a newer one said.
  if (
    db
      .prepare("SELECT 1 FROM sync_operations WHERE connection_id = ? AND id > ? AND status = 'completed'")
      .get(row.connectionId, row.operationId)
  )
    throw new AppError('not_possible', 'A newer sync of this connection has completed since. Start a new sync instead.');
  transit(db, row.operationId, 'resumed', context.now(), {
    finished_at: null,
    error_code: null,
    error: null,
    priority: PRIORITY.person,
    queued_at: context.now(),
    requested_by: context.actor,
  });
  db.prepare(
    `UPDATE sync_operations SET accept_shrink = max(accept_shrink, ?), first_attempt = ${NEXT_ATTEMPT} WHERE id = ?`,
  ).run(args.acceptShrink ? 1 : 0, row.operationId);
  return operationById(db, row.operationId);
}

/** Begins the fetching of an operation at work anew, because the platform forgot where it was. */
function startOver(db: WritableDb, { operationId }: { operationId: number }, context: JobContext): OperationStart {
  if (!AT_WORK.includes(operationById(db, operationId).status))
    throw new AppError('cancelled', 'This sync was stopped; nothing of it was applied.');
  for (const table of ['staged_pages', 'quarantined_records'])
    db.prepare(`DELETE FROM ${table} WHERE operation_id = ?`).run(operationId);
  transit(db, operationId, 'started_over', context.now(), { pages: 0, records: 0, cursor: null });
  return operationById(db, operationId);
}

const merge: typeof mergeOperation = (db, args, context) => {
  const counts = mergeOperation(db, args, context);
  closeBreaker(db, operationById(db, args.operationId).connectionId);
  return counts;
};

/** Everything the sync engine writes. Each runs in one transaction on the writer thread. */
export const syncJobs = {
  ...queueJobs,
  'sync/begin': begin,
  'sync/stage': stagePage,
  'sync/merge': merge,
  'sync/fail': fail,
  'sync/settle': settle,
  'sync/resume': resume,
  'sync/start-over': startOver,
} as const;
export type SyncJobs = typeof syncJobs;
