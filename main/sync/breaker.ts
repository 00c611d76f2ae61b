import type { WritableDb } from '../store/handles.ts';

/** Whether a connection that failed again and again is left alone for a while. */
export interface Breaker {
  /** `open`: scheduled syncs wait. `half_open`: one sync is at work to see whether the platform answers again. */
  readonly state: 'closed' | 'open' | 'half_open';
  /** Syncs in a row that failed for a passing reason. */
  readonly failures: number;
  readonly openings: number;
  readonly openedAt: string | null;
  /** When the schedule tries again. */
  readonly probeAt: string | null;
}

/** Failed syncs in a row, each with its own retries, after which a connection is left alone. */
export const DEFAULT_BREAKER_AFTER = 3;
const FIRST_PROBE_MS = 5 * 60_000;
const FACTOR = 2;
const LAST_PROBE_MS = 4 * 3600_000;

const CLOSED: Breaker = { state: 'closed', failures: 0, openings: 0, openedAt: null, probeAt: null };

/** A sync failed for a passing reason, its retries included: after `limit` of them, and after each probe, it opens. */
export function afterFailure(before: Breaker, now: string, limit: number): Breaker {
  const failures = before.failures + 1;
  if (before.state === 'closed' && failures < limit) return { ...before, failures };
  const wait = Math.min(LAST_PROBE_MS, FIRST_PROBE_MS * FACTOR ** before.openings);
  return {
    state: 'open',
    failures,
    openings: before.openings + 1,
    openedAt: before.openedAt ?? now,
    probeAt: new Date(Date.parse(now) + wait).toISOString(),
  };
}

/** The breaker of a connection as it stands; closed where nothing failed yet. */
export const breakerOf = (db: Pick<WritableDb, 'prepare'>, connectionId: number): Breaker =>
  (db
    .prepare(
      'SELECT state, failures, openings, opened_at AS openedAt, probe_at AS probeAt FROM connection_breakers WHERE connection_id = ?',
    )
    .get(connectionId) as Breaker | undefined) ?? CLOSED;

const keep = (db: WritableDb, connectionId: number, { state, failures, openings, openedAt, probeAt }: Breaker): void =>
  void db
    .prepare(
      `INSERT INTO connection_breakers (connection_id, state, failures, openings, opened_at, probe_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET state = excluded.state, failures = excluded.failures, openings = excluded.openings,
         opened_at = excluded.opened_at, probe_at = excluded.probe_at`,
    )
    .run(connectionId, state, failures, openings, openedAt, probeAt);

/** The platform answered, well or not: it is there. */
export function closeBreaker(db: WritableDb, connectionId: number): void {
  db.prepare('DELETE FROM connection_breakers WHERE connection_id = ?').run(connectionId);
}

export function noteFailure(db: WritableDb, connectionId: number, now: string, limit: number): void {
  keep(db, connectionId, afterFailure(breakerOf(db, connectionId), now, limit));
}

/** A sync of an open breaker is taken up: it is the probe. */
export function beginProbe(db: WritableDb, connectionId: number): void {
  const before = breakerOf(db, connectionId);
  if (before.state === 'open') keep(db, connectionId, { ...before, state: 'half_open' });
}

/** The probe ended without an answer to its question: the next sync is the probe. */
export function endProbe(db: WritableDb, connectionId: number): void {
  const before = breakerOf(db, connectionId);
  if (before.state === 'half_open') keep(db, connectionId, { ...before, state: 'open' });
}
