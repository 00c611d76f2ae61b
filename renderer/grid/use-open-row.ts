import type { GridApi } from 'ag-grid-community';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useRuntime } from '../app/runtime.tsx';
import { useParam } from '../router/use-place.ts';
import type { GridHandle } from './grid-handle.ts';

const ADDRESS_AFTER_MS = 250;
/** Keys that move the cursor of a grid. */
const MOVES = /^(Arrow|Page|Home$|End$|Tab$)/;

export interface OpenRow<R> {
  /** The row the detail pane shows; null while it is closed. */
  readonly id: string | null;
  readonly open: (id: string | null) => void;
  /** Goes to the row below or above; false at the edge. */
  readonly step: (by: 1 | -1) => boolean;
  /** Rows after the open one, in order, as far as they are loaded; rows in `skip` are passed over. */
  readonly following: (count: number, skip?: ReadonlySet<string>) => readonly R[];
  /** Goes to the next row that is not in `skip`, or to the one before; closes when none is left. */
  readonly advance: (skip: ReadonlySet<string>) => void;
  /** Closes, and opens the first row of the next answer: for when many rows are about to leave. */
  readonly restart: () => void;
}

const rowAt = <R>(api: GridApi<R>, index: number): R | undefined =>
  index < 0 ? undefined : api.getDisplayedRowAtIndex(index)?.data;

/**
 * Ties the detail pane to the cursor of a grid: the pane follows the cursor, and the cursor follows the pane when rows
 * above it leave. The address says which row is open, a moment after the cursor rests. With `openFirst`, the first row
 * opens by itself when nothing else is asked for.
 */
export const useOpenRow = <R, C extends string>(
  grid: GridHandle<R, C>,
  { openFirst = false }: { readonly openFirst?: boolean } = {},
): OpenRow<R> => {
  const { router, clock } = useRuntime();
  const asked = useParam('id');
  const [id, setId] = useState(asked);
  const shown = useRef(id);
  const written = useRef(asked);
  // What AG Grid was told to focus by us is not a wish of the person.
  const ours = useRef(false);
  // Rows that leave put another one under the cursor, which is no wish either: only a key or the pointer is.
  const wished = useRef(false);
  // The cursor may be sent to a row that has not arrived yet.
  const awaited = useRef<number | null>(null);
  const fresh = useRef<boolean | 'if gone'>(openFirst && asked === null);
  // After a restart: first the list is asked again, then its answer arrives.
  const restarting = useRef<'asked' | 'loading' | null>(null);
  // A row that the filters leave out must not stay in front: a key would act on what nobody sees in the list.
  const filtered = useRef<'asked' | 'loading' | null>(null);
  const { rowId } = grid.definition;
  const rowIdOf = useRef(rowId);
  rowIdOf.current = rowId;

  const open = useCallback((next: string | null): void => {
    fresh.current = false;
    filtered.current = null;
    restarting.current = null;
    awaited.current = null;
    shown.current = next;
    setId(next);
  }, []);

  // The address may name another row: a link, Back, Forward.
  useEffect(() => {
    if (asked === written.current) return;
    written.current = asked;
    open(asked);
  }, [asked, open]);

  useEffect(() => {
    if (id === written.current) return undefined;
    return clock.after(ADDRESS_AFTER_MS, () => {
      const before = written.current;
      written.current = id;
      router.set({ id }, { replace: before !== null });
    });
  }, [id, clock, router]);

  const focusRow = useCallback(
    (index: number): void => {
      const { api } = grid.view;
      const at = api?.getFocusedCell();
      const column = at?.column ?? api?.getAllDisplayedColumns().find((candidate) => !candidate.getColId().startsWith('ag-Grid'));
      if (!api || column === undefined || at?.rowIndex === index) return;
      ours.current = true;
      api.ensureIndexVisible(index);
      api.setFocusedCell(index, column);
      ours.current = false;
    },
    [grid],
  );

  const indexOf = useCallback(
    (wanted: string | null): number | null => (wanted === null ? null : (grid.view.api?.getRowNode(wanted)?.rowIndex ?? null)),
    [grid],
  );

  const align = useCallback((): void => {
    const { api } = grid.view;
    if (!api || api.isDestroyed()) return;
    if (fresh.current) {
      const first = rowAt(api, 0);
      if (fresh.current === 'if gone' && grid.store.getState().total === 0) open(null);
      if (first !== undefined && fresh.current === 'if gone' && indexOf(shown.current) !== null) {
        fresh.current = false;
        return;
      }
      const idle =
        document.activeElement === null || document.activeElement === document.body || document.activeElement.id === 'main';
      if (first !== undefined) {
        open(rowIdOf.current(first));
        if (idle) focusRow(0);
      }
      return;
    }
    const at = api.getFocusedCell();
    if (awaited.current !== null && at?.rowIndex === awaited.current) {
      const row = rowAt(api, at.rowIndex);
      if (row !== undefined) open(rowIdOf.current(row));
      return;
    }
    const index = indexOf(shown.current);
    const inRows = document.activeElement?.closest('.ag-row') !== null && document.activeElement !== null;
    if (index !== null && at != null && at.rowIndex !== index && inRows) focusRow(index);
  }, [grid, open, focusRow, indexOf]);

  useEffect(() => {
    let attached: GridApi<R> | null = null;
    const onInput = (event: Event): void => {
      const inRows = event.target instanceof Element && event.target.closest('.ag-root') !== null;
      if (inRows && (!(event instanceof KeyboardEvent) || MOVES.test(event.key))) wished.current = true;
    };
    document.addEventListener('keydown', onInput, true);
    document.addEventListener('pointerdown', onInput, true);
    const onFocused = (): void => {
      const { api } = grid.view;
      const at = api?.getFocusedCell();
      if (ours.current || !wished.current || !api || !at || shown.current === null) return;
      wished.current = false;
      // A row that is scrolled away takes the focus of the page with it before the next row stands.
      if (document.activeElement !== document.body && document.activeElement?.closest('.ag-row') == null) return;
      const row = rowAt(api, at.rowIndex);
      awaited.current = row === undefined ? at.rowIndex : null;
      if (row !== undefined && rowIdOf.current(row) !== shown.current) open(rowIdOf.current(row));
    };
    const attach = (): void => {
      const { api } = grid.view;
      if (api === attached || api === null) return;
      attached = api;
      api.addEventListener('cellFocused', onFocused);
      api.addEventListener('modelUpdated', align);
      align();
    };
    attach();
    // By value: the address writes the same filters anew whenever it changes.
    const questionOf = (state: ReturnType<typeof grid.store.getState>): string => JSON.stringify([state.filters, state.search]);
    let question = questionOf(grid.store.getState());
    const follow = (state: ReturnType<typeof grid.store.getState>): void => {
      const { loading } = state;
      attach();
      const now = questionOf(state);
      if (openFirst && shown.current !== null && now !== question) filtered.current = 'asked';
      question = now;
      if (filtered.current === 'asked' && loading) filtered.current = 'loading';
      else if (filtered.current === 'loading' && !loading) {
        filtered.current = null;
        fresh.current = 'if gone';
        align();
      }
      if (restarting.current === 'asked' && loading) restarting.current = 'loading';
      else if (restarting.current === 'loading' && !loading) {
        restarting.current = null;
        fresh.current = true;
        align();
      }
    };
    const stop = grid.store.subscribe(follow);
    return () => {
      stop();
      document.removeEventListener('keydown', onInput, true);
      document.removeEventListener('pointerdown', onInput, true);
      if (attached === null || attached.isDestroyed()) return;
      attached.removeEventListener('cellFocused', onFocused);
      attached.removeEventListener('modelUpdated', align);
    };
  }, [grid, align, open, openFirst]);

  const following = useCallback(
    (count: number, skip: ReadonlySet<string> = new Set()): readonly R[] => {
      const { api } = grid.view;
      if (!api) return [];
      const from = indexOf(shown.current) ?? (api.getFocusedCell()?.rowIndex ?? 0) - 1;
      const rows: R[] = [];
      for (let index = from + 1; rows.length < count; index += 1) {
        const row = rowAt(api, index);
        if (row === undefined) break;
        if (!skip.has(rowIdOf.current(row)) && rowIdOf.current(row) !== shown.current) rows.push(row);
      }
      return rows;
    },
    [grid, indexOf],
  );

  const goTo = useCallback(
    (next: string): void => {
      open(next);
      const index = indexOf(next);
      const inRows = document.activeElement?.closest('.ag-row') != null;
      if (index !== null && inRows) focusRow(index);
      else if (index !== null) grid.view.api?.ensureIndexVisible(index);
    },
    [grid, open, indexOf, focusRow],
  );

  const step = useCallback(
    (by: 1 | -1): boolean => {
      const { api } = grid.view;
      if (!api) return false;
      const at = indexOf(shown.current) ?? api.getFocusedCell()?.rowIndex ?? -1;
      const row = rowAt(api, at + by);
      if (row === undefined) {
        // Not loaded yet: looking at it loads it, and the next press goes there.
        if (at + by >= 0 && at + by < (grid.store.getState().total ?? 0)) api.ensureIndexVisible(at + by);
        return false;
      }
      goTo(rowIdOf.current(row));
      return true;
    },
    [grid, indexOf, goTo],
  );

  const advance = useCallback(
    (skip: ReadonlySet<string>): void => {
      const { api } = grid.view;
      const [below] = following(1, skip);
      if (below !== undefined) return goTo(rowIdOf.current(below));
      const at = indexOf(shown.current) ?? 0;
      for (let index = at - 1; api && index >= 0; index -= 1) {
        const row = rowAt(api, index);
        if (row !== undefined && !skip.has(rowIdOf.current(row))) return goTo(rowIdOf.current(row));
      }
      open(null);
    },
    [grid, following, goTo, indexOf, open],
  );

  const restart = useCallback((): void => {
    open(null);
    restarting.current = 'asked';
  }, [open]);

  return useMemo(() => ({ id, open, step, following, advance, restart }), [id, open, step, following, advance, restart]);
};
