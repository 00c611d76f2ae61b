import { AppError } from '../../shared/contract/errors.ts';
import type { Output } from '../../shared/contract/index.ts';
import type { Connection } from '../../shared/contract/connections.ts';
import type { Operation } from '../../shared/contract/sync.ts';
import type { Instant } from '../../shared/model/date.ts';
import type { ConnectionSettings } from '../connectors/connector.ts';
import type { Platform } from '../../shared/model/holding.ts';
import { findConnection, quarantinedOf } from '../store/connections.ts';
import type { ReadDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import { remembered } from '../store/memo.ts';
import { connectionEvents } from './connection-events.ts';
import { breakerOf } from '../sync/breaker.ts';
import { timetableOf } from '../sync/schedule-jobs.ts';
import { previewPlan } from '../sync/timetable.ts';
import { outageNow } from '../sync/outage-jobs.ts';
import { readLimits } from '../sync/sync-limits.ts';
import { connectionStates, STATE_COLUMNS, STATE_FROM, STATE_ORDER, stateOf, type StateRow } from './connection-state.ts';
import type { Reads } from './handler.ts';
import { waitingOf, type WaitRow } from './operation-waiting.ts';

interface ConnectionRow
  extends StateRow, Pick<Connection, 'baseUrl' | 'strategy' | 'survivorshipRank' | 'secretHint' | 'signIn'> {
  readonly hasSecret: number;
}

interface Counted {
  readonly accounts: number;
  readonly positions: number;
  readonly openConflicts: number;
  readonly unlinked: number;
}

/** What every connection reports, by connection. One query each for all of them: a list of a thousand asks as often as one of three. */
function countsOf(db: ReadDb): (connectionId: number) => Counted {
  const counts = remembered(db, 'what connections report', () => {
    const by = (sql: string): Map<number, number> => new Map(db.prepare(sql).raw().all() as [number, number][]);
    return {
      accounts: by('SELECT connection_id, count(*) FROM account_links GROUP BY 1'),
      positions: by('SELECT connection_id, count(*) FROM source_holdings WHERE valid_to_op IS NULL GROUP BY 1'),
      openConflicts: by(
        `SELECT j.value ->> 0, count(DISTINCT f.id) FROM conflicts f, json_each(f.sources) j WHERE f.status IN ('open', 'review')
           AND coalesce(j.value ->> 1, '') <> coalesce(f.clearway, '') GROUP BY 1`,
      ),
      unlinked: by(
        `SELECT connection_id, count(*) FROM (SELECT connection_id FROM account_links WHERE account_id IS NULL
           UNION ALL SELECT connection_id FROM security_links WHERE security_id IS NULL) GROUP BY 1`,
      ),
    };
  });
  return (id) => ({
    accounts: counts.accounts.get(id) ?? 0,
    positions: counts.positions.get(id) ?? 0,
    openConflicts: counts.openConflicts.get(id) ?? 0,
    unlinked: counts.unlinked.get(id) ?? 0,
  });
}

const SELECT = `SELECT ${STATE_COLUMNS}, c.base_url AS baseUrl, c.strategy, c.survivorship_rank AS survivorshipRank,
  c.secret_ref IS NOT NULL AS hasSecret, c.secret_hint AS secretHint,
  CASE c.settings ->> 'signIn' WHEN 'browser' THEN 'browser' ELSE 'key' END AS signIn
  FROM ${STATE_FROM}`;

function toConnection(row: ConnectionRow, counted: Counted, quarantined: number, now: string): Connection {
  return {
    id: String(row.id),
    platform: row.platform,
    name: row.name,
    baseUrl: row.baseUrl,
    status: row.status,
    ...stateOf(row, now),
    strategy: row.strategy,
    survivorshipRank: row.survivorshipRank,
    syncEveryMinutes: row.syncEveryMinutes,
    hasSecret: row.hasSecret === 1,
    signIn: row.signIn,
    secretHint: row.secretHint,
    lastSyncedAt: row.lastSyncedAt,
    nextRunAt: row.nextRunAt,
    asOf: row.asOf,
    activeOperationId: row.activeOperationId === null ? null : String(row.activeOperationId),
    counts: { ...counted, quarantined },
  };
}

function readConnections(db: ReadDb, rest: string, params: readonly number[], now: string): Connection[] {
  const counted = countsOf(db);
  const quarantined = db.prepare('SELECT count(*) FROM quarantined_records WHERE operation_id = ?').pluck();
  return (db.prepare(`${SELECT} ${rest}`).all(...params) as ConnectionRow[]).map((row) =>
    toConnection(row, counted(row.id), quarantined.get(row.lastOperationId) as number, now),
  );
}

/** Every connection with its health, best trusted first. */
export const listConnections = (db: ReadDb, context: Pick<JobContext, 'now'>): Connection[] =>
  readConnections(db, `ORDER BY ${STATE_ORDER}`, [], context.now());

function oneConnection(db: ReadDb, id: number, context: JobContext): Connection {
  const [found] = readConnections(db, 'WHERE c.id = ?', [id], context.now());
  if (!found) throw new AppError('not_found', 'There is no such connection.');
  return found;
}

export interface OperationRow extends WaitRow {
  readonly id: number;
  readonly connectionId: number;
  readonly connectionName: string;
  readonly counts: string;
}

/** Columns of an OperationRow, of the tables `sync_operations o` and `connections c`. */
export const OPERATION_COLUMNS = `o.id, o.connection_id AS connectionId, c.name AS connectionName, o.kind, o.status,
  o.requested_by AS requestedBy, o.started_at AS startedAt, o.finished_at AS finishedAt, o.as_of AS asOf, o.pages, o.records,
  o.expected, o.counts, o.attempt, o.error_code AS errorCode, o.error,
  o.wait_reason AS waitReason, o.wait_until AS waitUntil`;
const OPERATION = `SELECT ${OPERATION_COLUMNS} FROM sync_operations o JOIN connections c ON c.id = o.connection_id`;

const NO_COUNTS = {
  added: 0,
  changed: 0,
  unchanged: 0,
  removed: 0,
  quarantined: 0,
  adopted: 0,
  conflictsOpened: 0,
  conflictsHealed: 0,
  unlinked: 0,
};

/** An operation as the contract has it, with every count. */
export const toOperation = ({ waitReason, waitUntil, ...row }: OperationRow, now: string): Operation =>
  ({
    ...row,
    waiting: waitingOf({ ...row, waitReason, waitUntil }, now),
    id: String(row.id),
    connectionId: String(row.connectionId),
    counts: { ...NO_COUNTS, ...(JSON.parse(row.counts) as object) },
  }) as Operation;

function operations(db: ReadDb, connectionId: string | undefined, limit: number, now: string): Operation[] {
  const rows =
    connectionId === undefined
      ? db.prepare(`${OPERATION} ORDER BY o.id DESC LIMIT ?`).all(limit)
      : db.prepare(`${OPERATION} WHERE o.connection_id = ? ORDER BY o.id DESC LIMIT ?`).all(Number(connectionId), limit);
  return (rows as OperationRow[]).map((row) => toOperation(row, now));
}

function oneOperation(db: ReadDb, id: string, now: string): Operation {
  const row = db.prepare(`${OPERATION} WHERE o.id = ?`).get(Number(id)) as OperationRow | undefined;
  if (!row) throw new AppError('not_found', 'There is no such sync operation.');
  return toOperation(row, now);
}

function attempts(db: ReadDb, id: string, now: string): Output<'sync.attempts'> {
  oneOperation(db, id, now);
  const items = db
    .prepare(
      `SELECT attempt, started_at AS startedAt, ended_at AS endedAt, error_code AS errorCode, error, next_at AS nextAt
       FROM operation_attempts WHERE operation_id = ? ORDER BY attempt`,
    )
    .all(Number(id)) as Output<'sync.attempts'>['items'];
  return { items };
}

function syncStatus(db: ReadDb, context: JobContext): Output<'sync.status'> {
  const all = connectionStates(db, context);
  const running = (
    db.prepare(`${OPERATION} WHERE o.status IN ('queued', 'fetching', 'staged', 'merging')`).all() as OperationRow[]
  ).map((row) => toOperation(row, context.now()));
  const overall =
    all.length === 0
      ? 'empty'
      : all.some((c) => c.freshness === 'failing')
        ? 'failing'
        : all.every((c) => c.freshness === 'fresh' || c.freshness === 'syncing')
          ? 'fresh'
          : 'attention';
  return {
    overall,
    running,
    offlineSince: outageNow(db) as Instant | null,
    connections: all,
  };
}

function quarantine(db: ReadDb, id: string, limit: number, now: string): Output<'sync.quarantine'> {
  oneOperation(db, id, now);
  const { total, items } = quarantinedOf(db, Number(id), limit);
  return { total, items: items.map((r) => ({ ...r, id: String(r.id) })) };
}

interface UnlinkedRow {
  readonly kind: 'account' | 'security';
  readonly externalId: string;
  readonly label: string;
  readonly detail: string;
  readonly reason: string;
  readonly suggestions: string;
  readonly positions: number;
}

function unlinked(db: ReadDb, id: string): Output<'connections.unlinked'> {
  const connectionId = Number(id);
  if (!findConnection(db, connectionId)) throw new AppError('not_found', 'There is no such connection.');
  const rows = db
    .prepare(
      `SELECT 'account' AS kind, l.external_id AS externalId, l.name AS label, l.number || ' · ' || l.custodian AS detail, l.reason, l.suggestions,
         (SELECT count(*) FROM source_holdings r WHERE r.connection_id = l.connection_id AND r.account_external_id = l.external_id AND r.valid_to_op IS NULL) AS positions
       FROM account_links l WHERE l.connection_id = @id AND l.account_id IS NULL
       UNION ALL SELECT 'security', l.external_id, l.name, l.detail, l.reason, l.suggestions,
         (SELECT count(*) FROM source_holdings r WHERE r.connection_id = l.connection_id AND r.security_external_id = l.external_id AND r.valid_to_op IS NULL)
       FROM security_links l WHERE l.connection_id = @id AND l.security_id IS NULL`,
    )
    .all({ id: connectionId }) as UnlinkedRow[];
  const labels = {
    account: db.prepare("SELECT name || ' · ' || number FROM accounts WHERE id = ?").pluck(),
    security: db.prepare("SELECT concat_ws(' · ', name, ticker, cusip, isin) FROM securities WHERE id = ?").pluck(),
  };
  return {
    items: rows.map(({ suggestions, ...row }) => ({
      ...row,
      suggestions: (JSON.parse(suggestions) as { id: number; reason: string }[]).map((s) => ({
        id: String(s.id),
        label: (labels[row.kind].get(s.id) as string | undefined) ?? '',
        reason: s.reason,
      })),
    })),
  };
}

/** What the sync engine needs to reach a platform; no secrets, those are in the vault. */
export interface ConnectionFactsRow {
  readonly id: number;
  readonly platform: Platform;
  readonly baseUrl: string;
  readonly settings: ConnectionSettings;
  readonly secretRef: string | null;
  readonly status: string;
  readonly name: string;
}

export function connectionFacts(db: ReadDb, { id }: { id: number }): ConnectionFactsRow {
  const found = findConnection(db, id);
  if (!found) throw new AppError('not_found', 'There is no such connection.');
  const { baseUrl, secretRef, status, name } = found;
  return {
    id,
    platform: found.platform as Platform,
    baseUrl,
    settings: JSON.parse(found.settings) as ConnectionSettings,
    secretRef,
    status,
    name,
  };
}

export type ConnectionRuns = Pick<Output<'connections.health'>, 'lastRunAt' | 'nextRunAt' | 'timetable' | 'breaker'>;

/** When a connection was last read, whatever came of it, and when its schedule reads it next. */
export function connectionRuns(db: ReadDb, { id }: { id: number }): ConnectionRuns {
  const runs = db
    .prepare(
      `SELECT (SELECT max(o.started_at) FROM sync_operations o WHERE o.connection_id = @id) AS lastRunAt,
         (SELECT s.next_run_at FROM connection_schedules s WHERE s.connection_id = @id) AS nextRunAt`,
    )
    .get({ id }) as Pick<ConnectionRuns, 'lastRunAt' | 'nextRunAt'>;
  const { openings: _grows, ...breaker } = breakerOf(db, id);
  return { ...runs, timetable: timetableOf(db, id), breaker };
}

/** Queries about connections and their syncs. */
export const connectionReads = {
  'connections.list': (db, _input, context) => ({ items: listConnections(db, context) }),
  'connections.get': (db, { id }, context) => oneConnection(db, Number(id), context),
  'connections.events': (db, { id, limit }) => connectionEvents(db, Number(id), limit),
  'connections.unlinked': (db, { id }) => unlinked(db, id),
  'connections.previewSchedule': (_db, { syncEveryMinutes, timetable }, context) =>
    previewPlan({ ...timetable, everyMinutes: syncEveryMinutes }, context.now()),
  'sync.operations': (db, { connectionId, limit }, context) => ({ items: operations(db, connectionId, limit, context.now()) }),
  'sync.operation': (db, { id }, context) => oneOperation(db, id, context.now()),
  'sync.attempts': (db, { id }, context) => attempts(db, id, context.now()),
  'sync.limits': (db) => readLimits(db),
  'sync.status': (db, _input, context) => syncStatus(db, context),
  'sync.quarantine': (db, { id, limit }, context) => quarantine(db, id, limit, context.now()),
} satisfies Reads;
