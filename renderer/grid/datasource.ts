import type { IDatasource, IGetRowsParams } from 'ag-grid-community';
import { isAborted, toFailure } from '../api/failure.ts';
import type { GridFilter, GridPage, GridSort, PageRequest } from './column.ts';
import type { GridDefinition } from './grid-handle.ts';
import type { GridStore } from './grid-store.ts';

const MAX_SORTS = 3;

/** The request for a window of rows in the words of the contract. */
export const pageRequest = <C extends string>(
  window: { readonly offset: number; readonly limit: number },
  question: { readonly sort: readonly GridSort[]; readonly filters: readonly GridFilter[]; readonly search: string },
): PageRequest<C> => ({
  offset: window.offset,
  limit: window.limit,
  sort: question.sort.slice(0, MAX_SORTS).map((sort) => ({ column: sort.column as C, direction: sort.direction })),
  filters: question.filters.map((filter) => ({
    column: filter.column as C,
    operator: filter.operator,
    value: typeof filter.value === 'string' ? filter.value : [...filter.value],
  })),
  search: question.search,
});

/** Feeds the grid from `fetchPage`. One datasource answers one question; a new question gets a new one and aborts the old. */
export const createDatasource = <R, C extends string>(
  definition: GridDefinition<R, C>,
  store: GridStore<R>,
  onReached: (reached: boolean) => void,
): IDatasource => {
  const stop = new AbortController();
  let waiting = 0;

  const settle = (change: { total?: number; failure: ReturnType<typeof toFailure> | null }): void => {
    waiting -= 1;
    if (!stop.signal.aborted) store.setState({ ...change, loading: waiting > 0 });
  };

  return {
    getRows: (params: IGetRowsParams) => {
      waiting += 1;
      store.setState({ loading: true });
      const { filters, search } = store.getState();
      const sort = params.sortModel.map(({ colId, sort: direction }): GridSort => ({ column: colId, direction }));
      const request = pageRequest<C>(
        { offset: params.startRow, limit: params.endRow - params.startRow },
        { filters, search, sort },
      );
      definition.fetchPage(request, stop.signal).then(
        (page: GridPage<R>) => {
          if (stop.signal.aborted) return;
          onReached(true);
          params.successCallback([...page.rows], page.total);
          settle({ total: page.total, failure: null });
          definition.onPage?.(page);
        },
        (error: unknown) => {
          params.failCallback();
          if (stop.signal.aborted || isAborted(error)) return;
          const failure = toFailure(error);
          onReached(failure.code !== 'offline');
          settle({ failure });
        },
      );
    },
    destroy: () => stop.abort(),
  };
};
