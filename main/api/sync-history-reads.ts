import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import { RATE_PERIODS, type HISTORY_COLUMNS, type HistoryRow } from '../../shared/contract/sync-history.ts';
import { add, dec, div, ZERO } from '../../shared/model/decimal.ts';
import { toWords } from '../../shared/model/words.ts';
import { fromFor, gridOrder, gridWhere, pageNow, type GridColumn } from '../store/grid-sql.ts';
import type { ReadDb } from '../store/handles.ts';
import { OPERATION_COLUMNS, toOperation, type OperationRow } from './connection-reads.ts';
import type { JobContext } from '../store/job.ts';
import type { Reads } from './handler.ts';

const text = (sql: string): GridColumn => ({ sql, kind: 'text' });
const integer = (sql: string): GridColumn => ({ sql, kind: 'integer' });

const FROM = 'sync_operations o JOIN connections c ON c.id = o.connection_id';
const GRID: Readonly<Record<(typeof HISTORY_COLUMNS)[number], GridColumn>> = {
  startedAt: text('o.started_at'),
  connection: text('c.name'),
  status: text('o.status'),
  kind: text('o.kind'),
  records: integer('o.records'),
  pages: integer('o.pages'),
  attempt: integer('o.attempt'),
  requestedBy: text('o.requested_by'),
  error: text('o.error'),
  connectionId: integer('o.connection_id'),
};
const SEARCH = ['c.name', 'o.error', 'o.requested_by'];

const ROW = `${OPERATION_COLUMNS}, CASE WHEN o.finished_at IS NULL THEN NULL
    ELSE max(0, unixepoch(o.finished_at) - unixepoch(o.started_at)) END AS seconds`;

type Row = OperationRow & { readonly seconds: number | null };
const toRow = (row: Row, now: string): HistoryRow => ({ ...toOperation(row, now), seconds: row.seconds });

type Request = HandlerInput<'sync.history'>;
type Facet = Output<'sync.history'>['facets']['status'][number];

type Counts = Pick<Output<'sync.history'>, 'total' | 'facets'>;

interface Combination {
  readonly status: string;
  readonly connectionId: number;
  readonly count: number;
  /** Whether it passes the filters of its own column. */
  readonly asked: 0 | 1;
  readonly askedConnection: 0 | 1;
}

const COUNTED: readonly string[] = ['status', 'connectionId'];

/** What matches by outcome and by connection, each without the filters of its own column, out of one count of both. */
function countsOf(db: ReadDb, { filters, search }: Request): Counts {
  const where = (column: string) => gridWhere(GRID, { search: '', filters: filters.filter((f) => f.column === column) }, []);
  const [status, connection] = [where('status'), where('connectionId')];
  const other = gridWhere(GRID, { search, filters: filters.filter((f) => !COUNTED.includes(f.column)) }, SEARCH);
  const rows = db
    .prepare(
      `SELECT o.status, o.connection_id AS connectionId, o.count, ${status.where} AS asked, ${connection.where} AS askedConnection
         FROM (SELECT o.status, o.connection_id, count(*) AS count FROM ${fromFor(FROM, 'sync_operations', 'o', other.where)}
           WHERE ${other.where} GROUP BY 1, 2) o`,
    )
    .all(...status.params, ...connection.params, ...other.params) as Combination[];
  const names = new Map(db.prepare('SELECT id, name FROM connections').raw().all() as [number, string][]);
  const facet = (found: readonly Combination[], value: (row: Combination) => string, label: (value: string) => string): Facet[] =>
    [...Map.groupBy(found, value)]
      .map(([key, same]) => ({ value: key, label: label(key), count: same.reduce((sum, { count }) => sum + count, 0) }))
      .toSorted((x, y) => y.count - x.count || x.label.localeCompare(y.label));
  return {
    total: rows.reduce((sum, { count, asked, askedConnection }) => sum + asked * askedConnection * count, 0),
    facets: {
      status: facet(
        rows.filter(({ askedConnection }) => askedConnection === 1),
        (row) => row.status,
        toWords,
      ),
      connectionId: facet(
        rows.filter(({ asked }) => asked === 1),
        ({ connectionId }) => String(connectionId),
        (id) => names.get(Number(id)) ?? 'A platform',
      ),
    },
  };
}

function history(db: ReadDb, request: Request, context: JobContext): Output<'sync.history'> {
  const { where: condition, params } = gridWhere(GRID, request, SEARCH);
  const sort = request.sort.length === 0 ? [{ column: 'startedAt', direction: 'desc' as const }] : request.sort;
  const order = gridOrder(GRID, { sort }, 'o.id DESC');
  const list = { from: FROM, table: 'sync_operations', alias: 'o', row: ROW, condition, order };
  const rows = pageNow<Row>(db, list, params, request);
  return { rows: rows.map((row) => toRow(row, context.now())), ...countsOf(db, request) };
}

const AT_WORK = `o.status IN ('queued', 'fetching', 'staged', 'merging')`;

interface SlotRow {
  readonly connectionId: number;
  readonly operations: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly newest: number;
  readonly atWork: number | null;
  readonly newestFailed: number | null;
}

type Bar = Output<'sync.timeline'>['lanes'][number]['bars'][number];

const toBar = ({ operations, failed, cancelled, startedAt, finishedAt, newest, atWork, newestFailed }: SlotRow): Bar => ({
  operationId: String(atWork ?? newestFailed ?? newest),
  outcome: atWork !== null ? 'running' : failed > 0 ? 'failed' : cancelled === operations ? 'cancelled' : 'completed',
  startedAt,
  finishedAt: atWork === null ? finishedAt : null,
  operations,
  failed,
});

function timeline(db: ReadDb, { from, to, slots }: HandlerInput<'sync.timeline'>): Output<'sync.timeline'> {
  const span = Math.ceil((Date.parse(to) - Date.parse(from)) / 1000);
  if (span <= 0) throw new AppError('not_possible', 'The window ends before it begins. Give its earlier end first.');
  const rows = db
    .prepare(
      `SELECT o.connection_id AS connectionId, (unixepoch(o.started_at) - CAST(@begin AS INTEGER)) / CAST(@width AS INTEGER) AS slot, count(*) AS operations,
         sum(o.status = 'failed') AS failed, sum(o.status = 'cancelled') AS cancelled, min(o.started_at) AS startedAt,
         max(coalesce(o.finished_at, o.started_at)) AS finishedAt, max(o.id) AS newest,
         max(CASE WHEN ${AT_WORK} THEN o.id END) AS atWork, max(CASE WHEN o.status = 'failed' THEN o.id END) AS newestFailed
       FROM sync_operations o WHERE o.started_at >= @from AND o.started_at < @to GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    .all({ from, to, begin: Math.floor(Date.parse(from) / 1000), width: Math.max(1, Math.ceil(span / slots)) }) as SlotRow[];
  const names = new Map(db.prepare('SELECT id, name FROM connections').raw().all() as [number, string][]);
  return {
    lanes: [...Map.groupBy(rows, ({ connectionId }) => connectionId)].map(([connectionId, bars]) => ({
      connectionId: String(connectionId),
      connectionName: names.get(connectionId) ?? 'A platform',
      bars: bars.map(toBar),
    })),
  };
}

const DAY_MS = 86_400_000;
const DAYS: Readonly<Record<(typeof RATE_PERIODS)[number], number>> = { day: 1, week: 7, month: 30 };

function rates(db: ReadDb, { to }: HandlerInput<'sync.rates'>): Output<'sync.rates'> {
  const ended = db.prepare(
    `SELECT sum(status IN ('completed', 'rolled_back')) AS completed, sum(status = 'failed') AS failed,
       sum(status = 'cancelled') AS cancelled FROM sync_operations WHERE started_at >= ? AND started_at < ?`,
  );
  const periods = RATE_PERIODS.map((period) => {
    const since = new Date(Date.parse(to) - DAYS[period] * DAY_MS).toISOString();
    const found = ended.get(since, to) as { completed: number | null; failed: number | null; cancelled: number | null };
    const [completed, failed] = [dec(String(found.completed ?? 0)), dec(String(found.failed ?? 0))];
    const judged = add(completed, failed);
    return {
      period,
      since,
      completed: found.completed ?? 0,
      failed: found.failed ?? 0,
      cancelled: found.cancelled ?? 0,
      successRate: judged === ZERO ? null : div(completed, judged, 4),
    };
  });
  return { periods };
}

function pages(db: ReadDb, { id, limit }: HandlerInput<'sync.pages'>): Output<'sync.pages'> {
  if (db.prepare('SELECT 1 FROM sync_operations WHERE id = ?').get(Number(id)) === undefined)
    throw new AppError('not_found', 'There is no such sync operation.');
  return {
    total: db.prepare('SELECT count(*) FROM staged_pages WHERE operation_id = ?').pluck().get(Number(id)) as number,
    items: db
      .prepare(
        `SELECT p.seq + 1 AS page, p.records, r.bytes, r.content_type AS contentType, r.sha256, r.received_at AS receivedAt
         FROM staged_pages p JOIN raw_payloads r ON r.id = p.payload_id WHERE p.operation_id = ? ORDER BY p.seq LIMIT ?`,
      )
      .all(Number(id), limit) as Output<'sync.pages'>['items'],
  };
}

/** Queries about what syncs and imports have done. */
export const syncHistoryReads = {
  'sync.history': history,
  'sync.timeline': timeline,
  'sync.rates': rates,
  'sync.pages': pages,
} satisfies Reads;
