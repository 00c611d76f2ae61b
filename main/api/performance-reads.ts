import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import type { PERFORMANCE_COLUMNS, PerformanceRow } from '../../shared/contract/performance.ts';
import { e8Sql } from '../store/e8.ts';
import { gridOrder, gridWhere, isPlain, pageOf, type GridColumn } from '../store/grid-sql.ts';
import type { ReadDb } from '../store/handles.ts';
import type { Reads } from './handler.ts';
import { ACCOUNT, CURRENT, idText, KEPT, KEPT_JOIN, plainRow, withHistory, type KeptVersion } from './source-list.ts';
import { performanceSeries } from './performance-series.ts';

const text = (sql: string): GridColumn => ({ sql, kind: 'text' });
const decimal = (sql: string): GridColumn => ({ sql, kind: 'decimal' });
const integer = (sql: string): GridColumn => ({ sql, kind: 'integer' });

// Names come through the link, so that an account linked today names what was received yesterday.
const FROM = `source_performance t JOIN connections c ON c.id = t.connection_id
  LEFT JOIN account_links l ON l.connection_id = t.connection_id AND l.external_id = t.account_external_id
  LEFT JOIN accounts a ON a.id = coalesce(l.account_id, t.account_id)`;

const GRID: Readonly<Record<(typeof PERFORMANCE_COLUMNS)[number], GridColumn>> = {
  account: text(ACCOUNT),
  accountNumber: text("coalesce(a.number, l.number, '')"),
  period: text('t.kind'),
  from: text('t.period_from'),
  to: text('t.period_to'),
  percent: decimal(`${e8Sql('t.rate')} * 100`),
  fees: text('t.fees'),
  method: text('t.method'),
  beginValue: decimal(e8Sql('t.begin_value')),
  endValue: decimal(e8Sql('t.end_value')),
  netFlows: decimal(e8Sql('t.net_flows')),
  currency: text('t.currency'),
  source: text('c.name'),
  accountId: integer('a.id'),
  connectionId: integer('t.connection_id'),
};
const SEARCH = [ACCOUNT, 'a.number', 'c.name'];

const ROW = `t.id, ${ACCOUNT} AS account, a.id AS accountId, coalesce(a.number, l.number, '') AS accountNumber, t.kind AS period,
  t.period_from AS "from", t.period_to AS "to", t.rate, t.annualised, t.method, t.fees, t.begin_value AS beginValue,
  t.end_value AS endValue, t.net_flows AS netFlows, t.currency, c.name AS source, t.connection_id AS connectionId`;

type Row = Omit<PerformanceRow, 'id' | 'accountId' | 'connectionId' | 'annualised'> & {
  id: number;
  accountId: number | null;
  connectionId: number;
  annualised: number;
};

const toRow = (row: Row): PerformanceRow => ({
  ...row,
  id: String(row.id),
  accountId: idText(row.accountId),
  connectionId: String(row.connectionId),
  annualised: row.annualised === 1,
});

function page(
  db: ReadDb,
  request: HandlerInput<'performance.page'>,
  within: { readonly sql: string; readonly param: number } | null = null,
): Output<'performance.page'> {
  const { where, params: asked } = gridWhere(GRID, request, SEARCH);
  const condition = [CURRENT, where, ...(within ? [within.sql] : [])].join(' AND ');
  const params = [...asked, ...(within ? [within.param] : [])];
  const sort = request.sort.length === 0 ? [{ column: 'to', direction: 'desc' as const }] : request.sort;
  const order = gridOrder(GRID, { sort }, 't.id DESC');
  const indexed = isPlain(request) && within === null;
  const list = { from: FROM, table: 'source_performance', alias: 't', row: ROW, condition, order, indexed };
  const { rows, total } = pageOf<Row>(db, list, params, request);
  return { rows: rows.map(toRow), total };
}

type Kept = Row & KeptVersion;

function get(db: ReadDb, { id }: HandlerInput<'performance.get'>): Output<'performance.get'> {
  const versions = db
    .prepare(
      `SELECT ${ROW}, ${KEPT}
       FROM ${FROM} ${KEPT_JOIN}
       WHERE (t.connection_id, t.external_id) = (SELECT connection_id, external_id FROM source_performance WHERE id = ?)
       ORDER BY t.id DESC`,
    )
    .all(Number(id)) as Kept[];
  const found = withHistory(versions, id, (kept) => toRow(plainRow(kept)));
  if (!found) throw new AppError('not_found', 'There is no such return. It may have been removed; refresh the list.');
  return found.detail;
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
