import type { ICellRendererParams } from 'ag-grid-community';
import type { GridColumn } from './column.ts';

interface ShownCellParams<R> extends ICellRendererParams<R> {
  readonly gridColumn: GridColumn<R>;
}

/** Draws a cell that a column shows in its own way. */
export const ShownCell = <R,>({ data, gridColumn }: ShownCellParams<R>) =>
  data === undefined ? <span className="cell-skeleton" /> : <span className="cell-shown">{gridColumn.show?.(data)}</span>;
