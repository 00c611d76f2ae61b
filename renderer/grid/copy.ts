import type { GridColumn } from './column.ts';

/** A text that a spreadsheet would take for a formula gets an apostrophe; numbers stay numbers. */
export const neutralise = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const cell = <R>(column: GridColumn<R>, row: R): string => {
  const value = column.value(row);
  if (value === null) return '';
  if (column.kind === 'amount' || column.kind === 'count') return String(value);
  return neutralise(String(value).replace(/[\t\r\n]+/g, ' '));
};

/** Rows as tab-separated text with exact values and a header line. */
export const toTsv = <R>(columns: readonly GridColumn<R>[], rows: readonly R[]): string =>
  [columns.map((column) => column.header), ...rows.map((row) => columns.map((column) => cell(column, row)))]
    .map((cells) => cells.join('\t'))
    .join('\n');

/** One value exactly as it is. */
export const toCellText = <R>(column: GridColumn<R>, row: R): string => {
  const value = column.value(row);
  return value === null ? '' : String(value);
};
