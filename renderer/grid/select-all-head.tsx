import { useStore } from 'zustand';
import { Checkbox } from '../components/field.tsx';
import { formatCount } from '../format/amount.ts';
import type { GridHandle } from './grid-handle.ts';
import { chooseAll, chooseNone } from './grid-store.ts';
import { chosenCount } from './selection.ts';

/** The checkbox above all rows: everything that matches, or nothing. */
export const SelectAllHead = ({ grid }: { readonly grid: GridHandle<unknown, string> }) => {
  const total = useStore(grid.store, (state) => state.total) ?? 0;
  const count = useStore(grid.store, (state) => chosenCount(state.selection, state.total ?? 0));
  return (
    <Checkbox
      label={count === total && total > 0 ? 'Let all go' : `Select all ${formatCount(total)} that match`}
      checked={total > 0 && count === total}
      indeterminate={count > 0 && count < total}
      disabled={total === 0}
      onChange={() => (count === total ? chooseNone(grid.store) : chooseAll(grid.store))}
    />
  );
};
