import { BREAK_STATUS, type BREAK_COLUMNS, type BreakRow, type RunSummary } from '../../../shared/contract/reconciliation.ts';
import type { CallInput } from '../../../shared/contract/index.ts';
import { div, type Dec } from '../../../shared/model/decimal.ts';
import { formatPercent } from '../../format/amount.ts';
import type { GridFilter } from '../../grid/column.ts';

export type BreakColumn = (typeof BREAK_COLUMNS)[number];
export type BreakStatus = BreakRow['status'];
export interface BreakQuestion {
  readonly filters: NonNullable<CallInput<'reconciliation.facets'>['filters']>;
  readonly search: string;
}

export const BREAK_VIEWS = ['open', 'closed', 'all'] as const;
export type BreakView = (typeof BREAK_VIEWS)[number];
export const BREAK_VIEW_NAME: Readonly<Record<BreakView, string>> = { open: 'Open', closed: 'Fixed and accepted', all: 'All' };

const STATUSES: Readonly<Record<BreakView, readonly BreakStatus[]>> = {
  open: ['open'],
  closed: ['fixed', 'accepted'],
  all: BREAK_STATUS,
};

const isView = (text: string | null): text is BreakView => (BREAK_VIEWS as readonly (string | null)[]).includes(text);

/** The view in front: the one asked for, unless the filters name a status outside it, as a link may. */
export const breakViewOf = (asked: string | null, filters: readonly GridFilter[]): BreakView => {
  const view = isView(asked) ? asked : 'open';
  const named = filters.filter((filter) => filter.column === 'status').flatMap((filter) => filter.value);
  return named.every((status) => (STATUSES[view] as readonly string[]).includes(status)) ? view : 'all';
};

/** Filters and search of the list together with its view, as every procedure about breaks takes them. */
export const toBreakQuestion = (view: BreakView, filters: readonly GridFilter[], search: string): BreakQuestion => ({
  filters: [
    ...(view === 'all' ? [] : [{ column: 'status' as const, operator: 'in' as const, value: [...STATUSES[view]] }]),
    ...filters.map(({ column, operator, value }) => ({
      column: column as BreakColumn,
      operator,
      value: typeof value === 'string' ? value : [...value],
    })),
  ],
  search,
});

/** Matched of compared as a percentage; null when nothing was compared. Counts are whole numbers. */
export const matchRate = ({ compared, matched }: Pick<RunSummary, 'compared' | 'matched'>): string | null => {
  const rate = div(String(matched) as Dec, String(compared) as Dec, 6);
  return rate === null ? null : formatPercent(rate);
};

/** The run in front: the one asked for, else the newest that has breaks to show, else the newest. */
export const runInFront = (runs: readonly RunSummary[], asked: string | null): RunSummary | null =>
  runs.find((run) => run.id === asked) ?? runs.find((run) => run.status === 'completed') ?? runs[0] ?? null;
