import { CirclePlus, CircleX, Equal, PencilLine } from 'lucide-react';
import type { ReactNode } from 'react';
import { IMPORT_ROW_STATES, type ImportPreviewRow } from '../../../shared/contract/imports.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { MONEY, PRICE, QUANTITY } from '../../format/amount.ts';
import type { GridColumn } from '../../grid/column.ts';

export type RowState = (typeof IMPORT_ROW_STATES)[number];
export type PreviewLine = ImportPreviewRow & { readonly id: string };
export type PreviewColumn = keyof ImportPreviewRow;

export const ROW_STATE_NAME: Readonly<Record<RowState, string>> = {
  new: 'New',
  changed: 'Changed',
  unchanged: 'Unchanged',
  rejected: 'Rejected',
};
export const ROW_STATE_TONE: Readonly<Record<RowState, Tone>> = {
  new: 'clearway',
  changed: 'wait',
  unchanged: 'plain',
  rejected: 'bad',
};
export const ROW_STATE_ICON: Readonly<Record<RowState, ReactNode>> = {
  new: <CirclePlus size={14} aria-hidden />,
  changed: <PencilLine size={14} aria-hidden />,
  unchanged: <Equal size={14} aria-hidden />,
  rejected: <CircleX size={14} aria-hidden />,
};
const KIND_NAME: Readonly<Record<ImportPreviewRow['kind'], string>> = {
  position: 'Position',
  cash: 'Cash',
  transaction: 'Transaction',
};

export const RowStateBadge = ({ state }: { readonly state: RowState }) => (
  <Badge tone={ROW_STATE_TONE[state]} icon={ROW_STATE_ICON[state]}>
    {ROW_STATE_NAME[state]}
  </Badge>
);

/** The columns of the rows of a file. */
export const PREVIEW_GRID: readonly GridColumn<PreviewLine, PreviewColumn>[] = [
  {
    id: 'state',
    header: 'State',
    kind: 'choice',
    value: (row) => row.state,
    choices: IMPORT_ROW_STATES.map((value) => ({ value, label: ROW_STATE_NAME[value] })),
    show: (row) => <RowStateBadge state={row.state} />,
    width: 96,
  },
  {
    id: 'kind',
    header: 'Kind',
    kind: 'choice',
    value: (row) => row.kind,
    choices: Object.entries(KIND_NAME).map(([value, label]) => ({ value, label })),
    width: 96,
  },
  { id: 'label', header: 'What', kind: 'text', value: (row) => row.label, width: 240, grows: true },
  { id: 'identifier', header: 'Identifier', kind: 'identifier', value: (row) => row.identifier, width: 88 },
  { id: 'account', header: 'Account', kind: 'text', value: (row) => row.account, width: 100 },
  { id: 'date', header: 'Date', kind: 'date', value: (row) => row.date, width: 108 },
  { id: 'quantity', header: 'Quantity', kind: 'amount', scale: QUANTITY, value: (row) => row.quantity, width: 96 },
  { id: 'price', header: 'Price', kind: 'amount', scale: PRICE, value: (row) => row.price, width: 100 },
  { id: 'amount', header: 'Amount', kind: 'amount', scale: MONEY, value: (row) => row.amount, width: 112 },
  { id: 'currency', header: 'Currency', kind: 'text', value: (row) => row.currency, width: 70 },
  { id: 'reason', header: 'What changes, or why not', kind: 'text', value: (row) => row.reason, width: 300, grows: true },
];
