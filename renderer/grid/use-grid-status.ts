import { useEffect } from 'react';
import { useStore } from 'zustand';
import { EMPTY_STATUS, type StatusTotal } from '../app/status.ts';
import { useRuntime } from '../app/runtime.tsx';
import type { GridHandle } from './grid-handle.ts';
import { chosenCount } from './selection.ts';

/** Tells the status bar how many rows match and are chosen, and the sums a screen has for them. Keep `totals` stable between renders. */
export const useGridStatus = <R, C extends string>(grid: GridHandle<R, C>, totals: readonly StatusTotal[]): void => {
  const { status } = useRuntime();
  const total = useStore(grid.store, (state) => state.total);
  const selected = useStore(grid.store, (state) => chosenCount(state.selection, state.total ?? 0));
  const [one, many] = grid.definition.noun;
  useEffect(() => {
    status.setState({ rows: total, rowWord: total === 1 ? one : many, selected, totals });
  }, [status, total, selected, totals, one, many]);
  useEffect(() => () => status.setState(EMPTY_STATUS), [status]);
};
