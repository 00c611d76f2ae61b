import { AppError } from '../../shared/contract/errors.ts';
import { PLATFORMS } from '../../shared/model/holding.ts';
import type { WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import { beginProbe, breakerOf, endProbe } from './breaker.ts';
import { AT_WORK, LIVE, listed, transit, type OperationStatus } from './operation-status.ts';
import { outageNow } from './outage-jobs.ts';

/** What the runner needs to know to go on with an operation. */
export interface OperationStart {
  readonly operationId: number;
  readonly connectionId: number;
  /** Pages staged so far: the number of the next one. */
  readonly pages: number;
  readonly cursor: string | null;
  readonly status: OperationStatus;
  readonly requestedBy: string;
  /** Time at work in earlier attempts since somebody asked. */
  readonly spentMs: number;
}

/** What is taken out of the queue first. A person's own sync waits for nobody's but another person's. */
export const PRIORITY = { schedule: 0, message: 1, person: 2 } as const;
export type AskedBy = keyof typeof PRIORITY;

export interface QueueLimits {
  /** Syncs at work at once, of all platforms together. */
  readonly atOnce: number;
  readonly perPlatform: number;
}

/** The number the next attempt of an operation gets. */
export const NEXT_ATTEMPT =
  '(SELECT coalesce(max(a.attempt), 0) + 1 FROM operation_attempts a WHERE a.operation_id = sync_operations.id)';

const START_COLUMNS = `id AS operationId, connection_id AS connectionId, pages, cursor, status, requested_by AS requestedBy,
  (SELECT CAST(coalesce(sum(max(0, unixepoch(a.ended_at, 'subsec') - unixepoch(a.started_at, 'subsec'))), 0) * 1000 AS INTEGER)
     FROM operation_attempts a WHERE a.operation_id = sync_operations.id AND a.attempt >= first_attempt AND a.ended_at IS NOT NULL) AS spentMs`;

export function operationById(db: WritableDb, operationId: number): OperationStart {
  const row = db.prepare(`SELECT ${START_COLUMNS} FROM sync_operations WHERE id = ?`).get(operationId);
  if (row === undefined) throw new AppError('not_found', 'There is no such sync operation.');
  return row as OperationStart;
}

export const alreadyRunning = (operationId?: number): AppError =>
  new AppError(
    'already_running',
    'This connection is syncing already. Wait for it to finish or cancel it.',
    operationId === undefined ? {} : { details: { operationId: String(operationId) } },
  );

export interface LiveOperation {
  readonly id: number;
  readonly status: OperationStatus;
  readonly priority: number;
}

/** The operation of a connection that waits or is at work; the database allows one. */
export const liveOperation = (db: WritableDb, connectionId: number): LiveOperation | undefined =>
  db
    .prepare(`SELECT id, status, priority FROM sync_operations WHERE connection_id = ? AND status IN ${listed(LIVE)}`)
    .get(connectionId) as LiveOperation | undefined;

export function assertConnected(db: WritableDb, connectionId: number): void {
  const status = db.prepare('SELECT status FROM connections WHERE id = ?').pluck().get(connectionId);
  if (status === undefined || status === 'disconnected') throw new AppError('not_found', 'There is no such connection.');
}

export interface Asked {
  readonly by: AskedBy;
  readonly acceptShrink: boolean;
}

/** Puts a sync of a connection into the queue. What nobody asked for in person waits for the network and an open breaker. */
export function openQueued(db: WritableDb, connectionId: number, { by, acceptShrink }: Asked, context: JobContext): number {
  const now = context.now();
  const breaker = breakerOf(db, connectionId);
  const wait =
    by === 'person' ? null : outageNow(db) !== null ? 'offline' : breaker.state === 'closed' ? null : ('breaker' as const);
  return db
    .prepare(
      `INSERT INTO sync_operations (connection_id, kind, status, requested_by, started_at, queued_at, accept_shrink, priority, wait_reason, wait_until)
       VALUES (?, 'sync', 'queued', ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      connectionId,
      context.actor,
      now,
      now,
      acceptShrink ? 1 : 0,
      PRIORITY[by],
      wait,
      wait === 'breaker' ? breaker.probeAt : null,
    ).lastInsertRowid as number;
}

/** What waits already is not doubled: it moves up, and for a person it stops waiting for anything but a free place. */
function moveUp(db: WritableDb, { id, priority }: LiveOperation, { by, acceptShrink }: Asked, context: JobContext): number {
  if (PRIORITY[by] > priority)
    db.prepare('UPDATE sync_operations SET priority = ?, requested_by = ?, queued_at = ? WHERE id = ?').run(
      PRIORITY[by],
      context.actor,
      context.now(),
      id,
    );
  if (by === 'person')
    db.prepare(
      `UPDATE sync_operations SET wait_reason = NULL, wait_until = NULL, accept_shrink = max(accept_shrink, ?), first_attempt = ${NEXT_ATTEMPT}
       WHERE id = ?`,
    ).run(acceptShrink ? 1 : 0, id);
  return id;
}

/** Asks for a sync. Answers the operation, new or the one that waits already; throws `already_running` beside one at work. */
function enqueue(db: WritableDb, args: Asked & { readonly connectionId: number }, context: JobContext): number {
  assertConnected(db, args.connectionId);
  const live = liveOperation(db, args.connectionId);
  if (live === undefined) return openQueued(db, args.connectionId, args, context);
  if (live.status !== 'queued') throw alreadyRunning(live.id);
  return moveUp(db, live, args, context);
}

/** Asks for a sync of every connection that is not at work. Answers the operations. */
function enqueueAll(db: WritableDb, args: { readonly connectionIds: readonly number[] }, context: JobContext): number[] {
  return args.connectionIds.flatMap((connectionId) => {
    const live = liveOperation(db, connectionId);
    if (live !== undefined && live.status !== 'queued') return [];
    return [enqueue(db, { connectionId, by: 'person', acceptShrink: false }, context)];
  });
}

interface Waiting {
  readonly id: number;
  readonly connectionId: number;
  readonly complete: number;
  readonly attempt: number;
  readonly priority: number;
  readonly queuedAt: string;
}

function takeUp(db: WritableDb, { id, connectionId, complete, attempt }: Waiting, now: string): OperationStart {
  transit(db, id, complete === 1 ? 'taken_up_complete' : 'taken_up', now, {
    attempt,
    wait_reason: null,
    wait_until: null,
    error_code: null,
    error: null,
    ...(attempt === 1 ? { started_at: now } : {}),
  });
  db.prepare('INSERT INTO operation_attempts (operation_id, attempt, started_at) VALUES (?, ?, ?)').run(id, attempt, now);
  beginProbe(db, connectionId);
  return operationById(db, id);
}

/**
 * Takes out of the queue what has room: by priority, then in the order of asking, never more at once than the limits allow.
 * Who waits again goes behind those who waited meanwhile. `nextAt` is when the next wait ends, null while none has an end.
 */
function claim(
  db: WritableDb,
  limits: QueueLimits,
  context: JobContext,
): { readonly starts: OperationStart[]; readonly nextAt: string | null } {
  const now = context.now();
  const atWork = new Map(
    db
      .prepare(
        `SELECT c.platform, count(*) FROM sync_operations o JOIN connections c ON c.id = o.connection_id
         WHERE o.status IN ${listed(AT_WORK)} GROUP BY c.platform`,
      )
      .raw()
      .all() as [string, number][],
  );
  const room = limits.atOnce - [...atWork.values()].reduce((sum, n) => sum + n, 0);
  // A few of each platform, instead of everything that waits: the queue may be long.
  const first = db.prepare(
    `SELECT sync_operations.id, connection_id AS connectionId, pages > 0 AND cursor IS NULL AS complete, ${NEXT_ATTEMPT} AS attempt,
       priority, queued_at AS queuedAt
     FROM sync_operations JOIN connections c ON c.id = connection_id
     WHERE sync_operations.status = 'queued' AND wait_reason IS NOT 'offline' AND (wait_until IS NULL OR wait_until <= ?)
       AND c.platform = ?
     ORDER BY priority DESC, queued_at, sync_operations.id LIMIT ?`,
  );
  const ready = PLATFORMS.flatMap((platform) => {
    const free = Math.min(room, limits.perPlatform - (atWork.get(platform) ?? 0));
    return free <= 0 ? [] : (first.all(now, platform, free) as Waiting[]);
  });
  const starts = ready
    .toSorted((a, b) => b.priority - a.priority || a.queuedAt.localeCompare(b.queuedAt) || a.id - b.id)
    .slice(0, Math.max(0, room))
    .map((waiting) => takeUp(db, waiting, now));
  const nextAt = db
    .prepare(
      "SELECT min(wait_until) FROM sync_operations WHERE status = 'queued' AND wait_reason IS NOT 'offline' AND wait_until > ?",
    )
    .pluck()
    .get(now) as string | null;
  return { starts, nextAt };
}

/** Takes what waits out of the queue for good, with what was staged of it. False when it does not wait. */
export function cancelQueued(db: WritableDb, { operationId }: { readonly operationId: number }, context: JobContext): boolean {
  if (operationById(db, operationId).status !== 'queued') return false;
  const now = context.now();
  transit(db, operationId, 'cancelled', now, {
    finished_at: now,
    error_code: 'cancelled',
    error: 'The sync was cancelled; nothing of it was applied.',
    wait_reason: null,
    wait_until: null,
  });
  db.prepare('DELETE FROM staged_pages WHERE operation_id = ?').run(operationId);
  return true;
}

/** A running operation waits for its request budget. What it waits for ends with its next page. */
function waiting(db: WritableDb, args: { readonly operationId: number; readonly until: string }): null {
  db.prepare(
    `UPDATE sync_operations SET wait_reason = 'budget', wait_until = ? WHERE id = ? AND status IN ${listed(AT_WORK)}`,
  ).run(args.until, args.operationId);
  return null;
}

/** After the program's end in any way: what was at work goes back into the queue, with its checkpoint. Answers how many. */
function recover(db: WritableDb, _args: undefined, context: JobContext): number {
  const rows = db
    .prepare(`SELECT id, connection_id AS connectionId FROM sync_operations WHERE status IN ${listed(AT_WORK)} ORDER BY id`)
    .all() as { id: number; connectionId: number }[];
  for (const { id, connectionId } of rows) {
    // The interruption was no fault of the platform: it costs no retry.
    transit(db, id, 'put_back', context.now(), { wait_reason: null, wait_until: null });
    db.prepare('UPDATE sync_operations SET first_attempt = first_attempt + 1 WHERE id = ?').run(id);
    endProbe(db, connectionId);
  }
  return rows.length;
}

/** The queue of syncs, which lies in the book and so outlives the program. */
export const queueJobs = {
  'sync/enqueue': enqueue,
  'sync/enqueue-all': enqueueAll,
  'sync/claim': claim,
  'sync/cancel-queued': cancelQueued,
  'sync/waiting': waiting,
  'sync/recover': recover,
} as const;
