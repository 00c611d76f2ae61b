import { pageRequest } from './datasource.ts';
import type { PageRequest } from './column.ts';
import type { GridHandle } from './grid-handle.ts';

export type ContractSelection<C extends string> =
  | { readonly ids: string[] }
  | { readonly matching: Pick<PageRequest<C>, 'filters' | 'search'>; readonly except: string[] };

/** The chosen rows as commands of the contract take them. Null when nothing is chosen. */
export const toContractSelection = <R, C extends string>(grid: GridHandle<R, C>): ContractSelection<C> | null => {
  const { selection, filters, search } = grid.store.getState();
  if (selection.mode === 'some') return selection.ids.size === 0 ? null : { ids: [...selection.ids] };
  const request = pageRequest<C>({ offset: 0, limit: 1 }, { sort: [], filters, search });
  return { matching: { filters: request.filters, search: request.search }, except: [...selection.except] };
};
