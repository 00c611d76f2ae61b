import { AppError } from '../../shared/contract/errors.ts';
import type { Output } from '../../shared/contract/index.ts';
import type { Connection } from '../../shared/contract/connections.ts';
import type { Operation } from '../../shared/contract/sync.ts';
import type { ConnectionSettings } from '../connectors/connector.ts';
import type { Platform } from '../../shared/model/holding.ts';
import { findConnection, quarantinedOf } from '../store/connections.ts';
import type { ReadDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import { connectionEvents } from './connection-events.ts';
import { connectionStates, STATE_COLUMNS, STATE_FROM, STATE_ORDER, stateOf, type StateRow } from './connection-state.ts';
import type { Reads } from './handler.ts';

interface ConnectionRow
  extends
    StateRow,
    Pick<Connection, 'baseUrl' | 'strategy' | 'survivorshipRank' | 'secretHint' | 'signIn'>,
    Readonly<Connection['counts']> {
  readonly hasSecret: number;
}

const SELECT = `SELECT ${STATE_COLUMNS}, c.base_url AS baseUrl, c.strategy, c.survivorship_rank AS survivorshipRank,
  c.secret_ref IS NOT NULL AS hasSecret, c.secret_hint AS secretHint,
  CASE c.settings ->> 'signIn' WHEN 'browser' THEN 'browser' ELSE 'key' END AS signIn,
  (SELECT count(*) FROM account_links l WHERE l.connection_id = c.id) AS accounts,
  (SELECT count(*) FROM source_holdings r WHERE r.connection_id = c.id AND r.valid_to_op IS NULL) AS positions,
  (SELECT count(*) FROM conflicts f WHERE f.status IN ('open', 'review') AND EXISTS (SELECT 1 FROM json_each(f.sources) j
     WHERE j.value ->> 0 = c.id AND coalesce(j.value ->> 1, '') <> coalesce(f.clearway, ''))) AS openConflicts,
  (SELECT count(*) FROM quarantined_records q WHERE q.operation_id = last.id) AS quarantined,
  (SELECT count(*) FROM account_links l WHERE l.connection_id = c.id AND l.account_id IS NULL)
    + (SELECT count(*) FROM security_links l WHERE l.connection_id = c.id AND l.security_id IS NULL) AS unlinked
  FROM ${STATE_FROM}`;

function toConnection(row: ConnectionRow, now: string): Connection {
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
    counts: {
      accounts: row.accounts,
      positions: row.positions,
      openConflicts: row.openConflicts,
      quarantined: row.quarantined,
      unlinked: row.unlinked,
    },
  };
}

/** Every connection with its health, best trusted first. */
export const listConnections = (db: ReadDb, context: Pick<JobContext, 'now'>): Connection[] =>
  (db.prepare(`${SELECT} ORDER BY ${STATE_ORDER}`).all() as ConnectionRow[]).map((row) => toConnection(row, context.now()));

function oneConnection(db: ReadDb, id: number, context: JobContext): Connection {
  const row = db.prepare(`${SELECT} WHERE c.id = ?`).get(id) as ConnectionRow | undefined;
  if (!row) throw new AppError('not_found', 'There is no such connection.');
  return toConnection(row, context.now());
}

export interface OperationRow {
  readonly id: number;
  readonly connectionId: number;
  readonly connectionName: string;
  readonly counts: string;
}

/** Columns of an OperationRow, of the tables `sync_operations o` and `connections c`. */
export const OPERATION_COLUMNS = `o.id, o.connection_id AS connectionId, c.name AS connectionName, o.kind, o.status,
  o.requested_by AS requestedBy, o.started_at AS startedAt, o.finished_at AS finishedAt, o.as_of AS asOf, o.pages, o.records,
  o.expected, o.counts, o.attempt, o.error_code AS errorCode, o.error`;
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
export const toOperation = (row: OperationRow): Operation =>
  ({
    ...row,
    id: String(row.id),
    connectionId: String(row.connectionId),
    counts: { ...NO_COUNTS, ...(JSON.parse(row.counts) as object) },
  }) as Operation;

function operations(db: ReadDb, connectionId: string | undefined, limit: number): Operation[] {
  const rows =
    connectionId === undefined
      ? db.prepare(`${OPERATION} ORDER BY o.id DESC LIMIT ?`).all(limit)
      : db.prepare(`${OPERATION} WHERE o.connection_id = ? ORDER BY o.id DESC LIMIT ?`).all(Number(connectionId), limit);
  return (rows as OperationRow[]).map(toOperation);
}

function oneOperation(db: ReadDb, id: string): Operation {
  const row = db.prepare(`${OPERATION} WHERE o.id = ?`).get(Number(id)) as OperationRow | undefined;
  if (!row) throw new AppError('not_found', 'There is no such sync operation.');
  return toOperation(row);
}

function syncStatus(db: ReadDb, context: JobContext): Output<'sync.status'> {
  const all = connectionStates(db, context);
  const running = (
    db.prepare(`${OPERATION} WHERE o.status IN ('queued', 'fetching', 'staged', 'merging')`).all() as OperationRow[]
  ).map(toOperation);
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
    connections: all,
  };
}

function quarantine(db: ReadDb, id: string, limit: number): Output<'sync.quarantine'> {
  oneOperation(db, id);
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

/** When a connection was last read, whatever came of it, and when its schedule reads it next. */
export const connectionRuns = (db: ReadDb, { id }: { id: number }): { lastRunAt: string | null; nextRunAt: string | null } =>
  db
    .prepare(
      `SELECT (SELECT max(o.started_at) FROM sync_operations o WHERE o.connection_id = @id) AS lastRunAt,
         (SELECT s.next_run_at FROM connection_schedules s WHERE s.connection_id = @id) AS nextRunAt`,
    )
    .get({ id }) as { lastRunAt: string | null; nextRunAt: string | null };

/** Queries about connections and their syncs. */
export const connectionReads = {
  'connections.list': (db, _input, context) => ({ items: listConnections(db, context) }),
  'connections.get': (db, { id }, context) => oneConnection(db, Number(id), context),
  'connections.events': (db, { id, limit }) => connectionEvents(db, Number(id), limit),
  'connections.unlinked': (db, { id }) => unlinked(db, id),
  'sync.operations': (db, { connectionId, limit }) => ({ items: operations(db, connectionId, limit) }),
  'sync.operation': (db, { id }) => oneOperation(db, id),
  'sync.status': (db, _input, context) => syncStatus(db, context),
  'sync.quarantine': (db, { id, limit }) => quarantine(db, id, limit),
} satisfies Reads;
