import { AlertTriangle } from 'lucide-react';
import { LOT_SUMS, type TAX_LOT_COLUMNS, type TaxLotRow } from '../../../shared/contract/tax-lots.ts';
import { TAX_TERMS } from '../../../shared/model/tax-lot.ts';
import { Badge } from '../../components/badge.tsx';
import { MONEY, PRICE, QUANTITY } from '../../format/amount.ts';
import { LOT_SUM_NAME, TERM_NAME } from '../../format/words.ts';
import { choicesOf, type GridColumn } from '../../grid/column.ts';
import { LotSumBadge } from './lot-sum-badge.tsx';

export type TaxLotColumn = (typeof TAX_LOT_COLUMNS)[number];

/** Columns that links filter by, with what their chip says. */
export const LINK_COLUMNS = { accountId: 'One account', securityId: 'One security', connectionId: 'One connection' } as const;

/** The term as the source says, marked where it does not fit the day. */
export const Term = ({ lot }: { readonly lot: Pick<TaxLotRow, 'term' | 'termDoubtful'> }) => {
  if (lot.term === null) return <span className="quiet">–</span>;
  if (!lot.termDoubtful) return <>{TERM_NAME[lot.term]}</>;
  return (
    <span title="The term does not fit the day of acquisition">
      <Badge tone="wait" icon={<AlertTriangle size={14} aria-hidden />}>
        {TERM_NAME[lot.term]}
        <span className="visually-hidden">, does not fit the day</span>
      </Badge>
    </span>
  );
};

export const TAX_LOT_GRID: readonly GridColumn<TaxLotRow, TaxLotColumn>[] = [
  { id: 'acquiredOn', header: 'Acquired', kind: 'date', value: (row) => row.acquiredOn, width: 112, sorted: 'desc' },
  { id: 'security', header: 'Security', kind: 'text', value: (row) => row.security, width: 160, grows: true },
  { id: 'ticker', header: 'Ticker', kind: 'identifier', value: (row) => row.ticker, width: 70, hidden: true },
  { id: 'account', header: 'Account', kind: 'text', value: (row) => row.account, width: 160, grows: true },
  { id: 'accountNumber', header: 'Account no.', kind: 'identifier', value: (row) => row.accountNumber, width: 110, hidden: true },
  {
    id: 'term',
    header: 'Term',
    kind: 'choice',
    value: (row) => row.term,
    choices: choicesOf(TAX_TERMS, TERM_NAME),
    show: (row) => <Term lot={row} />,
    width: 84,
  },
  { id: 'quantity', header: 'Quantity', kind: 'amount', scale: QUANTITY, value: (row) => row.quantity, width: 104 },
  { id: 'unitCost', header: 'Unit cost', kind: 'amount', scale: PRICE, value: (row) => row.unitCost, width: 112 },
  { id: 'cost', header: 'Cost', kind: 'amount', scale: MONEY, value: (row) => row.cost, width: 112 },
  { id: 'value', header: 'Value', kind: 'amount', scale: MONEY, value: (row) => row.value, width: 112 },
  { id: 'gain', header: 'Gain', kind: 'amount', scale: MONEY, value: (row) => row.gain, width: 112 },
  { id: 'currency', header: 'Currency', kind: 'text', value: (row) => row.currency, width: 84, hidden: true },
  {
    id: 'sum',
    header: 'Lots and position',
    kind: 'choice',
    value: (row) => row.sum,
    choices: choicesOf(LOT_SUMS, LOT_SUM_NAME),
    show: (row) => <LotSumBadge sum={row.sum} />,
    width: 136,
    sortable: false,
  },
  { id: 'source', header: 'Source', kind: 'text', value: (row) => row.source, width: 96 },
];
