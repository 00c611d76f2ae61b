import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import type { TRANSACTION_COLUMNS, TransactionRow } from '../../shared/contract/transactions.ts';
import { TRANSACTION_TYPES } from '../../shared/model/transaction.ts';
import { e8Sql } from '../store/e8.ts';
import { fromFor, gridOrder, gridWhere, isPlain, pageOf, paramsKey, type GridColumn } from '../store/grid-sql.ts';
import type { ReadDb } from '../store/handles.ts';
import { remembered } from '../store/memo.ts';
import type { Reads } from './handler.ts';
import {
  ACCOUNT,
  CURRENT,
  idText,
  KEPT,
  KEPT_JOIN,
  LINKED,
  plainRow,
  SECURITY,
  withHistory,
  type KeptVersion,
} from './source-list.ts';

const text = (sql: string): GridColumn => ({ sql, kind: 'text' });
const decimal = (sql: string): GridColumn => ({ sql, kind: 'decimal' });
const integer = (sql: string): GridColumn => ({ sql, kind: 'integer' });

const FROM = `source_transactions t ${LINKED}`;

/** A source's own word, and any type of another release, counts as other. */
const TYPE = `CASE WHEN t.type IN (${TRANSACTION_TYPES.map((type) => `'${type}'`).join(', ')}) THEN t.type ELSE 'other' END`;

const GRID: Readonly<Record<(typeof TRANSACTION_COLUMNS)[number], GridColumn>> = {
  tradeDate: text('t.trade_date'),
  settleDate: text('t.settle_date'),
  account: text(ACCOUNT),
  accountNumber: text("coalesce(a.number, l.number, '')"),
  security: text(SECURITY),
  ticker: text('s.ticker'),
  type: text(TYPE),
  quantity: decimal(e8Sql('t.quantity_delta')),
  price: decimal(e8Sql('t.price')),
  cash: decimal(e8Sql('t.cash_delta')),
  currency: text('t.currency'),
  source: text('c.name'),
  memo: text('t.memo'),
  accountId: integer('a.id'),
  securityId: integer('s.id'),
  connectionId: integer('t.connection_id'),
};
const SEARCH = [ACCOUNT, 'a.number', SECURITY, 's.ticker', 's.cusip', 't.memo', 'c.name'];

const ROW = `t.id, t.trade_date AS tradeDate, t.settle_date AS settleDate, ${ACCOUNT} AS account, a.id AS accountId,
  coalesce(a.number, l.number, '') AS accountNumber, ${SECURITY} AS security, s.id AS securityId, s.ticker, ${TYPE} AS type,
  t.quantity_delta AS quantity, t.price, t.cash_delta AS cash, t.currency, c.name AS source, t.connection_id AS connectionId, t.memo,
  t.type AS word`;

type Row = Omit<TransactionRow, 'id' | 'accountId' | 'securityId' | 'connectionId'> & {
  id: number;
  accountId: number | null;
  securityId: number | null;
  connectionId: number;
  word: string;
};
const OWN_WORD = 'other:';

const toRow = ({ word, ...row }: Row): TransactionRow => ({
  ...row,
  id: String(row.id),
  accountId: idText(row.accountId),
  securityId: idText(row.securityId),
  connectionId: String(row.connectionId),
  memo: word.startsWith(OWN_WORD) ? [word.slice(OWN_WORD.length), row.memo].filter(Boolean).join('; ') : row.memo,
});

type Totals = Output<'transactions.page'>['totals'];
interface Matching {
  readonly totals: Totals;
  readonly total: number;
  readonly unmapped: number;
}

/** Sums and counts of everything that matches. */
function matching(db: ReadDb, condition: string, params: readonly (string | number | bigint)[]): Matching {
  return remembered(db, `transactions ${condition} ${paramsKey(params)}`, () => {
    const rows = db
      .prepare(
        `SELECT t.currency, dec_sum(t.cash_delta) AS cash, count(*) AS transactions, count(DISTINCT t.connection_id) AS sources,
           sum(${TYPE} = 'other') AS unmapped
         FROM ${fromFor(FROM, 'source_transactions', 't', condition)} WHERE ${condition}
         GROUP BY t.currency ORDER BY t.currency = 'USD' DESC, t.currency`,
      )
      .all(...params) as (Totals[number] & { unmapped: number })[];
    return {
      totals: rows.map(({ currency, cash, transactions, sources }) => ({ currency, cash, transactions, sources })),
      total: rows.reduce((sum, row) => sum + row.transactions, 0),
      unmapped: rows.reduce((sum, row) => sum + row.unmapped, 0),
    };
  });
}

function page(db: ReadDb, request: HandlerInput<'transactions.page'>): Output<'transactions.page'> {
  const { where, params } = gridWhere(GRID, request, SEARCH);
  const condition = `${CURRENT} AND ${where}`;
  const sort = request.sort.length === 0 ? [{ column: 'tradeDate', direction: 'desc' as const }] : request.sort;
  const order = gridOrder(GRID, { sort }, 't.id DESC');
  const indexed = isPlain(request);
  const list = { from: FROM, table: 'source_transactions', alias: 't', row: ROW, condition, order, indexed };
  const { rows } = pageOf<Row>(db, list, params, request);
  return { rows: rows.map(toRow), ...matching(db, condition, params) };
}

type Kept = Row & KeptVersion;

function get(db: ReadDb, { id }: HandlerInput<'transactions.get'>): Output<'transactions.get'> {
  const versions = db
    .prepare(
      `SELECT ${ROW}, ${KEPT}
       FROM ${FROM} ${KEPT_JOIN}
       WHERE (t.connection_id, t.external_id) = (SELECT connection_id, external_id FROM source_transactions WHERE id = ?)
       ORDER BY t.id DESC`,
    )
    .all(Number(id)) as Kept[];
  const found = withHistory(versions, id, (kept) => toRow(plainRow(kept)));
  if (!found) throw new AppError('not_found', 'There is no such transaction. It may have been removed; refresh the list.');
  return found.detail;
}

/** Queries over what the sources say has happened. */
export const transactionReads = { 'transactions.page': page, 'transactions.get': get } satisfies Reads;
