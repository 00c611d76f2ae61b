import type { WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';

/** Runs come up to this share of the interval early, so that connections added together do not stay together. */
const JITTER_SHARE = 0.05;
const MOST_JITTER_MS = 5 * 60_000;

const READ_BY_SCHEDULE = `c.status = 'active' AND c.platform <> 'custodian_file' AND c.sync_every_minutes > 0`;

interface Planned {
  readonly id: number;
  readonly everyMinutes: number;
  readonly lastRun: string;
  readonly next: string | null;
}

const planned = (db: WritableDb): Planned[] =>
  db
    .prepare(
      `SELECT c.id, c.sync_every_minutes AS everyMinutes, s.next_run_at AS next,
         coalesce((SELECT max(coalesce(o.finished_at, o.started_at)) FROM sync_operations o WHERE o.connection_id = c.id AND o.kind = 'sync'),
           c.created_at) AS lastRun
       FROM connections c LEFT JOIN connection_schedules s ON s.connection_id = c.id WHERE ${READ_BY_SCHEDULE} ORDER BY c.id`,
    )
    .all() as Planned[];

function plan(db: WritableDb, { id, everyMinutes }: Planned, from: string, fraction: number): string {
  const everyMs = everyMinutes * 60_000;
  const early = Math.round(fraction * Math.min(MOST_JITTER_MS, everyMs * JITTER_SHARE));
  const next = new Date(Date.parse(from) + everyMs - early).toISOString();
  db.prepare(
    `INSERT INTO connection_schedules (connection_id, next_run_at) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET next_run_at = excluded.next_run_at`,
  ).run(id, next);
  return next;
}

/** Plans the next run of a connection anew from its last one, or takes it out of the schedule. */
export function replan(db: WritableDb, id: number): void {
  db.prepare('DELETE FROM connection_schedules WHERE connection_id = ?').run(id);
  const connection = planned(db).find((c) => c.id === id);
  if (connection) plan(db, connection, connection.lastRun, 0);
}

/** Connections whose run is due, however many runs were missed. `fraction` in [0, 1) spreads runs that are planned now. */
function due(db: WritableDb, { fraction }: { fraction: number }, context: JobContext): number[] {
  db.prepare(
    `DELETE FROM connection_schedules WHERE connection_id NOT IN (SELECT c.id FROM connections c WHERE ${READ_BY_SCHEDULE})`,
  ).run();
  const now = context.now();
  return planned(db)
    .filter((connection) => (connection.next ?? plan(db, connection, connection.lastRun, fraction)) <= now)
    .map(({ id }) => id);
}

/** A run was started or found at work: the next one is an interval from now. */
function ran(db: WritableDb, { id, fraction }: { id: number; fraction: number }, context: JobContext): null {
  const connection = planned(db).find((c) => c.id === id);
  if (connection) plan(db, connection, context.now(), fraction);
  return null;
}

export const scheduleJobs = { 'schedule/due': due, 'schedule/ran': ran } as const;
export type ScheduleJobs = typeof scheduleJobs;
