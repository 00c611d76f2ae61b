import type { GridApi } from 'ag-grid-community';
import { chooseAll, chooseNone, chooseRows, type GridStore } from './grid-store.ts';
import { isChosen } from './selection.ts';

interface GridKeys<R> {
  readonly api: GridApi<R>;
  readonly store: GridStore<R>;
  readonly rowId: (row: R) => string;
  readonly copy: () => void;
  readonly open: (row: R) => void;
  readonly filter: (column: string, anchor: Element) => void;
}

/** The parts of a key press that matter here. */
export interface GridKeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly target: EventTarget | null;
}

const choosing = <R>({ api, store, rowId }: GridKeys<R>, by: 1 | -1): void => {
  const at = api.getFocusedCell();
  if (!at) return;
  const next = api.getDisplayedRowAtIndex(at.rowIndex + by);
  const rows = [api.getDisplayedRowAtIndex(at.rowIndex)?.data, next?.data].filter((row) => row !== undefined);
  const selection = store.getState().selection;
  const both = rows.length === 2 && rows.every((row) => isChosen(selection, rowId(row)));
  // Going back over chosen rows lets go of the one that is left behind.
  const first = rows[0];
  if (both && first !== undefined) chooseRows(store, [{ id: rowId(first), row: first }], false);
  else
    chooseRows(
      store,
      rows.map((row) => ({ id: rowId(row), row })),
      true,
    );
  if (next) {
    api.ensureIndexVisible(at.rowIndex + by);
    api.setFocusedCell(at.rowIndex + by, at.column);
  }
};

/** Keys of the grid that AG Grid has otherwise or not at all; true when the key was used. */
export const handleGridKey = <R>(press: GridKeyPress, keys: GridKeys<R>): boolean => {
  const { api, store } = keys;
  const mod = press.ctrlKey || press.metaKey;
  const head = press.target instanceof Element ? press.target.closest('.ag-header-cell') : null;
  if (head !== null) {
    const column = head.getAttribute('col-id');
    if (press.key !== 'ArrowDown' || !press.altKey || column === null) return false;
    keys.filter(column, head);
    return true;
  }
  const at = api.getFocusedCell();
  if (!at || !(press.target instanceof Element) || press.target.closest('.ag-row') === null) return false;
  const columns = api.getAllDisplayedColumns();
  const last = (store.getState().total ?? 1) - 1;
  const focus = (row: number, column = at.column): true => {
    api.ensureIndexVisible(row);
    api.ensureColumnVisible(column);
    api.setFocusedCell(row, column);
    // A jump far away takes the row with the focus off the page before the row it goes to stands there.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body && !api.isDestroyed()) api.setFocusedCell(row, column);
    });
    return true;
  };
  if (press.key === 'Home') return focus(mod ? 0 : at.rowIndex, mod ? at.column : columns[0]);
  if (press.key === 'End') return focus(mod ? last : at.rowIndex, mod ? at.column : columns.at(-1));
  if (mod && press.key.toLowerCase() === 'a') {
    chooseAll(store);
    return true;
  }
  if (mod && press.key.toLowerCase() === 'c') {
    keys.copy();
    return true;
  }
  if (press.shiftKey && (press.key === 'ArrowDown' || press.key === 'ArrowUp')) {
    choosing(keys, press.key === 'ArrowDown' ? 1 : -1);
    return true;
  }
  if (press.key === 'Enter' && !mod) {
    const row = api.getDisplayedRowAtIndex(at.rowIndex)?.data;
    if (row !== undefined) keys.open(row);
    return true;
  }
  const { selection } = store.getState();
  if (press.key === 'Escape' && (selection.mode === 'all' || selection.ids.size > 0)) {
    chooseNone(store);
    return true;
  }
  return false;
};
