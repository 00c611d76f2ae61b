import { useCallback } from 'react';
import { useRuntime } from '../app/runtime.tsx';
import { counted } from '../format/amount.ts';
import type { GridColumn } from './column.ts';
import { toCellText, toTsv } from './copy.ts';
import { pageRequest } from './datasource.ts';
import type { GridHandle } from './grid-handle.ts';
import { isChosen } from './selection.ts';

const MAX_ROWS = 10_000;
const PAGE = 1000;

const chosenRows = async <R, C extends string>(grid: GridHandle<R, C>): Promise<R[]> => {
  const { selection, known, filters, search, sort, total } = grid.store.getState();
  if (selection.mode === 'some') return [...known.values()];
  const rows: R[] = [];
  for (let offset = 0; offset < Math.min(total ?? 0, MAX_ROWS); offset += PAGE) {
    const request = pageRequest<C>({ offset, limit: PAGE }, { filters, search, sort });
    // One page after the other, so that copying never crowds out the screen.
    const page = await grid.definition.fetchPage(request, new AbortController().signal);
    rows.push(...page.rows.filter((row) => isChosen(selection, grid.definition.rowId(row))));
  }
  return rows;
};

/** Copies the chosen rows as tab-separated text, or the cell under the cursor when none are chosen. */
export const useCopy = <R, C extends string>(grid: GridHandle<R, C>): (() => void) => {
  const { toasts } = useRuntime();
  return useCallback(() => {
    const { api } = grid.view;
    if (!api) return;
    const byId = new Map<string, GridColumn<R>>(grid.definition.columns.map((column) => [column.id, column]));
    const { selection } = grid.store.getState();
    const write = (text: string, done: string): Promise<unknown> =>
      navigator.clipboard.writeText(text).then(() => toasts.show({ text: done }));
    const refused = (): unknown =>
      toasts.show({ kind: 'bad', text: 'Nothing was copied. The rows could not be read or the clipboard is not allowed here.' });
    if (selection.mode === 'some' && selection.ids.size === 0) {
      const at = api.getFocusedCell();
      const row = at ? api.getDisplayedRowAtIndex(at.rowIndex)?.data : undefined;
      const column = at ? byId.get(at.column.getColId()) : undefined;
      if (row !== undefined && column) write(toCellText(column, row), `${column.header} copied`).catch(refused);
      return;
    }
    const columns = api.getAllDisplayedColumns().flatMap((column) => byId.get(column.getColId()) ?? []);
    chosenRows(grid)
      .then((rows) => write(toTsv(columns, rows), `${counted(rows.length, 'row')} copied`))
      .catch(refused);
  }, [grid, toasts]);
};
