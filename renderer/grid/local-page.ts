import { cmp, tryDec } from '../../shared/model/decimal.ts';
import type { GridColumn, GridPage, PageRequest } from './column.ts';

type Filter<C extends string> = PageRequest<C>['filters'][number];

const textOf = (value: string | number | null): string => (value === null ? '' : String(value));

/** Numbers by value, everything else by text; nothing comes last, whichever way is asked. */
const compare = (a: string, b: string, direction: 'asc' | 'desc'): number => {
  if (a === '' || b === '') return a === b ? 0 : a === '' ? 1 : -1;
  const [x, y] = [tryDec(a), tryDec(b)];
  const order = x !== null && y !== null ? cmp(x, y) : a.localeCompare(b);
  return direction === 'asc' ? order : -order;
};

const passes = <C extends string>(text: string, { operator, value }: Filter<C>): boolean => {
  const values = typeof value === 'string' ? [value] : value;
  const [first = ''] = values;
  switch (operator) {
    case 'is':
    case 'in':
      return values.includes(text);
    case 'contains':
      return text.toLowerCase().includes(first.toLowerCase());
    case 'atLeast':
      return text !== '' && compare(text, first, 'asc') >= 0;
    case 'atMost':
      return text !== '' && compare(text, first, 'asc') <= 0;
    case 'blank':
      return text === '';
    case 'notBlank':
      return text !== '';
  }
};

/** Answers a grid request from rows that are here already: filtered, searched, sorted, windowed. */
export const localPage = <R, C extends string>(
  rows: readonly R[],
  columns: readonly GridColumn<R, C>[],
  request: PageRequest<C>,
): GridPage<R> => {
  const valueOf = (row: R, id: C): string => textOf(columns.find((column) => column.id === id)?.value(row) ?? null);
  const words = request.search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => {
    if (!request.filters.every((filter) => passes(valueOf(row, filter.column), filter))) return false;
    if (words.length === 0) return true;
    const whole = columns
      .map((column) => textOf(column.value(row)))
      .join('\n')
      .toLowerCase();
    return words.every((word) => whole.includes(word));
  });
  const sorted =
    request.sort.length === 0
      ? found
      : found.toSorted((a, b) => {
          for (const { column, direction } of request.sort) {
            const order = compare(valueOf(a, column), valueOf(b, column), direction);
            if (order !== 0) return order;
          }
          return 0;
        });
  return { rows: sorted.slice(request.offset, request.offset + request.limit), total: sorted.length };
};
