import { AppError } from '../../shared/contract/errors.ts';
import type { Timetable } from '../../shared/contract/timetable.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import { liveOperation, openQueued } from './queue-jobs.ts';
import { afterRest, nextRun, previewPlan, restsAt, type Plan } from './timetable.ts';

const READ_BY_SCHEDULE = `c.status = 'active' AND c.platform <> 'custodian_file' AND (c.sync_every_minutes > 0 OR t.cron IS NOT NULL)`;

const UNSET: Timetable = { cron: null, zone: 'UTC', quietFrom: null, quietTo: null };

interface Planned extends Plan {
  readonly id: number;
  /** When it was last read; null while it has a plan, which is all that counts then. */
  readonly lastRun: string | null;
  readonly next: string | null;
}

const planned = (db: WritableDb, id: number | null): Planned[] =>
  db
    .prepare(
      `SELECT c.id, c.sync_every_minutes AS everyMinutes, s.next_run_at AS next, t.cron, coalesce(t.zone, 'UTC') AS zone,
         t.quiet_from AS quietFrom, t.quiet_to AS quietTo,
         CASE WHEN s.next_run_at IS NULL THEN
           coalesce((SELECT max(coalesce(o.finished_at, o.started_at)) FROM sync_operations o WHERE o.connection_id = c.id AND o.kind = 'sync'),
             c.created_at) END AS lastRun
       FROM connections c LEFT JOIN connection_schedules s ON s.connection_id = c.id
         LEFT JOIN connection_timetables t ON t.connection_id = c.id
       WHERE ${READ_BY_SCHEDULE} AND (@id IS NULL OR c.id = @id) ORDER BY c.id`,
    )
    .all({ id }) as Planned[];

function keepPlan(db: WritableDb, id: number, next: string): string {
  db.prepare(
    `INSERT INTO connection_schedules (connection_id, next_run_at) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET next_run_at = excluded.next_run_at`,
  ).run(id, next);
  return next;
}

/** The first plan of a connection: an interval counts from its last run, an expression from now on. */
function firstRun(db: WritableDb, connection: Planned, now: string, fraction: number): string {
  const from = connection.cron === null ? (connection.lastRun ?? now) : now;
  const next = nextRun(connection, from, fraction) ?? now;
  return keepPlan(db, connection.id, next);
}

/** Plans the next run of a connection anew, or takes it out of the schedule. */
export function replan(db: WritableDb, id: number, now: string): void {
  db.prepare('DELETE FROM connection_schedules WHERE connection_id = ?').run(id);
  for (const connection of planned(db, id)) firstRun(db, connection, now, 0);
}

/** The share of the jitter for one connection: those planned in one moment get different ones, far apart. */
const spread = (fraction: number, id: number): number => (fraction + id * 0.618_033_988_75) % 1;

/**
 * Puts what is due into the queue and plans its next run, in one transaction: nothing is lost or doubled between the two.
 * However many runs were missed, one is made; in quiet hours it waits for their end. Answers how many went into the queue.
 */
function queueDue(db: WritableDb, { fraction }: { readonly fraction: number }, context: JobContext): number {
  db.prepare(
    `DELETE FROM connection_schedules WHERE connection_id NOT IN
       (SELECT c.id FROM connections c LEFT JOIN connection_timetables t ON t.connection_id = c.id WHERE ${READ_BY_SCHEDULE})`,
  ).run();
  const now = context.now();
  let queued = 0;
  for (const connection of planned(db, null)) {
    const { id } = connection;
    const share = spread(fraction, id);
    const next = connection.next ?? firstRun(db, connection, now, share);
    if (next > now) continue;
    if (restsAt(connection, now)) {
      keepPlan(db, id, afterRest(connection, now));
      continue;
    }
    if (liveOperation(db, id) === undefined) {
      openQueued(db, id, { by: 'schedule', acceptShrink: false }, context);
      queued += 1;
    }
    const after = nextRun(connection, now, share);
    if (after !== null) keepPlan(db, id, after);
  }
  return queued;
}

/** The timetable of a connection as it is set; its interval alone where none is. */
export const timetableOf = (db: Pick<ReadDb, 'prepare'>, id: number): Timetable =>
  (db
    .prepare('SELECT cron, zone, quiet_from AS quietFrom, quiet_to AS quietTo FROM connection_timetables WHERE connection_id = ?')
    .get(id) as Timetable | undefined) ?? UNSET;

/** Keeps a timetable. Throws `not_possible` with what is wrong with it. Who calls plans anew. */
export function keepTimetable(db: WritableDb, id: number, timetable: Timetable, now: string): void {
  const [problem] = previewPlan({ ...timetable, everyMinutes: 0 }, now).problems;
  if (problem !== undefined) throw new AppError('not_possible', problem.message);
  const { cron, zone, quietFrom, quietTo } = timetable;
  db.prepare(
    `INSERT INTO connection_timetables (connection_id, cron, zone, quiet_from, quiet_to) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET cron = excluded.cron, zone = excluded.zone, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to`,
  ).run(id, cron, zone, quietFrom, quietTo);
}

export const scheduleJobs = { 'schedule/queue-due': queueDue } as const;
export type ScheduleJobs = typeof scheduleJobs;
