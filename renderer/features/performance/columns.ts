import { mul, type Dec } from '../../../shared/model/decimal.ts';
import { PERIOD_KINDS, FEE_TREATMENTS, RETURN_METHODS } from '../../../shared/model/performance.ts';
import type { PERFORMANCE_COLUMNS, PerformanceRow } from '../../../shared/contract/performance.ts';
import { MONEY } from '../../format/amount.ts';
import { FEES_NAME, METHOD_NAME, PERIOD_NAME } from '../../format/words.ts';
import { choicesOf, type GridColumn } from '../../grid/column.ts';

export type PerformanceColumn = (typeof PERFORMANCE_COLUMNS)[number];

/** Columns that links filter by, with what their chip says. */
export const LINK_COLUMNS = { accountId: 'One account', connectionId: 'One connection' } as const;

const PERCENT = { min: 2, max: 4 };
/** A fraction as percent, every digit of it. */
export const percentOf = (fraction: Dec): Dec => mul(fraction, '100' as Dec);

export const PERFORMANCE_GRID: readonly GridColumn<PerformanceRow, PerformanceColumn>[] = [
  { id: 'account', header: 'Account', kind: 'text', value: (row) => row.account, width: 180, grows: true },
  { id: 'accountNumber', header: 'Account no.', kind: 'identifier', value: (row) => row.accountNumber, width: 110, hidden: true },
  {
    id: 'period',
    header: 'Period',
    kind: 'choice',
    value: (row) => row.period,
    show: (row) => `${PERIOD_NAME[row.period]}${row.annualised ? ', per year' : ''}`,
    choices: choicesOf(PERIOD_KINDS, PERIOD_NAME),
    width: 124,
  },
  { id: 'percent', header: 'Return, %', kind: 'amount', scale: PERCENT, value: (row) => percentOf(row.rate), width: 104 },
  {
    id: 'fees',
    header: 'Fees',
    kind: 'choice',
    value: (row) => row.fees,
    choices: choicesOf(FEE_TREATMENTS, FEES_NAME),
    width: 76,
  },
  { id: 'source', header: 'Source', kind: 'text', value: (row) => row.source, width: 116 },
  { id: 'from', header: 'From', kind: 'date', value: (row) => row.from, width: 108 },
  { id: 'to', header: 'To', kind: 'date', value: (row) => row.to, width: 108, sorted: 'desc' },
  {
    id: 'beginValue',
    header: 'Begin value',
    kind: 'amount',
    scale: MONEY,
    value: (row) => row.beginValue,
    width: 130,
    hidden: true,
  },
  { id: 'endValue', header: 'End value', kind: 'amount', scale: MONEY, value: (row) => row.endValue, width: 130, hidden: true },
  { id: 'netFlows', header: 'Net flows', kind: 'amount', scale: MONEY, value: (row) => row.netFlows, width: 120, hidden: true },
  { id: 'currency', header: 'Currency', kind: 'text', value: (row) => row.currency, width: 84, hidden: true },
  {
    id: 'method',
    header: 'Method',
    kind: 'choice',
    value: (row) => row.method,
    choices: choicesOf(RETURN_METHODS, METHOD_NAME),
    width: 120,
    hidden: true,
  },
];
