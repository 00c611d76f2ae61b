import type { ReactNode } from 'react';
import type { FILTER_OPERATORS } from '../../shared/contract/grid.ts';
import { tryDec } from '../../shared/model/decimal.ts';
import { exactAmount, formatAmount, formatCount, MONEY, type Scale } from '../format/amount.ts';
import { formatDate, formatInstant } from '../format/time.ts';
import type { Preferences } from '../app/preferences.ts';

export type FilterOperator = (typeof FILTER_OPERATORS)[number];

export interface GridFilter<C extends string = string> {
  readonly column: C;
  readonly operator: FilterOperator;
  readonly value: string | readonly string[];
}
export interface GridSort<C extends string = string> {
  readonly column: C;
  readonly direction: 'asc' | 'desc';
}

/** How a column's values look, sort into a place and are filtered. */
export type ColumnKind = 'text' | 'identifier' | 'amount' | 'count' | 'date' | 'instant' | 'choice';

export interface GridColumn<R, C extends string = string> {
  /** Name of the column in the contract: sorting and filtering use it. */
  readonly id: C;
  readonly header: string;
  readonly kind: ColumnKind;
  /** The exact value: what is copied, and what the tooltip and the status bar show. */
  readonly value: (row: R) => string | number | null;
  /** Draws the cell instead of the plain text; for icons and badges. */
  readonly show?: (row: R) => ReactNode;
  /** Decimals of an amount. */
  readonly scale?: Scale | ((row: R) => Scale);
  /** Values of a choice in order, with their names. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[];
  readonly width: number;
  /** Takes its share of the spare width. */
  readonly grows?: boolean;
  readonly hidden?: boolean;
  readonly pinned?: boolean;
  readonly sortable?: boolean;
  /** Sorted by it until the person sorts otherwise; the order of the columns is the order of the sorts. */
  readonly sorted?: 'asc' | 'desc';
  readonly filterable?: boolean;
}

/** The values of a choice in order, with their names. */
export const choicesOf = <K extends string>(values: readonly K[], names: Readonly<Record<K, string>>) =>
  values.map((value) => ({ value, label: names[value] }));

export const isNumeric = (kind: ColumnKind): boolean => kind === 'amount' || kind === 'count';

const scaleFor = <R>(column: GridColumn<R>, row: R): Scale =>
  typeof column.scale === 'function' ? column.scale(row) : (column.scale ?? MONEY);

export interface CellText {
  readonly text: string;
  readonly pad: string;
  /** Says more than `text`, else null. */
  readonly exact: string | null;
}

/** What a cell shows for a row. */
export const cellText = <R>(column: GridColumn<R>, row: R, dates: Preferences['dates']): CellText => {
  const value = column.value(row);
  if (value === null || value === '') return { text: '–', pad: '', exact: null };
  switch (column.kind) {
    case 'amount': {
      const exact = tryDec(String(value));
      // A column of amounts may say a word where there is no amount: a position is held or not.
      if (exact === null) return { text: String(value), pad: '', exact: null };
      const amount = formatAmount(exact, scaleFor(column, row));
      return { text: amount.text, pad: amount.pad, exact: amount.shortened ? amount.exact : null };
    }
    case 'count':
      return { text: formatCount(Number(value)), pad: '', exact: null };
    case 'date':
      return { text: formatDate(String(value), dates), pad: '', exact: null };
    case 'instant':
      return { text: formatInstant(String(value), dates), pad: '', exact: String(value) };
    case 'choice':
      return { text: column.choices?.find((choice) => choice.value === value)?.label ?? String(value), pad: '', exact: null };
    default:
      return { text: String(value), pad: '', exact: null };
  }
};

/** The whole value of a cell in words, for the status bar. */
export const exactCell = <R>(column: GridColumn<R>, row: R, dates: Preferences['dates']): string => {
  const value = column.value(row);
  if (value === null || value === '') return `${column.header}: none`;
  const amount = column.kind === 'amount' ? tryDec(String(value)) : null;
  return `${column.header}: ${amount === null ? cellText(column, row, dates).text : exactAmount(amount)}`;
};

/** Input members of a grid request, as every grid procedure of the contract takes them. */
export interface PageRequest<C extends string> {
  readonly offset: number;
  readonly limit: number;
  readonly sort: { column: C; direction: 'asc' | 'desc' }[];
  readonly filters: { column: C; operator: FilterOperator; value: string | string[] }[];
  readonly search: string;
}
export interface GridPage<R> {
  readonly rows: readonly R[];
  readonly total: number;
}
