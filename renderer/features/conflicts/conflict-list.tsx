import { History, PanelLeft } from 'lucide-react';
import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { CONFLICT_COLUMNS, type ConflictRow } from '../../../shared/contract/conflicts.ts';
import { sum } from '../../../shared/model/decimal.ts';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Split } from '../../components/split.tsx';
import { exactAmount } from '../../format/amount.ts';
import type { PageRequest } from '../../grid/column.ts';
import { DataGrid } from '../../grid/data-grid.tsx';
import { FacetedRows, useFacetsOpen } from '../../grid/facet-list.tsx';
import { chooseAll, chooseNone } from '../../grid/grid-store.ts';
import { GridToolbar, SelectionBar } from '../../grid/grid-toolbar.tsx';
import { chosenCount } from '../../grid/selection.ts';
import { useCopy } from '../../grid/use-copy.ts';
import { useGrid } from '../../grid/use-grid.ts';
import { useGridStatus } from '../../grid/use-grid-status.ts';
import { useOpenRow } from '../../grid/use-open-row.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { useParam } from '../../router/use-place.ts';
import { BulkPanel } from './bulk-panel.tsx';
import { conflictColumns, LINK_COLUMNS, type ConflictGridColumn } from './columns.tsx';
import { ConflictFacets } from './conflict-facets.tsx';
import { ChosenPane, ConflictPane } from './conflict-pane.tsx';
import { toConflictSelection } from './conflict-selection.ts';
import { conflictSession, setRefused } from './conflict-session.ts';
import { decisionKeys, isUndecided, outcomeOf, type Decision, type SourceKey } from './decision.ts';
import { EmptyConflicts } from './empty-conflicts.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { useBatches } from './use-batches.ts';
import { useBulk } from './use-bulk.ts';
import { useDecide } from './use-decide.ts';
import { useWarm } from './use-warm.ts';
import { ViewTabs } from './view-tabs.tsx';
import { toQuestion, viewOf, type ConflictColumn } from './views.ts';

const NOUN = ['conflict', 'conflicts'] as const;
const AHEAD = 2;

const isContractColumn = (column: string): column is ConflictColumn => (CONFLICT_COLUMNS as readonly string[]).includes(column);
const sortOf = ({ sort }: PageRequest<ConflictGridColumn>) =>
  sort.flatMap(({ column, direction }) => (isContractColumn(column) ? [{ column, direction }] : []));

/** What the chosen conflicts are worth, by currency; only where every chosen row is known. */
const useSelectedImpact = (known: ReadonlyMap<string, ConflictRow>, all: boolean) =>
  useMemo(() => {
    if (all) return [];
    const byCurrency = Map.groupBy(known.values(), (row) => row.currency);
    return [...byCurrency].map(([currency, rows]) => ({
      label: 'Impact',
      amount: exactAmount(sum(rows.flatMap((row) => row.impact ?? []))),
      currency,
    }));
  }, [known, all]);

/** The list of conflicts with its facets, and beside it the conflict in front, the preview of a decision, or the history. */
export const ConflictList = ({ order, behind }: { readonly order: readonly SourceKey[]; readonly behind: ReactNode }) => {
  const runtime = useRuntime();
  const { client, clock, toasts, announcer, connectivity } = runtime;
  const session = conflictSession(runtime);
  const asked = useParam('show');
  const columns = useMemo(() => conflictColumns(order, clock.now), [order, clock]);
  const grid = useGrid<ConflictRow, ConflictGridColumn>({
    id: 'conflicts',
    columns,
    topics: ['conflicts'],
    noun: NOUN,
    scope: asked ?? '',
    fetchPage: (request, signal) =>
      client.call(
        'conflicts.page',
        {
          offset: request.offset,
          limit: request.limit,
          sort: sortOf(request),
          ...toQuestion(viewOf(asked, request.filters), request.filters, request.search),
        },
        signal,
      ),
    rowId: (row) => row.id,
    linkColumns: LINK_COLUMNS,
  });
  const { filters, search, selection, known, total } = useStore(grid.store);
  const view = viewOf(asked, filters);
  const rows = useOpenRow(grid, { openFirst: true });
  const [facetsOpen, toggleFacets] = useFacetsOpen('conflicts');
  const [history, setHistory] = useState<{ readonly marked: string | null } | null>(null);
  const [form, setForm] = useState<{ readonly kind: 'edit' | 'comment'; readonly id: string } | null>(null);
  const writeBatchComment = useRef<(() => void) | null>(null);
  const online = useStore(connectivity.store, (state) => state.online);
  const may = useMay('analyst');
  const query = useQuery('conflicts.get', rows.id === null ? null : { id: rows.id }, { keep: true });
  const detail = query.data !== undefined && query.data.row.id === rows.id ? query.data : null;
  useGridStatus(grid, useSelectedImpact(known, selection.mode === 'all'));
  useWarm(rows.id === null ? [] : [rows.id, ...rows.following(AHEAD, session.decided).map((row) => row.id)]);

  const showConflict = useCallback(
    (id: string): void => {
      setHistory(null);
      rows.open(id);
    },
    [rows],
  );
  const showHistory = useCallback((): void => setHistory({ marked: null }), []);
  const batches = useBatches({ onRestored: showConflict, showHistory });
  const decideOne = useDecide({ sources: order, undo: batches.undo, showConflict });
  const copy = useCopy(grid);
  const bulk = useBulk({ sources: order, undo: batches.undo });
  const chosen = toConflictSelection(selection, toQuestion(view, filters, search));
  const chosenNow = chosenCount(selection, total ?? 0);

  const settle = (decision: Decision): void => {
    if (!may || !online)
      return void announcer.say(
        may ? 'Clearway cannot be reached, so nothing can be decided now.' : 'Your role can read conflicts but not decide them.',
      );
    if (bulk.state !== null) return bulk.open(bulk.state.selection, decision);
    if (chosen !== null) return bulk.open(chosen, decision);
    if (history !== null || rows.id === null) return;
    if (detail === null) return void announcer.say('The conflict is still loading.');
    if (!isUndecided(detail.row)) return void announcer.say('This conflict is settled already.');
    const outcome = outcomeOf(decision, detail, order);
    if (outcome.reason !== null) return void toasts.show({ text: `Not possible here: ${outcome.reason}.` });
    setForm(null);
    decideOne(detail.row, decision, outcome.value);
    rows.advance(session.decided);
  };
  const write = (kind: 'edit' | 'comment'): void => {
    if (bulk.state !== null) return kind === 'comment' ? writeBatchComment.current?.() : undefined;
    if (chosen !== null)
      return void announcer.say(
        kind === 'edit'
          ? 'A value by hand goes to one conflict at a time.'
          : 'Choose a decision first; a comment can be added to it.',
      );
    if (may && online && detail !== null && (kind === 'comment' || isUndecided(detail.row))) setForm({ kind, id: detail.row.id });
  };
  const back = (): void => {
    if (bulk.state !== null) {
      bulk.close();
      grid.focus();
    } else if (form !== null) setForm(null);
    else if (history !== null) setHistory(null);
    else if (chosen !== null) chooseNone(grid.store);
    else rows.open(null);
  };
  const step = (by: 1 | -1): void => {
    setForm(null);
    if (!rows.step(by)) announcer.say(by === 1 ? 'This is the last conflict.' : 'This is the first conflict.');
  };

  useShortcuts([
    ...decisionKeys(order).map(({ keys, label, decision }) => ({ keys, label, group: 'Conflicts', run: () => settle(decision) })),
    { keys: 'e', label: 'Edit by hand', group: 'Conflicts', run: () => write('edit') },
    { keys: 'c', label: 'Comment', group: 'Conflicts', run: () => write('comment') },
    { keys: 'j', label: 'Next conflict', group: 'Conflicts', run: () => step(1), repeats: true },
    { keys: 'k', label: 'Previous conflict', group: 'Conflicts', run: () => step(-1), repeats: true },
    { keys: 'mod+z', label: 'Undo the last batch', group: 'Conflicts', run: () => void batches.undoLast() },
    { keys: 'mod+shift+z', label: 'Redo', group: 'Conflicts', run: () => void batches.redoLast() },
    { keys: 'mod+a', label: 'Select all that match', group: 'Conflicts', run: () => chooseAll(grid.store) },
    {
      keys: 'h',
      label: 'History of decisions',
      group: 'Conflicts',
      run: () => setHistory(history === null ? { marked: null } : null),
    },
    ...(bulk.state === null && (form !== null || chosen !== null)
      ? [{ keys: 'escape', label: 'Go back', group: 'Conflicts', run: back }]
      : []),
  ]);

  const refused = useStore(session.refused, (all) => (detail === null ? undefined : all.get(detail.row.id)));
  const pane = () => {
    if (bulk.state !== null) {
      const applied = (): void => {
        chooseNone(grid.store);
        rows.restart();
        grid.focus();
      };
      return <BulkPanel bulk={bulk} order={order} onApplied={applied} commentRef={writeBatchComment} />;
    }
    if (history !== null) return <HistoryPanel batches={batches} marked={history.marked} />;
    if (rows.id === null) {
      if (chosen === null || !may) return null;
      return <ChosenPane chosen={chosenNow} order={order} onDecide={settle} onUndo={() => void batches.undoLast()} />;
    }
    return (
      <ConflictPane
        query={query}
        id={rows.id}
        order={order}
        may={may}
        online={online}
        chosen={chosen === null ? 0 : chosenNow}
        form={form?.id === rows.id ? form.kind : null}
        refused={refused ?? null}
        onForm={(kind) => (kind === null ? setForm(null) : write(kind))}
        onDecide={settle}
        onUndo={() => void batches.undoLast()}
        onHistory={(marked) => setHistory({ marked })}
        onKeepTheirs={(id) => setRefused(session, id, null)}
      />
    );
  };

  return (
    <Page title="Conflicts" fill detail={<ViewTabs view={view} grid={grid} onChange={rows.restart} />} actions={behind}>
      <Split
        id="conflicts"
        width={530}
        pane={pane()}
        paneLabel={bulk.state !== null ? 'Preview' : history !== null ? 'History' : 'Conflict'}
        hint="Choose a conflict to see both sides."
        onClose={back}
      >
        <GridToolbar
          grid={grid}
          searchLabel="Search conflicts"
          start={
            <IconButton label={facetsOpen ? 'Hide facets' : 'Show facets'} pressed={facetsOpen} onPress={toggleFacets}>
              <PanelLeft size={16} aria-hidden />
            </IconButton>
          }
        >
          <IconButton
            label="History of decisions"
            pressed={history !== null}
            onPress={() => setHistory(history === null ? { marked: null } : null)}
          >
            <History size={16} aria-hidden />
          </IconButton>
        </GridToolbar>
        <FacetedRows label="Facets" facets={facetsOpen ? <ConflictFacets grid={grid} view={view} order={order} /> : null}>
          <DataGrid
            grid={grid}
            label="Conflicts"
            onOpen={(row) => showConflict(row.id)}
            empty={<EmptyConflicts view={view} connected={order.length > 0} />}
          />
          <SelectionBar grid={grid}>
            <Button onPress={copy}>Copy rows</Button>
          </SelectionBar>
        </FacetedRows>
      </Split>
    </Page>
  );
};
