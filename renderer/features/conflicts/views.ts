import { CONFLICT_STATUS, type CONFLICT_COLUMNS } from '../../../shared/contract/conflicts.ts';
import type { CallInput } from '../../../shared/contract/index.ts';
import type { GridFilter } from '../../grid/column.ts';

export type ConflictColumn = (typeof CONFLICT_COLUMNS)[number];
export type ConflictStatus = (typeof CONFLICT_STATUS)[number];
export interface Question {
  readonly filters: NonNullable<CallInput<'conflicts.facets'>['filters']>;
  readonly search: string;
}

export const VIEWS = ['undecided', 'settled', 'healed', 'all'] as const;
export type View = (typeof VIEWS)[number];

export const VIEW_NAME: Readonly<Record<View, string>> = {
  undecided: 'Undecided',
  settled: 'Settled',
  healed: 'Healed',
  all: 'All',
};

const VIEW_STATUSES: Readonly<Record<View, readonly ConflictStatus[]>> = {
  undecided: ['open', 'review'],
  settled: ['settled'],
  healed: ['healed'],
  all: CONFLICT_STATUS,
};

const isView = (text: string | null): text is View => (VIEWS as readonly (string | null)[]).includes(text);

const statusesOf = (filters: readonly GridFilter[]): readonly string[] =>
  filters.filter((filter) => filter.column === 'status').flatMap((filter) => filter.value);

/** The view in front: the one asked for, unless the filters name a status outside it, as a link may. */
export const viewOf = (asked: string | null, filters: readonly GridFilter[]): View => {
  const view = isView(asked) ? asked : 'undecided';
  return statusesOf(filters).every((status) => (VIEW_STATUSES[view] as readonly string[]).includes(status)) ? view : 'all';
};

/** An upper date means the whole of that day. */
const wholeDay = (filter: GridFilter): GridFilter =>
  filter.column === 'openedAt' && filter.operator === 'atMost' && typeof filter.value === 'string' && filter.value.length === 10
    ? { ...filter, value: `${filter.value}T23:59:59.999Z` }
    : filter;

/** Filters and search of the list together with its view, as every procedure about conflicts takes them. */
export const toQuestion = (view: View, filters: readonly GridFilter[], search: string): Question => ({
  filters: [
    ...(view === 'all' ? [] : [{ column: 'status' as const, operator: 'in' as const, value: [...VIEW_STATUSES[view]] }]),
    ...filters.map(wholeDay).map(({ column, operator, value }) => ({
      column: column as ConflictColumn,
      operator,
      value: typeof value === 'string' ? value : [...value],
    })),
  ],
  search,
});
