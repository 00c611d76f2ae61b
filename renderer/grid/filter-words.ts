import { tryDec } from '../../shared/model/decimal.ts';
import { exactAmount } from '../format/amount.ts';
import { formatInstant } from '../format/time.ts';
import type { GridColumn, GridFilter } from './column.ts';
import { plainValue } from './filter-draft.ts';

const DAY_LENGTH = '2026-11-20'.length;

const valueWords = <R>(column: GridColumn<R> | undefined, value: string): string => {
  if (column?.kind === 'choice') return column.choices?.find((choice) => choice.value === value)?.label ?? value;
  // A moment that a link asks for, as opposed to a day that a person wrote.
  if (column?.kind === 'instant' && plainValue(value).length > DAY_LENGTH) return formatInstant(value, 'iso');
  const amount = column?.kind === 'amount' ? tryDec(value) : null;
  return amount === null ? plainValue(value) : exactAmount(amount);
};

/** A filter as a person reads it on its chip: `Market value at least 10,000`. */
export const filterWords = <R>(
  filter: GridFilter,
  columns: readonly GridColumn<R>[],
  linkColumns: Readonly<Partial<Record<string, string>>> = {},
): string => {
  const column = columns.find((candidate) => candidate.id === filter.column);
  const name = column?.header ?? linkColumns[filter.column] ?? filter.column;
  const values = typeof filter.value === 'string' ? [filter.value] : filter.value;
  const words = values.map((value) => valueWords(column, value));
  const isDate = column?.kind === 'date' || column?.kind === 'instant';
  switch (filter.operator) {
    case 'contains':
      return `${name} contains ${words.join(', ')}`;
    case 'atLeast':
      return `${name} ${isDate ? 'from' : 'at least'} ${words.join('')}`;
    case 'atMost':
      return `${name} ${isDate ? 'to' : 'at most'} ${words.join('')}`;
    case 'blank':
      return `${name} empty`;
    case 'notBlank':
      return `${name} not empty`;
    default:
      return column ? `${name}: ${words.slice(0, 3).join(', ')}${words.length > 3 ? ` and ${words.length - 3} more` : ''}` : name;
  }
};
