import type { FilterOperator, GridFilter } from './column.ts';

/**
 * Filters in an address: one `f=column~operator~value` each, list values joined by `|`.
 * `f=` alone means no filter at all, so that a link to everything clears what was set before.
 */
const write = (filter: GridFilter): string => {
  const values = typeof filter.value === 'string' ? [filter.value] : filter.value;
  return [filter.column, filter.operator, values.map((value) => encodeURIComponent(value)).join('|')].join('~');
};

/** The address of a screen with a grid, showing exactly these rows. */
export const gridLink = (path: string, filters: readonly GridFilter[] = [], search = ''): string => {
  const params = new URLSearchParams();
  if (filters.length === 0) params.append('f', '');
  for (const filter of filters) params.append('f', write(filter));
  if (search !== '') params.set('q', search);
  return `${path}?${params.toString()}`;
};

const OPERATORS: ReadonlySet<string> = new Set<FilterOperator>([
  'is',
  'in',
  'contains',
  'atLeast',
  'atMost',
  'blank',
  'notBlank',
]);
const isOperator = (text: string): text is FilterOperator => OPERATORS.has(text);

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** The filters an address asks for, null when it says nothing about filters. Unknown columns and operators are left out. */
export const filtersOf = (
  search: URLSearchParams,
  columns: readonly string[],
): { filters: GridFilter[]; search: string } | null => {
  if (!search.has('f') && !search.has('q')) return null;
  const filters = search.getAll('f').flatMap((text): GridFilter[] => {
    const [column = '', operator = '', ...rest] = text.split('~');
    const value = rest.join('~');
    if (!columns.includes(column) || !isOperator(operator)) return [];
    const values = value.split('|').map(decode);
    return [{ column, operator, value: operator === 'in' ? values : (values[0] ?? '') }];
  });
  return { filters, search: search.get('q') ?? '' };
};
