import { Download, ListTree, PanelLeft, Plus, Wrench } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { BREAK_COLUMNS, type BreakRow, type RunSummary } from '../../../shared/contract/reconciliation.ts';
import { sum } from '../../../shared/model/decimal.ts';
import { isAborted, toFailure } from '../../api/failure.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Split } from '../../components/split.tsx';
import { StateView } from '../../components/state-view.tsx';
import { counted, exactAmount, formatCount } from '../../format/amount.ts';
import { DataGrid } from '../../grid/data-grid.tsx';
import { FacetedRows, useFacetsOpen } from '../../grid/facet-list.tsx';
import { chooseNone } from '../../grid/grid-store.ts';
import { GridToolbar, SelectionBar } from '../../grid/grid-toolbar.tsx';
import { chosenCount, isChosen } from '../../grid/selection.ts';
import { useCopy } from '../../grid/use-copy.ts';
import { useGrid } from '../../grid/use-grid.ts';
import { useGridStatus } from '../../grid/use-grid-status.ts';
import { useOpenRow } from '../../grid/use-open-row.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { useParam } from '../../router/use-place.ts';
import { BREAK_GRID, LINK_COLUMNS } from './break-columns.tsx';
import { BreakDetail } from './break-detail.tsx';
import { BreakFacets, BreakViewTabs } from './break-facets.tsx';
import { FixPanel } from './fix-panel.tsx';
import { breakViewOf, toBreakQuestion, type BreakColumn } from './questions.ts';
import { RunHeader } from './run-header.tsx';
import { RunsPanel } from './runs-panel.tsx';
import { saveText } from './save-text.ts';
import { StartPanel } from './start-panel.tsx';

const NOUN = ['break', 'breaks'] as const;
const MOST_FIXED = 10_000;
const PAGE = 1000;

type Panel = 'runs' | 'start' | 'fix' | 'fix-one';

const isBreakColumn = (column: string): column is BreakColumn => (BREAK_COLUMNS as readonly string[]).includes(column);

/** The breaks of one run with its figures, and beside them the break in front, the runs, a new run, or a correction. */
export const RunView = ({ run, runs }: { readonly run: RunSummary; readonly runs: readonly RunSummary[] }) => {
  const { client, router, toasts, announcer, connectivity, dataChanged, progress } = useRuntime();
  const asked = useParam('show');
  const may = useMay('analyst');
  const online = useStore(connectivity.store, (state) => state.online);
  const [panel, setPanel] = useState<Panel | null>(useParam('start') === null ? null : 'start');
  const [shown, setShown] = useState<ReadonlyMap<string, BreakRow>>(new Map());
  const grid = useGrid<BreakRow, BreakColumn>({
    id: 'breaks',
    columns: BREAK_GRID,
    topics: ['reconciliation'],
    noun: NOUN,
    scope: `${run.id} ${run.status} ${asked ?? ''}`,
    fetchPage: (request, signal) =>
      client.call(
        'reconciliation.breaks',
        {
          id: run.id,
          offset: request.offset,
          limit: request.limit,
          sort: request.sort.filter((sort) => isBreakColumn(sort.column)),
          ...toBreakQuestion(breakViewOf(asked, request.filters), request.filters, request.search),
        },
        signal,
      ),
    rowId: (row) => row.id,
    onPage: (page) => setShown((known) => new Map([...known, ...page.rows.map((row) => [row.id, row] as const)])),
    linkColumns: LINK_COLUMNS,
  });
  const { filters, search, selection, known, total } = useStore(grid.store);
  const view = breakViewOf(asked, filters);
  const rows = useOpenRow(grid);
  const [facetsOpen, toggleFacets] = useFacetsOpen('breaks');
  const copy = useCopy(grid);
  const open = rows.id === null ? null : (shown.get(rows.id) ?? null);
  const chosen = chosenCount(selection, total ?? 0);
  const impact = useMemo(
    () =>
      selection.mode === 'all'
        ? []
        : [...Map.groupBy(known.values(), (row) => row.currency)].map(([currency, list]) => ({
            label: 'Impact',
            amount: exactAmount(sum(list.flatMap((row) => row.impact ?? []))),
            currency,
          })),
    [known, selection.mode],
  );
  useGridStatus(grid, impact);

  // A run that has just finished is asked for once more, whatever events got lost.
  const atWork = useStore(progress, (state) => state.runs[run.id] !== undefined);
  const before = useRef(atWork);
  useEffect(() => {
    if (before.current && !atWork) dataChanged(['reconciliation']);
    before.current = atWork;
  }, [atWork, dataChanged]);

  const question = toBreakQuestion(view, filters, search);
  const exporting = useRef(false);
  const exportCsv = (): void => {
    if (exporting.current) return;
    exporting.current = true;
    client
      .call('reconciliation.export', { id: run.id, ...question })
      .then(
        (file) => {
          saveText(file.fileName, file.contentType, file.text);
          toasts.show({ kind: 'good', text: `${counted(file.rows, 'break')} saved as ${file.fileName}.` });
        },
        (error: unknown) => {
          if (isAborted(error)) return;
          const failure = toFailure(error);
          toasts.show({ kind: 'bad', text: `Nothing was saved: ${failure.message}`, requestId: failure.requestId });
        },
      )
      .finally(() => {
        exporting.current = false;
      });
  };

  /** Everything the list shows, or what is chosen of it, as ids; null for the whole run. */
  const wantedIds = useCallback(async (): Promise<readonly string[] | null> => {
    const state = grid.store.getState();
    if (state.selection.mode === 'some' && state.selection.ids.size > 0) return [...state.selection.ids];
    const all =
      state.filters.length === 0 && state.search === '' && (state.selection.mode === 'some' || state.selection.except.size === 0);
    if (all) return null;
    const ids: string[] = [];
    for (let offset = 0; offset < Math.min(state.total ?? 0, MOST_FIXED); offset += PAGE) {
      // One page after the other, so that the list itself is never kept waiting.
      const page = await client.call('reconciliation.breaks', {
        id: run.id,
        offset,
        limit: PAGE,
        ...toBreakQuestion(breakViewOf(asked, state.filters), state.filters, state.search),
      });
      ids.push(
        ...page.rows.map((row) => row.id).filter((id) => state.selection.mode === 'some' || isChosen(state.selection, id)),
      );
    }
    return ids.slice(0, MOST_FIXED);
  }, [grid, client, run.id, asked]);
  const about =
    chosen > 0
      ? `the ${counted(chosen, 'break')} chosen`
      : filters.length > 0 || search !== ''
        ? `the ${counted(Math.min(total ?? 0, MOST_FIXED), 'break')} the list shows`
        : 'every open break of this run';

  const openRun = (id: string): void => {
    setPanel(null);
    rows.open(null);
    router.set({ run: id, id: null, start: null });
  };
  const closePanel = (): void => {
    setPanel(null);
    if (panel === 'start') router.set({ start: null }, { replace: true });
    grid.focus();
  };
  const back = (): void => {
    if (panel !== null) closePanel();
    else if (chosen > 0) chooseNone(grid.store);
    else rows.open(null);
  };
  const step = (by: 1 | -1): void => {
    if (!rows.step(by)) announcer.say(by === 1 ? 'This is the last break.' : 'This is the first break.');
  };
  const mayAct = may && online;
  useShortcuts([
    { keys: 'j', label: 'Next break', group: 'Reconciliation', run: () => step(1), repeats: true },
    { keys: 'k', label: 'Previous break', group: 'Reconciliation', run: () => step(-1), repeats: true },
    { keys: 'r', label: 'Runs', group: 'Reconciliation', run: () => setPanel('runs') },
    { keys: 'e', label: 'Export as CSV', group: 'Reconciliation', run: exportCsv },
    ...(mayAct
      ? [
          { keys: 'n', label: 'New run', group: 'Reconciliation', run: () => setPanel('start') },
          { keys: 'f', label: 'Correct by rule', group: 'Reconciliation', run: () => setPanel('fix') },
        ]
      : []),
  ]);

  const pane = () => {
    switch (panel) {
      case 'runs':
        return <RunsPanel runs={runs} current={run.id} onOpen={openRun} />;
      case 'start':
        return <StartPanel onStarted={openRun} onCancel={closePanel} />;
      case 'fix':
        return <FixPanel runId={run.id} about={about} breakIds={wantedIds} onClose={closePanel} />;
      case 'fix-one':
        return open === null ? null : (
          <FixPanel runId={run.id} about="this break" breakIds={() => Promise.resolve([open.id])} onClose={closePanel} />
        );
      default:
        return open === null ? null : <BreakDetail row={open} mayFix={mayAct} onFix={() => setPanel('fix-one')} />;
    }
  };
  const finished = run.status === 'completed';
  const empty = finished ? (
    <StateView title={view === 'open' ? 'No break is open' : 'Nothing here'}>
      {view === 'open'
        ? `Clearway and every side agree on all ${formatCount(run.compared)} positions compared, or what differed has been corrected.`
        : 'Breaks stand here once they are corrected by rule or accepted.'}
    </StateView>
  ) : (
    <StateView title={run.status === 'failed' ? 'This run has no breaks to show' : 'Comparing'}>
      {run.status === 'failed'
        ? 'It stopped before it was finished. Nothing in the book was changed.'
        : 'Breaks appear here when the run is finished. You can go on working meanwhile.'}
    </StateView>
  );

  return (
    <Page
      title="Reconciliation"
      fill
      detail={finished ? <BreakViewTabs grid={grid} runId={run.id} view={view} /> : undefined}
      actions={
        <>
          <Button onPress={() => setPanel(panel === 'runs' ? null : 'runs')} icon={<ListTree size={14} aria-hidden />}>
            {`Runs ${formatCount(runs.length)}`}
          </Button>
          {mayAct ? (
            <Button look="primary" onPress={() => setPanel('start')} icon={<Plus size={14} aria-hidden />}>
              New run
            </Button>
          ) : null}
        </>
      }
    >
      <RunHeader run={run} />
      <Split
        id="breaks"
        width={500}
        pane={pane()}
        paneLabel={panel === null ? 'Break' : panel === 'runs' ? 'Runs' : panel === 'start' ? 'New run' : 'Correction'}
        hint="Choose a break to see both sides."
        onClose={back}
      >
        <GridToolbar
          grid={grid}
          searchLabel="Search breaks"
          start={
            <IconButton label={facetsOpen ? 'Hide facets' : 'Show facets'} pressed={facetsOpen} onPress={toggleFacets}>
              <PanelLeft size={16} aria-hidden />
            </IconButton>
          }
        >
          {mayAct && finished ? (
            <Button look="quiet" onPress={() => setPanel('fix')} icon={<Wrench size={14} aria-hidden />}>
              Correct by rule
            </Button>
          ) : null}
          <IconButton label="Export as CSV" onPress={exportCsv} disabled={!finished || total === 0}>
            <Download size={16} aria-hidden />
          </IconButton>
        </GridToolbar>
        <FacetedRows
          label="Facets"
          facets={facetsOpen && finished ? <BreakFacets grid={grid} runId={run.id} view={view} /> : null}
        >
          <DataGrid
            grid={grid}
            label="Breaks"
            onOpen={(row) => {
              setPanel(null);
              rows.open(row.id);
            }}
            empty={empty}
          />
          <SelectionBar grid={grid}>
            <Button onPress={copy}>Copy rows</Button>
            {mayAct ? <Button onPress={() => setPanel('fix')}>Correct by rule</Button> : null}
          </SelectionBar>
        </FacetedRows>
      </Split>
    </Page>
  );
};
