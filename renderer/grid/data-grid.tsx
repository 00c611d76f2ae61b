import { AgGridReact } from 'ag-grid-react';
import type { CellClickedEvent, CellFocusedEvent, GridReadyEvent, RowSelectedEvent } from 'ag-grid-community';
import { useCallback, useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { ROW_HEIGHT } from '../app/preferences.ts';
import { useRuntime } from '../app/runtime.tsx';
import { FailureView, FilteredEmpty } from '../components/state-view.tsx';
import { counted } from '../format/amount.ts';
import { toColumnDefs } from './column-defs.ts';
import { exactCell } from './column.ts';
import { createDatasource } from './datasource.ts';
import { FilterPopover } from './filter-popover.tsx';
import { chooseNone, chooseRows, setFilters } from './grid-store.ts';
import type { GridHandle } from './grid-handle.ts';
import { gridTheme } from './grid-theme.ts';
import { handleGridKey } from './keys.ts';
import { rememberColumns, restoreColumns } from './remembered-columns.ts';
import { SelectAllHead } from './select-all-head.tsx';
import { isChosen } from './selection.ts';
import { useCopy } from './use-copy.ts';
import './grid.css';

const BLOCK = 200;
const noNextCell = (): false => false;

export interface DataGridProps<R, C extends string> {
  readonly grid: GridHandle<R, C>;
  readonly label: string;
  /** A row was pressed, or Enter was pressed on it. */
  readonly onOpen: (row: R) => void;
  /** Shown when there is nothing at all, as opposed to nothing that fits the filters. */
  readonly empty: ReactNode;
  readonly selectable?: boolean;
}

/** Rows of a grid procedure: loaded as they are looked at, sorted and filtered by the server, refreshed in place. */
export const DataGrid = <R, C extends string>({ grid, label, onOpen, empty, selectable = true }: DataGridProps<R, C>) => {
  const { nonce, memory, preferences, connectivity, status, announcer } = useRuntime();
  const { store, view, definition } = grid;
  const density = useStore(preferences, (state) => state.density);
  const total = useStore(store, (state) => state.total);
  const failure = useStore(store, (state) => state.failure);
  const filters = useStore(store, (state) => state.filters);
  const search = useStore(store, (state) => state.search);
  const selection = useStore(store, (state) => state.selection);
  const copy = useCopy(grid);
  const openRow = useRef(onOpen);
  openRow.current = onOpen;

  const dates = useCallback(() => preferences.getState().dates, [preferences]);
  const columnDefs = useMemo(() => toColumnDefs(definition.columns, store, dates), [definition.columns, store, dates]);
  const context = useMemo(() => ({ dates }), [dates]);

  const ask = useCallback(() => {
    view.api?.setGridOption('datasource', createDatasource(grid.definition, store, connectivity.report));
  }, [view, grid, store, connectivity]);

  const onGridReady = ({ api }: GridReadyEvent<R>): void => {
    view.api = api;
    restoreColumns(api, memory, definition.id);
    api.setGridAriaProperty('label', label);
    ask();
  };

  // A new question starts at the top with rows of its own.
  const question = JSON.stringify([filters, search, definition.scope ?? '']);
  const asked = useRef(question);
  useEffect(() => {
    if (asked.current === question) return;
    asked.current = question;
    ask();
  }, [question, ask]);

  const syncSelection = useCallback(() => {
    const { api } = view;
    if (!api) return;
    const chosen = store.getState().selection;
    const on: NonNullable<ReturnType<typeof api.getDisplayedRowAtIndex>>[] = [];
    const off: typeof on = [];
    api.forEachNode((node) => {
      if (node.data === undefined) return;
      const wanted = isChosen(chosen, definition.rowId(node.data));
      if (wanted !== (node.isSelected() === true)) (wanted ? on : off).push(node);
    });
    if (on.length > 0) api.setNodesSelected({ nodes: on, newValue: true, source: 'api' });
    if (off.length > 0) api.setNodesSelected({ nodes: off, newValue: false, source: 'api' });
  }, [view, store, definition]);
  useEffect(syncSelection, [selection, syncSelection]);

  const readCurrent = useCallback(() => {
    const at = view.api?.getFocusedCell();
    const row = at ? view.api?.getDisplayedRowAtIndex(at.rowIndex)?.data : undefined;
    const column = at ? definition.columns.find((candidate) => candidate.id === at.column.getColId()) : undefined;
    if (row !== undefined && store.getState().current !== row) store.setState({ current: row });
    status.setState({ hint: row !== undefined && column ? exactCell(column, row, dates()) : '' });
  }, [view, definition, store, status, dates]);

  const onModelUpdated = useCallback(() => {
    syncSelection();
    readCurrent();
  }, [syncSelection, readCurrent]);

  const onRowSelected = (event: RowSelectedEvent<R>): void => {
    if (event.source === 'api' || event.data === undefined) return;
    chooseRows(store, [{ id: definition.rowId(event.data), row: event.data }], event.node.isSelected() === true);
  };

  const onCellClicked = (event: CellClickedEvent<R>): void => {
    if (event.data === undefined || event.column.getColId().startsWith('ag-Grid')) return;
    const press = event.event;
    if (press instanceof MouseEvent && (press.ctrlKey || press.metaKey)) {
      chooseRows(
        store,
        [{ id: definition.rowId(event.data), row: event.data }],
        !isChosen(store.getState().selection, definition.rowId(event.data)),
      );
    } else if (!(press instanceof MouseEvent && press.shiftKey)) openRow.current(event.data);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (!view.api) return;
    const used = handleGridKey(event.nativeEvent, {
      api: view.api,
      store,
      rowId: definition.rowId,
      copy,
      open: (row) => openRow.current(row),
      filter: (column, anchor) => store.setState({ filterOpen: { column, anchor } }),
    });
    if (!used) return;
    event.preventDefault();
    event.stopPropagation();
  };

  useEffect(() => {
    if (total !== null) announcer.say(counted(total, ...definition.noun));
  }, [total, announcer, definition.noun]);
  useEffect(
    () => () => {
      view.api = null;
      status.setState({ hint: '' });
    },
    [view, status],
  );

  const narrowed = filters.length > 0 || search !== '';
  const remember = useCallback(
    () => (view.api ? rememberColumns(view.api, memory, definition.id) : undefined),
    [view, memory, definition.id],
  );

  return (
    <div className="grid" onKeyDownCapture={onKeyDown} data-density={density}>
      <AgGridReact<R>
        theme={gridTheme}
        styleNonce={nonce}
        columnDefs={columnDefs}
        context={context}
        maintainColumnOrder
        rowModelType="infinite"
        cacheBlockSize={BLOCK}
        maxBlocksInCache={10}
        maxConcurrentDatasourceRequests={2}
        infiniteInitialRowCount={30}
        rowHeight={ROW_HEIGHT[density]}
        headerHeight={30}
        getRowId={({ data }) => definition.rowId(data)}
        {...(selectable
          ? {
              rowSelection: { mode: 'multiRow', checkboxes: true, headerCheckbox: false, enableClickSelection: false },
              selectionColumnDef: {
                width: 40,
                minWidth: 40,
                maxWidth: 40,
                pinned: 'left',
                headerComponent: SelectAllHead,
                headerComponentParams: { grid },
                suppressMovable: true,
              },
            }
          : {})}
        ensureDomOrder
        suppressDragLeaveHidesColumns
        suppressNoRowsOverlay
        animateRows={false}
        enterNavigatesVertically={false}
        tooltipShowDelay={400}
        tabToNextCell={noNextCell}
        tabToNextHeader={noNextCell}
        onGridReady={onGridReady}
        onModelUpdated={onModelUpdated}
        onRowSelected={onRowSelected}
        onCellClicked={onCellClicked}
        onCellFocused={(_event: CellFocusedEvent<R>) => readCurrent()}
        onSortChanged={({ api }) => {
          const sorted = api
            .getColumnState()
            .filter((column) => column.sort)
            .toSorted((a, b) => (a.sortIndex ?? 0) - (b.sortIndex ?? 0));
          store.setState({
            sort: sorted.map((column) => ({ column: column.colId, direction: column.sort === 'desc' ? 'desc' : 'asc' })),
          });
          remember();
        }}
        onColumnMoved={({ finished }) => (finished ? remember() : undefined)}
        onColumnResized={({ finished }) => (finished ? remember() : undefined)}
        onColumnVisible={remember}
        onColumnPinned={remember}
      />
      {total === 0 && failure === null ? (
        <div className="grid__over">
          {narrowed ? <FilteredEmpty what={definition.noun[1]} onClear={() => setFilters(store, [])} /> : empty}
        </div>
      ) : null}
      {failure === null ? null : (
        <div className={total === null ? 'grid__over' : 'grid__banner'}>
          <FailureView
            failure={failure}
            inline={total !== null}
            onRetry={() => {
              chooseNone(store);
              ask();
            }}
          />
        </div>
      )}
      <FilterPopover grid={grid} />
    </div>
  );
};
