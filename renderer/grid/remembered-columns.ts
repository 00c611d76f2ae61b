import type { ColumnState, GridApi } from 'ag-grid-community';
import type { Memory } from '../app/preferences.ts';

const isColumnState = (value: unknown): value is ColumnState => typeof value === 'object' && value !== null && 'colId' in value;

/** Brings back order, width, visibility and sorting of columns as the person left them. */
export const restoreColumns = (api: GridApi, memory: Memory, id: string): void => {
  const stored = memory.read(`grid.${id}`);
  if (Array.isArray(stored)) api.applyColumnState({ state: stored.filter(isColumnState), applyOrder: true });
};

export const rememberColumns = (api: GridApi, memory: Memory, id: string): void =>
  memory.write(`grid.${id}`, api.getColumnState());
