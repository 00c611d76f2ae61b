import { useMemo, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { StatusTotal } from '../app/status.ts';
import { useRuntime } from '../app/runtime.tsx';
import { Button } from '../components/button.tsx';
import { Split } from '../components/split.tsx';
import { useParam } from '../router/use-place.ts';
import { DataGrid } from './data-grid.tsx';
import type { GridHandle } from './grid-handle.ts';
import { GridToolbar, SelectionBar } from './grid-toolbar.tsx';
import type { Selection } from './selection.ts';
import { useCopy } from './use-copy.ts';
import { useGridStatus } from './use-grid-status.ts';

/** A list with the row that is open beside it: search and filters, rows, what is chosen, sums in the status bar. */
export const ListFrame = <R, C extends string>({
  grid,
  label,
  searchLabel,
  empty,
  start,
  totals,
  width,
  pane,
  paneLabel,
  hint,
}: {
  readonly grid: GridHandle<R, C>;
  readonly label: string;
  readonly searchLabel: string;
  readonly empty: ReactNode;
  /** The screen's own control before the search. */
  readonly start?: ReactNode;
  /** Sums over what is chosen, else over all that matches. Keep it stable between renders. */
  readonly totals: (selection: Selection, known: ReadonlyMap<string, R>) => readonly StatusTotal[];
  readonly width: number;
  readonly pane: (id: string) => ReactNode;
  readonly paneLabel: string;
  readonly hint: string;
}) => {
  const { router } = useRuntime();
  const id = useParam('id');
  const selection = useStore(grid.store, (state) => state.selection);
  const known = useStore(grid.store, (state) => state.known);
  const copy = useCopy(grid);
  useGridStatus(
    grid,
    useMemo(() => totals(selection, known), [totals, selection, known]),
  );
  return (
    <Split
      id={grid.definition.id}
      width={width}
      pane={id === null ? null : pane(id)}
      paneLabel={paneLabel}
      hint={hint}
      onClose={() => router.set({ id: null })}
    >
      <GridToolbar grid={grid} searchLabel={searchLabel} start={start} />
      <DataGrid
        grid={grid}
        label={label}
        onOpen={(row) => router.set({ id: grid.definition.rowId(row) }, { replace: id !== null })}
        empty={empty}
      />
      <SelectionBar grid={grid}>
        <Button onPress={copy}>Copy rows</Button>
      </SelectionBar>
    </Split>
  );
};
