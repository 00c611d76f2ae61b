import { z } from 'zod';
import { PLATFORMS } from '../model/holding.ts';
import { TRANSACTION_TYPES } from '../model/transaction.ts';
import { gridPage, gridRequest } from './grid.ts';
import { query } from './procedure.ts';
import { calendarDate, count, currency, decimal, id, instant } from './values.ts';

export const TRANSACTION_COLUMNS = [
  'tradeDate',
  'settleDate',
  'account',
  'accountNumber',
  'security',
  'ticker',
  'type',
  'quantity',
  'price',
  'cash',
  'currency',
  'source',
  'memo',
  'accountId',
  'securityId',
  'connectionId',
] as const;

export const transactionRow = z.object({
  id,
  tradeDate: calendarDate,
  settleDate: calendarDate.nullable(),
  account: z.string(),
  /** Null while the account of the source is not linked to one of the book. */
  accountId: id.nullable(),
  accountNumber: z.string(),
  /** Null for a movement of cash alone. */
  security: z.string().nullable(),
  securityId: id.nullable(),
  ticker: z.string().nullable(),
  type: z.enum(TRANSACTION_TYPES),
  /** + more units. */
  quantity: decimal,
  price: decimal.nullable(),
  /** + more cash. */
  cash: decimal,
  currency,
  source: z.string(),
  connectionId: id,
  memo: z.string(),
});
export type TransactionRow = z.infer<typeof transactionRow>;

export const transactions = {
  'transactions.page': query({
    summary: 'Transactions as each source reports them, with exact totals of cash over everything that matches',
    http: { method: 'GET', path: '/transactions' },
    input: gridRequest(TRANSACTION_COLUMNS),
    output: gridPage(transactionRow).extend({
      /** Several sources may report the same event: `sources` says over how many a sum runs. */
      totals: z.array(z.object({ currency, cash: decimal, transactions: count, sources: count })),
      /** Of those that match: of a kind no table knows, whose units and cash are not counted. */
      unmapped: count,
    }),
    errors: [],
    access: 'viewer',
  }),
  'transactions.get': query({
    summary: 'One transaction: every fact, where it came from, and what its source said before',
    http: { method: 'GET', path: '/transactions/:id' },
    input: z.strictObject({ id }),
    output: z.object({
      row: transactionRow,
      platform: z.enum(PLATFORMS),
      externalId: z.string(),
      receivedAt: instant,
      operationId: id,
      /** False once the source took it back. */
      current: z.boolean(),
      /** Earlier versions of the same record, newest first. */
      versions: z.array(z.object({ row: transactionRow, receivedAt: instant, operationId: id })),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
};
