import type { HOLDING_COLUMNS, HoldingRow } from '../../../shared/contract/book.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { MONEY, PRICE, QUANTITY } from '../../format/amount.ts';
import { TYPE_NAME } from '../../format/words.ts';
import type { GridColumn } from '../../grid/column.ts';

export type HoldingColumn = (typeof HOLDING_COLUMNS)[number];
export type HoldingGroup = Output<'holdings.groups'>['rows'][number];
export const GROUPINGS = ['none', 'portfolio', 'account', 'security'] as const;
export type Grouping = (typeof GROUPINGS)[number];
export type GroupKey = Exclude<Grouping, 'none'>;

/** Columns that links filter by, with what their chip says. */
export const LINK_COLUMNS = {
  portfolioId: 'One portfolio',
  accountId: 'One account',
  securityId: 'One security',
  connectionId: 'One connection',
} as const;

export const HOLDING_GRID: readonly GridColumn<HoldingRow, HoldingColumn>[] = [
  { id: 'security', header: 'Security', kind: 'text', value: (row) => row.security, width: 220, grows: true },
  { id: 'ticker', header: 'Ticker', kind: 'identifier', value: (row) => row.ticker, width: 70 },
  { id: 'cusip', header: 'CUSIP', kind: 'identifier', value: (row) => row.cusip, width: 94 },
  { id: 'account', header: 'Account', kind: 'text', value: (row) => row.account, width: 210, grows: true },
  { id: 'accountNumber', header: 'Account no.', kind: 'identifier', value: (row) => row.accountNumber, width: 110, hidden: true },
  { id: 'portfolio', header: 'Portfolio', kind: 'text', value: (row) => row.portfolio, width: 180, hidden: true },
  { id: 'custodian', header: 'Custodian', kind: 'text', value: (row) => row.custodian, width: 140, hidden: true },
  {
    id: 'type',
    header: 'Type',
    kind: 'choice',
    value: (row) => row.type,
    choices: Object.entries(TYPE_NAME).map(([value, label]) => ({ value, label })),
    width: 64,
  },
  { id: 'quantity', header: 'Quantity', kind: 'amount', scale: QUANTITY, value: (row) => row.quantity, width: 114 },
  { id: 'price', header: 'Price', kind: 'amount', scale: PRICE, value: (row) => row.price, width: 106 },
  { id: 'marketValue', header: 'Market value', kind: 'amount', scale: MONEY, value: (row) => row.marketValue, width: 110 },
  { id: 'costBasis', header: 'Cost basis', kind: 'amount', scale: MONEY, value: (row) => row.costBasis, width: 110 },
  { id: 'currency', header: 'Currency', kind: 'text', value: (row) => row.currency, width: 80, hidden: true },
  { id: 'asOf', header: 'As of', kind: 'date', value: (row) => row.asOf, width: 110 },
  {
    id: 'openConflicts',
    header: 'Conflicts',
    kind: 'count',
    value: (row) => (row.openConflicts === 0 ? null : row.openConflicts),
    width: 84,
  },
  { id: 'sources', header: 'Sources', kind: 'count', value: (row) => row.sources, width: 80, hidden: true },
];

const GROUP_NAME: Readonly<Record<GroupKey, string>> = { portfolio: 'Portfolio', account: 'Account', security: 'Security' };

const groupColumns = (by: GroupKey): readonly GridColumn<HoldingGroup, HoldingColumn>[] => [
  { id: by, header: GROUP_NAME[by], kind: 'text', value: (row) => row.label, width: 320, grows: true },
  {
    id: by === 'security' ? 'cusip' : 'accountNumber',
    header: by === 'security' ? 'Identifiers' : by === 'account' ? 'Number and custodian' : 'Accounts',
    kind: 'text',
    value: (row) => row.detail,
    width: 240,
    sortable: false,
    filterable: false,
  },
  {
    id: 'sources',
    header: 'Positions',
    kind: 'count',
    value: (row) => row.positions,
    width: 96,
    sortable: false,
    filterable: false,
  },
  ...(by === 'security'
    ? [
        {
          id: 'quantity' as const,
          header: 'Quantity',
          kind: 'amount' as const,
          scale: QUANTITY,
          value: (row: HoldingGroup) => row.quantity,
          width: 140,
          filterable: false,
        },
      ]
    : []),
  {
    id: 'marketValue',
    header: 'Market value',
    kind: 'amount',
    scale: MONEY,
    value: (row) => row.marketValue,
    width: 160,
    filterable: false,
  },
  {
    id: 'costBasis',
    header: 'Cost basis',
    kind: 'amount',
    scale: MONEY,
    value: (row) => row.costBasis,
    width: 160,
    filterable: false,
  },
  {
    id: 'currency',
    header: 'Currency',
    kind: 'text',
    value: (row) => row.currency,
    width: 88,
    sortable: false,
    filterable: false,
  },
  {
    id: 'openConflicts',
    header: 'Conflicts',
    kind: 'count',
    value: (row) => (row.openConflicts === 0 ? null : row.openConflicts),
    width: 96,
    filterable: false,
  },
];

export const GROUP_GRID: Readonly<Record<GroupKey, readonly GridColumn<HoldingGroup, HoldingColumn>[]>> = {
  portfolio: groupColumns('portfolio'),
  account: groupColumns('account'),
  security: groupColumns('security'),
};
