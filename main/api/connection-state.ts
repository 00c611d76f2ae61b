import type { Output } from '../../shared/contract/index.ts';
import type { Connection } from '../../shared/contract/connections.ts';
import type { Operation } from '../../shared/contract/sync.ts';
import type { CalendarDate } from '../../shared/model/date.ts';
import type { ReadDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import { nextRun } from '../sync/timetable.ts';
import { judgeFreshness } from './freshness.ts';
import { waitingOf, type WaitRow } from './operation-waiting.ts';

/** What decides how fresh a connection is. */
export interface StateRow extends Pick<Connection, 'platform' | 'name' | 'status' | 'syncEveryMinutes'> {
  readonly id: number;
  readonly lastSyncedAt: string | null;
  readonly nextRunAt: string | null;
  readonly asOf: CalendarDate | null;
  readonly activeOperationId: number | null;
  readonly activeStatus: Operation['status'] | null;
  readonly waitReason: WaitRow['waitReason'];
  readonly waitUntil: string | null;
  readonly waitError: string | null;
  readonly cron: string | null;
  readonly zone: string;
  readonly quietFrom: string | null;
  readonly quietTo: string | null;
  readonly lastOperationId: number | null;
  readonly lastKind: Operation['kind'] | null;
  readonly lastStatus: string | null;
  readonly lastError: string | null;
  readonly lastErrorCode: string | null;
}

/** Columns of a StateRow, and what they are read from: one row per connection `c`, with its timetable `t`, its `live` operation and its newest one that began, `last`. */
export const STATE_COLUMNS = `c.id, c.platform, c.name, c.status, c.sync_every_minutes AS syncEveryMinutes,
  (SELECT max(o.finished_at) FROM sync_operations o WHERE o.connection_id = c.id AND o.status = 'completed') AS lastSyncedAt,
  (SELECT s.next_run_at FROM connection_schedules s WHERE s.connection_id = c.id) AS nextRunAt,
  (SELECT max(o.as_of) FROM sync_operations o WHERE o.connection_id = c.id AND o.status = 'completed') AS asOf,
  live.id AS activeOperationId, live.status AS activeStatus, live.wait_reason AS waitReason, live.wait_until AS waitUntil,
  live.error AS waitError, t.cron, coalesce(t.zone, 'UTC') AS zone, t.quiet_from AS quietFrom, t.quiet_to AS quietTo,
  last.id AS lastOperationId, last.kind AS lastKind, last.status AS lastStatus, last.error AS lastError, last.error_code AS lastErrorCode`;
export const STATE_FROM = `connections c LEFT JOIN connection_timetables t ON t.connection_id = c.id
  LEFT JOIN sync_operations live ON live.connection_id = c.id AND live.status IN ('queued', 'fetching', 'staged', 'merging')
  LEFT JOIN sync_operations last ON last.id = (SELECT max(id) FROM sync_operations o WHERE o.connection_id = c.id AND o.status NOT IN ('queued', 'rolled_back'))`;
/** Best trusted first, disconnected ones at the end. */
export const STATE_ORDER = `c.status = 'disconnected', c.survivorship_rank, c.id`;

/** The first and second run that were due after the last one; null when it is read only when asked. */
function promisedRuns(row: StateRow): readonly [string, string] | null {
  const plan = { ...row, everyMinutes: row.syncEveryMinutes };
  const first = row.lastSyncedAt === null ? null : nextRun(plan, row.lastSyncedAt, 0);
  const second = first === null ? null : nextRun(plan, first, 0);
  return first === null || second === null ? null : [first, second];
}

/** How fresh a connection is, and the sentence that says why. */
export const stateOf = (row: StateRow, now: string): Pick<Connection, 'freshness' | 'health'> =>
  judgeFreshness({
    status: row.status,
    lastSyncedAt: row.lastSyncedAt,
    everyMinutes: row.cron === null ? row.syncEveryMinutes : null,
    promised: promisedRuns(row),
    active: row.activeStatus !== null,
    waiting:
      row.activeStatus === null
        ? null
        : waitingOf({ status: row.activeStatus, waitReason: row.waitReason, waitUntil: row.waitUntil }, now),
    waitError: row.waitError,
    lastFailed: row.lastStatus === 'failed',
    lastError: row.lastError,
    isFile: row.platform === 'custodian_file',
    now,
  });

type State = Output<'sync.status'>['connections'][number];

const toState = (row: StateRow, now: string): State => {
  const { id, platform, name, status, syncEveryMinutes, lastSyncedAt, nextRunAt, asOf, activeOperationId } = row;
  const failed = row.lastStatus === 'failed' && row.lastOperationId !== null && row.lastKind !== null;
  return {
    id: String(id),
    name,
    platform,
    status,
    ...stateOf(row, now),
    syncEveryMinutes,
    lastSyncedAt,
    nextRunAt,
    asOf,
    activeOperationId: activeOperationId === null ? null : String(activeOperationId),
    failed: failed
      ? { operationId: String(row.lastOperationId), code: row.lastErrorCode ?? 'internal', kind: row.lastKind ?? 'sync' }
      : null,
  };
};

/** How every connection that is not disconnected stands, best trusted first. Counts nothing, because every screen asks for it. */
export const connectionStates = (db: ReadDb, context: Pick<JobContext, 'now'>): State[] =>
  (
    db
      .prepare(`SELECT ${STATE_COLUMNS} FROM ${STATE_FROM} WHERE c.status <> 'disconnected' ORDER BY ${STATE_ORDER}`)
      .all() as StateRow[]
  ).map((row) => toState(row, context.now()));
