import { useEffect, useMemo, useRef } from 'react';
import { useStore } from 'zustand';
import { useRuntime, type Runtime } from '../app/runtime.tsx';
import { usePlace } from '../router/use-place.ts';
import type { GridPage } from './column.ts';
import type { GridDefinition, GridHandle } from './grid-handle.ts';
import { filtersOf, gridLink } from './grid-link.ts';
import { createGridStore, setFilters, type GridStore } from './grid-store.ts';

const stores = new WeakMap<Runtime, Map<string, unknown>>();

const storeFor = <R>(runtime: Runtime, id: string): GridStore<R> => {
  const mine = stores.get(runtime) ?? new Map<string, unknown>();
  stores.set(runtime, mine);
  const known = mine.get(id) as GridStore<R> | undefined;
  if (known) return known;
  const store = createGridStore<R>();
  mine.set(id, store);
  return store;
};

const REFRESH_AFTER_MS = 120;

/** A grid for a screen. Its state outlives the screen; filters stand in the address, so that links and Back work. */
export const useGrid = <R, C extends string, P extends GridPage<R> = GridPage<R>>(
  definition: GridDefinition<R, C, P>,
): GridHandle<R, C> => {
  const runtime = useRuntime();
  const store = useMemo(() => storeFor<R>(runtime, definition.id), [runtime, definition.id]);
  const latest = useRef(definition);
  latest.current = definition;

  const handle = useMemo((): GridHandle<R, C> => {
    const view: GridHandle<R, C>['view'] = { api: null };
    return {
      get definition() {
        return latest.current as unknown as GridDefinition<R, C>;
      },
      store,
      view,
      refresh: () => view.api?.refreshInfiniteCache(),
      move: (by) => {
        const { api } = view;
        const at = api?.getFocusedCell();
        if (!api || !at) return false;
        const next = at.rowIndex + by;
        if (next < 0 || next >= (store.getState().total ?? 0)) return false;
        api.ensureIndexVisible(next);
        api.setFocusedCell(next, at.column);
        return true;
      },
      focus: () => {
        const { api } = view;
        const column = api?.getFocusedCell()?.column ?? api?.getAllDisplayedColumns()[1];
        if (api && column) api.setFocusedCell(api.getFocusedCell()?.rowIndex ?? 0, column);
      },
    };
  }, [store]);

  useAddress(
    store,
    [...definition.columns.map((column) => column.id as string), ...Object.keys(definition.linkColumns ?? {})].join(' '),
  );

  const topics = definition.topics.join(' ');
  useEffect(() => {
    let cancel: (() => void) | null = null;
    const stop = runtime.onDataChanged((changed) => {
      if (changed !== null && !changed.some((topic) => topics.split(' ').includes(topic))) return;
      // The first change of a burst sets the time, so that a steady stream of changes still refreshes.
      cancel ??= runtime.clock.after(REFRESH_AFTER_MS, () => {
        cancel = null;
        handle.refresh();
      });
    });
    return () => {
      stop();
      cancel?.();
    };
  }, [runtime, handle, topics]);

  return handle;
};

/** Keeps the filters of the store and of the address the same; the address wins when it names any. */
const useAddress = <R>(store: GridStore<R>, columns: string): void => {
  const { router } = useRuntime();
  const place = usePlace();
  const filters = useStore(store, (state) => state.filters);
  const search = useStore(store, (state) => state.search);
  const asked = JSON.stringify([place.search.getAll('f'), place.search.get('q')]);
  const taken = useRef('');

  useEffect(() => {
    const wanted = filtersOf(router.store.getState().search, columns.split(' '));
    if (wanted === null || taken.current === asked) return;
    taken.current = asked;
    const state = store.getState();
    if (JSON.stringify([wanted.filters, wanted.search]) === JSON.stringify([state.filters, state.search])) return;
    setFilters(store, wanted.filters, wanted.search);
  }, [asked, columns, router, store]);

  useEffect(() => {
    const { path, search: present } = router.store.getState();
    const state = store.getState();
    const next = new URLSearchParams(present);
    next.delete('f');
    next.delete('q');
    if (state.filters.length > 0 || state.search !== '') {
      for (const [name, value] of new URLSearchParams(gridLink('', state.filters, state.search).slice(1)))
        if (value !== '') next.append(name, value);
    }
    taken.current = JSON.stringify([next.getAll('f'), next.get('q')]);
    const query = next.toString();
    router.go(path + (query === '' ? '' : `?${query}`), { replace: true });
  }, [filters, search, asked, router, store]);
};
