import { useMemo } from 'react';
import { useStore } from 'zustand';
import type { GridFilter } from './column.ts';
import type { GridHandle } from './grid-handle.ts';

/** What a grid asks without its filters of one column: counted so, the other values of the column stay in sight. */
export const useOtherFilters = <R, C extends string>(
  grid: Pick<GridHandle<R, C>, 'store'>,
  column: C,
): { readonly filters: readonly GridFilter[]; readonly search: string } => {
  const filters = useStore(grid.store, (state) => state.filters);
  const search = useStore(grid.store, (state) => state.search);
  return useMemo(() => ({ filters: filters.filter((filter) => filter.column !== column), search }), [filters, search, column]);
};

interface Counts {
  readonly total: number;
  readonly facets: Readonly<Partial<Record<'status', readonly { readonly value: string; readonly count: number }[]>>>;
}

/** How many rows have one of these statuses; 0 until counted. */
export const statusCount = (counts: Counts | undefined, ...statuses: readonly string[]): number =>
  (counts?.facets.status ?? []).reduce((sum, { value, count }) => (statuses.includes(value) ? sum + count : sum), 0);
