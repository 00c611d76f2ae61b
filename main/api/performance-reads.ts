import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import type { PERFORMANCE_COLUMNS, PerformanceRow } from '../../shared/contract/performance.ts';
import type { Platform } from '../../shared/model/holding.ts';
import { fromFor, gridOrder, gridWhere, pageOf, type GridColumn } from '../store/grid-sql.ts';
import type { ReadDb } from '../store/handles.ts';
import { remembered } from '../store/memo.ts';
import type { Reads } from './handler.ts';
import { bigintText } from './source-list.ts';
import { performanceSeries } from './performance-series.ts';

const text = (sql: string): GridColumn => ({ sql, kind: 'text' });
const decimal = (sql: string): GridColumn => ({ sql, kind: 'decimal' });
const integer = (sql: string): GridColumn => ({ sql, kind: 'integer' });

// Names come through the link, so that an account linked today names what was received yesterday.
const FROM = `source_performance r JOIN connections c ON c.id = r.connection_id
  LEFT JOIN account_links l ON l.connection_id = r.connection_id AND l.external_id = r.account_external_id
  LEFT JOIN accounts a ON a.id = coalesce(l.account_id, r.account_id)`;
const ACCOUNT = 'coalesce(a.name, l.name, r.account_external_id)';

const GRID: Readonly<Record<(typeof PERFORMANCE_COLUMNS)[number], GridColumn>> = {
  account: text(ACCOUNT),
  accountNumber: text("coalesce(a.number, l.number, '')"),
  period: text('r.kind'),
  from: text('r.period_from'),
  to: text('r.period_to'),
  percent: decimal('r.rate_e8 * 100'),
  fees: text('r.fees'),
  method: text('r.method'),
  beginValue: decimal('r.begin_value_e8'),
  endValue: decimal('r.end_value_e8'),
  netFlows: decimal('r.net_flows_e8'),
  currency: text('r.currency'),
  source: text('c.name'),
  accountId: integer('a.id'),
  connectionId: integer('r.connection_id'),
};
const SEARCH = [ACCOUNT, 'a.number', 'c.name'];

const ROW = `r.id, ${ACCOUNT} AS account, a.id AS accountId, coalesce(a.number, l.number, '') AS accountNumber, r.kind AS period,
  r.period_from AS "from", r.period_to AS "to", r.rate, r.annualised, r.method, r.fees, r.begin_value AS beginValue,
  r.end_value AS endValue, r.net_flows AS netFlows, r.currency, c.name AS source, r.connection_id AS connectionId`;

type Row = Omit<PerformanceRow, 'id' | 'accountId' | 'connectionId' | 'annualised'> & {
  id: number;
  accountId: number | null;
  connectionId: number;
  annualised: number;
};

const toRow = (row: Row): PerformanceRow => ({
  ...row,
  id: String(row.id),
  accountId: row.accountId === null ? null : String(row.accountId),
  connectionId: String(row.connectionId),
  annualised: row.annualised === 1,
});

function page(
  db: ReadDb,
  request: HandlerInput<'performance.page'>,
  within: { readonly sql: string; readonly param: number } | null = null,
): Output<'performance.page'> {
  const { where, params: asked } = gridWhere(GRID, request, SEARCH);
  const condition = ['r.valid_to_op IS NULL', where, ...(within ? [within.sql] : [])].join(' AND ');
  const params = [...asked, ...(within ? [within.param] : [])];
  const sort = request.sort.length === 0 ? [{ column: 'to', direction: 'desc' as const }] : request.sort;
  const order = gridOrder(GRID, { sort }, 'r.id DESC');
  const rows = pageOf<Row>(
    db,
    { from: FROM, table: 'source_performance', alias: 'r', row: ROW, condition, order },
    params,
    request,
  );
  const total = remembered(
    db,
    `performance ${condition} ${JSON.stringify(params, bigintText)}`,
    () =>
      db
        .prepare(`SELECT count(*) FROM ${fromFor(FROM, 'source_performance', 'r', condition)} WHERE ${condition}`)
        .pluck()
        .get(...params) as number,
  );
  return { rows: rows.map(toRow), total };
}

interface Kept extends Row {
  readonly platform: Platform;
  readonly externalId: string;
  readonly receivedAt: string;
  readonly operationId: number;
  readonly endedBy: number | null;
}

function get(db: ReadDb, { id }: HandlerInput<'performance.get'>): Output<'performance.get'> {
  const versions = db
    .prepare(
      `SELECT ${ROW}, c.platform, r.external_id AS externalId, p.received_at AS receivedAt, r.valid_from_op AS operationId, r.valid_to_op AS endedBy
       FROM ${FROM} JOIN raw_payloads p ON p.id = r.payload_id
       WHERE (r.connection_id, r.external_id) = (SELECT connection_id, external_id FROM source_performance WHERE id = ?)
       ORDER BY r.id DESC`,
    )
    .all(Number(id)) as Kept[];
  const asked = versions.find((version) => version.id === Number(id));
  if (!asked) throw new AppError('not_found', 'There is no such return. It may have been removed; refresh the list.');
  const facts = ({ platform: _platform, externalId: _externalId, receivedAt, operationId, endedBy: _endedBy, ...row }: Kept) => ({
    row: toRow(row),
    receivedAt,
    operationId: String(operationId),
  });
  return {
    ...facts(asked),
    platform: asked.platform,
    externalId: asked.externalId,
    current: asked.endedBy === null,
    versions: versions.filter((version) => version.id < asked.id).map(facts),
  };
}

/** Queries over the returns that the sources report. */
export const performanceReads = {
  'performance.page': (db, request) => page(db, request),
  'performance.get': get,
  'performance.series': performanceSeries,
  'portfolios.performance': (db, { id, ...request }) => {
    if (db.prepare('SELECT 1 FROM portfolios WHERE id = ?').get(Number(id)) === undefined)
      throw new AppError('not_found', 'There is no such portfolio. It may have been removed; refresh the list.');
    return page(db, request, { sql: 'a.portfolio_id = ?', param: Number(id) });
  },
} satisfies Reads;
