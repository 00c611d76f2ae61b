import type { ColDef } from 'ag-grid-community';
import type { Preferences } from '../app/preferences.ts';
import { cellText, isNumeric, type GridColumn } from './column.ts';
import type { GridStore } from './grid-store.ts';
import { HeaderCell } from './header-cell.tsx';
import { ShownCell } from './shown-cell.tsx';
import { ValueCell } from './value-cell.ts';

const CELL_CLASS: Readonly<Partial<Record<GridColumn<unknown>['kind'], string>>> = {
  identifier: 'cell--identifier',
  amount: 'cell--number',
  count: 'cell--number',
};

const NARROWEST = 56;
const NARROWEST_GROWING = 150;

/** AG Grid's column definitions for our columns. Functions only: text expressions would need `unsafe-eval`. */
export const toColumnDefs = <R>(
  columns: readonly GridColumn<R>[],
  store: GridStore<R>,
  dates: () => Preferences['dates'],
): ColDef<R>[] =>
  columns.map((column) => ({
    colId: column.id,
    headerName: column.header,
    headerComponent: HeaderCell,
    headerComponentParams: { gridColumn: column, store },
    headerClass: isNumeric(column.kind) ? 'head--number' : '',
    valueGetter: ({ data }) => (data === undefined ? null : column.value(data)),
    cellRenderer: column.show ? ShownCell : ValueCell,
    cellRendererParams: { gridColumn: column },
    cellClass: CELL_CLASS[column.kind] ?? '',
    tooltip: ({ data }) => (data === undefined ? null : cellText(column, data, dates()).exact),
    width: column.width,
    minWidth: column.grows === true ? Math.min(column.width, NARROWEST_GROWING) : NARROWEST,
    ...(column.grows === true ? { initialFlex: column.width } : {}),
    initialHide: column.hidden === true,
    ...(column.pinned === true ? { initialPinned: 'left' as const } : {}),
    sortable: column.sortable !== false,
    ...(column.sorted === undefined
      ? {}
      : { initialSort: column.sorted, initialSortIndex: columns.filter((other) => other.sorted !== undefined).indexOf(column) }),
    resizable: true,
  }));
