import type { TRANSACTION_COLUMNS, TransactionRow } from '../../../shared/contract/transactions.ts';
import { MONEY, PRICE, QUANTITY } from '../../format/amount.ts';
import { TRANSACTION_NAME } from '../../format/words.ts';
import type { GridColumn } from '../../grid/column.ts';

export type TransactionColumn = (typeof TRANSACTION_COLUMNS)[number];

/** Columns that links filter by, with what their chip says. */
export const LINK_COLUMNS = { accountId: 'One account', securityId: 'One security', connectionId: 'One connection' } as const;

/** Nothing moved: a dash says it better than a zero in every second cell. */
const moved = (amount: string): string | null => (amount === '0' ? null : amount);

export const TRANSACTION_GRID: readonly GridColumn<TransactionRow, TransactionColumn>[] = [
  { id: 'tradeDate', header: 'Date', kind: 'date', value: (row) => row.tradeDate, width: 116, sorted: 'desc' },
  { id: 'settleDate', header: 'Settles', kind: 'date', value: (row) => row.settleDate, width: 108, hidden: true },
  { id: 'account', header: 'Account', kind: 'text', value: (row) => row.account, width: 190, grows: true },
  { id: 'accountNumber', header: 'Account no.', kind: 'identifier', value: (row) => row.accountNumber, width: 110, hidden: true },
  { id: 'security', header: 'Security', kind: 'text', value: (row) => row.security, width: 190, grows: true },
  { id: 'ticker', header: 'Ticker', kind: 'identifier', value: (row) => row.ticker, width: 70, hidden: true },
  {
    id: 'type',
    header: 'Type',
    kind: 'choice',
    value: (row) => row.type,
    choices: Object.entries(TRANSACTION_NAME).map(([value, label]) => ({ value, label })),
    width: 104,
  },
  { id: 'quantity', header: 'Quantity', kind: 'amount', scale: QUANTITY, value: (row) => moved(row.quantity), width: 114 },
  { id: 'price', header: 'Price', kind: 'amount', scale: PRICE, value: (row) => row.price, width: 116 },
  { id: 'cash', header: 'Cash', kind: 'amount', scale: MONEY, value: (row) => moved(row.cash), width: 124 },
  { id: 'currency', header: 'Currency', kind: 'text', value: (row) => row.currency, width: 84 },
  { id: 'source', header: 'Source', kind: 'text', value: (row) => row.source, width: 116 },
  { id: 'memo', header: 'Memo', kind: 'text', value: (row) => row.memo, width: 200, hidden: true },
];
