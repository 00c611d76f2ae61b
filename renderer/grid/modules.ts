import {
  CellStyleModule,
  ColumnApiModule,
  EventApiModule,
  InfiniteRowModelModule,
  ModuleRegistry,
  RenderApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  ScrollApiModule,
  TooltipModule,
  ValidationModule,
  type Module,
} from 'ag-grid-community';

/** Community modules only; calls into modules that are not registered do nothing and say nothing. */
const MODULES: readonly Module[] = [
  InfiniteRowModelModule,
  ColumnApiModule,
  RowApiModule,
  RowSelectionModule,
  RowStyleModule,
  CellStyleModule,
  ScrollApiModule,
  RenderApiModule,
  EventApiModule,
  TooltipModule,
];

/** Registers what the grid needs, in development with the checks that report misuse on the console. */
export const registerGridModules = (development: boolean): void =>
  ModuleRegistry.registerModules(development ? [...MODULES, ValidationModule] : [...MODULES]);
