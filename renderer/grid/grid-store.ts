import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Failure } from '../api/failure.ts';
import type { GridFilter, GridSort } from './column.ts';
import { choose, EVERYTHING, NOTHING, type Selection } from './selection.ts';

/** State of one grid that outlives its screen: what is looked at, what is chosen, what came back. */
export interface GridState<R> {
  readonly search: string;
  readonly filters: readonly GridFilter[];
  readonly sort: readonly GridSort[];
  readonly selection: Selection;
  /** Rows chosen one by one, or, when everything is chosen, those taken out: their data is needed for sums and copying. */
  readonly known: ReadonlyMap<string, R>;
  /** Rows that match; null until the first answer. */
  readonly total: number | null;
  readonly loading: boolean;
  readonly failure: Failure | null;
  /** The row under the cursor. */
  readonly current: R | null;
  /** The column whose filter form is open, and what it hangs on. */
  readonly filterOpen: { readonly column: string; readonly anchor: Element } | null;
}

export type GridStore<R> = StoreApi<GridState<R>>;

export const createGridStore = <R>(): GridStore<R> =>
  createStore<GridState<R>>(() => ({
    search: '',
    filters: [],
    sort: [],
    selection: NOTHING,
    known: new Map(),
    total: null,
    loading: false,
    failure: null,
    current: null,
    filterOpen: null,
  }));

const NO_SELECTION = { selection: NOTHING, known: new Map<string, never>() };

/** Replaces the filters of one column; a changed question lets the selection go, so that nothing unseen stays chosen. */
export const setColumnFilters = <R>(store: GridStore<R>, column: string, filters: readonly GridFilter[]): void =>
  store.setState((state) => ({
    ...NO_SELECTION,
    filters: [...state.filters.filter((filter) => filter.column !== column), ...filters],
  }));

export const setFilters = <R>(store: GridStore<R>, filters: readonly GridFilter[], search = ''): void =>
  store.setState({ ...NO_SELECTION, filters, search });

export const removeFilter = <R>(store: GridStore<R>, filter: GridFilter): void =>
  store.setState((state) => ({ ...NO_SELECTION, filters: state.filters.filter((other) => other !== filter) }));

export const setSearch = <R>(store: GridStore<R>, search: string): void => store.setState({ ...NO_SELECTION, search });

export const chooseRows = <R>(
  store: GridStore<R>,
  rows: readonly { readonly id: string; readonly row: R }[],
  chosen: boolean,
): void =>
  store.setState((state) => {
    const known = new Map(state.known);
    let { selection } = state;
    for (const { id, row } of rows) {
      selection = choose(selection, id, chosen);
      if (chosen === (selection.mode === 'some')) known.set(id, row);
      else known.delete(id);
    }
    return { selection, known };
  });

export const chooseAll = <R>(store: GridStore<R>): void => store.setState({ selection: EVERYTHING, known: new Map() });
export const chooseNone = <R>(store: GridStore<R>): void => store.setState(NO_SELECTION);
