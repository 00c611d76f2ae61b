import type { HOLDING_COLUMNS, HoldingRow } from '../../shared/contract/book.ts';
import type { HandlerInput } from '../../shared/contract/index.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import { e8Sql } from '../store/e8.ts';
import { fromFor, gridOrder, gridWhere, isPlain, pageOf, paramsKey, type GridColumn } from '../store/grid-sql.ts';
import { remembered } from '../store/memo.ts';
import type { ReadDb } from '../store/handles.ts';

const text = (sql: string): GridColumn => ({ sql, kind: 'text' });
const decimal = (sql: string): GridColumn => ({ sql, kind: 'decimal' });
const integer = (sql: string): GridColumn => ({ sql, kind: 'integer' });

const OPEN_CONFLICTS = "(SELECT count(*) FROM conflicts c WHERE c.holding_id = h.id AND c.status IN ('open', 'review'))";
const SOURCES =
  '(SELECT count(DISTINCT r.connection_id) FROM source_holdings r WHERE r.holding_id = h.id AND r.valid_to_op IS NULL)';

export const HOLDING_FROM = `holdings h JOIN accounts a ON a.id = h.account_id JOIN securities s ON s.id = h.security_id
  LEFT JOIN portfolios p ON p.id = a.portfolio_id`;

export const HOLDING_GRID: Readonly<Record<(typeof HOLDING_COLUMNS)[number], GridColumn>> = {
  portfolio: text('p.name'),
  account: text('a.name'),
  accountNumber: text('a.number'),
  custodian: text('a.custodian'),
  security: text('s.name'),
  ticker: text('s.ticker'),
  cusip: text('s.cusip'),
  type: text('s.type'),
  currency: text('h.currency'),
  quantity: decimal(e8Sql('h.quantity')),
  price: decimal(e8Sql('h.price')),
  marketValue: decimal(e8Sql('h.market_value')),
  costBasis: decimal(e8Sql('h.cost_basis')),
  asOf: text('h.as_of'),
  openConflicts: integer(OPEN_CONFLICTS),
  sources: integer(SOURCES),
  portfolioId: integer('a.portfolio_id'),
  accountId: integer('h.account_id'),
  securityId: integer('h.security_id'),
  connectionId: integer(
    '(SELECT r.connection_id FROM source_holdings r WHERE r.holding_id = h.id AND r.valid_to_op IS NULL ORDER BY r.id LIMIT 1)',
  ),
};
export const HOLDING_SEARCH = ['s.name', 's.ticker', 's.cusip', 'a.name', 'a.number', 'p.name'];

const ROW = `h.id, p.name AS portfolio, a.portfolio_id AS portfolioId, a.name AS account, h.account_id AS accountId, a.number AS accountNumber,
  a.custodian, s.name AS security, h.security_id AS securityId, s.ticker, s.cusip, s.type, h.currency, h.quantity, h.price,
  h.market_value AS marketValue, h.cost_basis AS costBasis, h.as_of AS asOf, ${OPEN_CONFLICTS} AS openConflicts, ${SOURCES} AS sources`;

type Row = Omit<HoldingRow, 'id' | 'portfolioId' | 'accountId' | 'securityId' | 'portfolio'> & {
  id: number;
  portfolio: string | null;
  portfolioId: number | null;
  accountId: number;
  securityId: number;
};

const toHolding = (row: Row): HoldingRow => ({
  ...row,
  id: String(row.id),
  portfolio: row.portfolio ?? '',
  portfolioId: row.portfolioId === null ? null : String(row.portfolioId),
  accountId: String(row.accountId),
  securityId: String(row.securityId),
});

type Request = HandlerInput<'holdings.page'>;
const HELD = "h.status = 'held'";

/** A window of positions that match, with their number. `scope` is an extra condition of ours with its parameter. */
export function holdingPage(
  db: ReadDb,
  request: Request,
  scope?: { sql: string; param: number },
): { rows: HoldingRow[]; total: number } {
  const { where, params } = gridWhere(HOLDING_GRID, request, HOLDING_SEARCH);
  const condition = `${HELD} AND ${where}${scope ? ` AND ${scope.sql}` : ''}`;
  const all = scope ? [...params, scope.param] : params;
  const list = {
    from: HOLDING_FROM,
    table: 'holdings',
    alias: 'h',
    row: ROW,
    condition,
    order: gridOrder(HOLDING_GRID, request, 'h.id'),
    indexed: isPlain(request) && !scope,
  };
  const { rows, total } = pageOf<Row>(db, list, all, request);
  return { rows: rows.map(toHolding), total };
}

export function holdingById(db: ReadDb, id: number): HoldingRow | null {
  const row = db.prepare(`SELECT ${ROW} FROM ${HOLDING_FROM} WHERE h.id = ?`).get(id) as Row | undefined;
  return row ? toHolding(row) : null;
}

export interface CurrencyTotal {
  readonly currency: string;
  readonly marketValue: Dec;
  readonly costBasis: Dec;
  readonly positions: number;
}

/** Exact totals by currency over everything that matches. */
export function holdingTotals(db: ReadDb, request: Pick<Request, 'search' | 'filters'>): CurrencyTotal[] {
  const { where, params } = gridWhere(HOLDING_GRID, request, HOLDING_SEARCH);
  return remembered(
    db,
    `totals ${where} ${paramsKey(params)}`,
    () =>
      db
        .prepare(
          `SELECT h.currency, dec_sum(h.market_value) AS marketValue, dec_sum(h.cost_basis) AS costBasis, count(*) AS positions
       FROM ${fromFor(HOLDING_FROM, 'holdings', 'h', where)} WHERE ${HELD} AND ${where} GROUP BY h.currency ORDER BY h.currency = 'USD' DESC, h.currency`,
        )
        .all(...params) as CurrencyTotal[],
  );
}
