import { Bell, BellOff } from 'lucide-react';
import { useState } from 'react';
import { MAX_ALERTS, type AlertRow } from '../../../shared/contract/alerts.ts';
import { isAborted, toFailure } from '../../api/failure.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { Button } from '../../components/button.tsx';
import { Segmented } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Split } from '../../components/split.tsx';
import { StateView } from '../../components/state-view.tsx';
import type { PageRequest } from '../../grid/column.ts';
import { DataGrid } from '../../grid/data-grid.tsx';
import type { GridHandle } from '../../grid/grid-handle.ts';
import { chooseNone } from '../../grid/grid-store.ts';
import { GridToolbar, SelectionBar } from '../../grid/grid-toolbar.tsx';
import { useGrid } from '../../grid/use-grid.ts';
import { useGridStatus } from '../../grid/use-grid-status.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { useParam } from '../../router/use-place.ts';
import { ActDialog, type AskedAct } from './act-dialog.tsx';
import { AlertDetail } from './alert-detail.tsx';
import { ALERT_GRID, type AlertColumn } from './columns.tsx';
import { useAlertActs } from './use-alert-acts.ts';
import './alerts.css';

const NOUN = ['alert', 'alerts'] as const;
const NO_TOTALS: readonly never[] = [];

type View = 'open' | 'current' | 'all';
const VIEWS: readonly { readonly value: View; readonly label: string }[] = [
  { value: 'open', label: 'Waiting' },
  { value: 'current', label: 'Not closed' },
  { value: 'all', label: 'All' },
];
type Filter = PageRequest<AlertColumn>['filters'][number];
const FILTERS: Readonly<Record<View, readonly Filter[]>> = {
  open: [{ column: 'status', operator: 'is', value: 'open' }],
  current: [{ column: 'status', operator: 'in', value: ['open', 'acknowledged', 'snoozed'] }],
  all: [],
};
const isView = (text: string | null): text is View => VIEWS.some(({ value }) => value === text);

/** Ids of the chosen alerts, else of the one in the pane or under the cursor. */
const useChosen = (
  grid: GridHandle<AlertRow, AlertColumn>,
  shown: string | null,
  view: View,
): (() => Promise<readonly string[]>) => {
  const { client, toasts } = useRuntime();
  return async () => {
    const { selection, current, filters, search } = grid.store.getState();
    if (selection.mode === 'some') {
      if (selection.ids.size > 0) return [...selection.ids];
      const one = shown ?? current?.id;
      return one === undefined ? [] : [one];
    }
    try {
      const request: Pick<PageRequest<AlertColumn>, 'limit' | 'filters' | 'search'> = {
        limit: MAX_ALERTS,
        search,
        filters: [
          ...filters.map(({ column, operator, value }) => ({
            column: column as AlertColumn,
            operator,
            value: typeof value === 'string' ? value : [...value],
          })),
          ...FILTERS[view],
        ],
      };
      const { rows } = await client.call('alerts.page', request);
      return rows.map(({ id }) => id).filter((id) => !selection.except.has(id));
    } catch (error) {
      if (!isAborted(error)) toasts.show({ kind: 'bad', text: toFailure(error).message });
      return [];
    }
  };
};

const Alerts = () => {
  const { client, router } = useRuntime();
  const id = useParam('id');
  const asks = useParam('view');
  const view = isView(asks) ? asks : 'current';
  const mayAct = useMay('analyst');
  const acts = useAlertActs();
  const [asked, setAsked] = useState<AskedAct | null>(null);
  const grid = useGrid<AlertRow, AlertColumn>({
    id: 'alerts',
    columns: ALERT_GRID,
    fetchPage: ({ filters, ...request }, signal) =>
      client.call('alerts.page', { ...request, filters: [...filters, ...FILTERS[view]] }, signal),
    scope: view,
    rowId: (row) => row.id,
    topics: ['alerts'],
    noun: NOUN,
  });
  useGridStatus(grid, NO_TOTALS);
  const chosen = useChosen(grid, id, view);
  const ask = async (act: AskedAct['act']): Promise<void> => {
    const ids = await chosen();
    if (ids.length > 0) setAsked({ act, ids });
  };
  const reopen = async (): Promise<void> => {
    const ids = await chosen();
    if (ids.length > 0 && (await acts.reopen(ids))) chooseNone(grid.store);
  };
  useShortcuts(
    mayAct
      ? [
          { keys: 'a', label: 'Acknowledge', group: 'Alerts', run: () => void ask('acknowledge') },
          { keys: 'z', label: 'Snooze', group: 'Alerts', run: () => void ask('snooze') },
          { keys: 'o', label: 'Open again', group: 'Alerts', run: () => void reopen() },
        ]
      : [],
  );
  return (
    <Page title="Alerts" fill>
      <Split
        id="alerts"
        width={400}
        paneLabel="Alert"
        hint="Choose an alert to see why it fired."
        onClose={() => router.set({ id: null })}
        pane={
          id === null ? null : (
            <AlertDetail
              key={id}
              id={id}
              mayAct={mayAct}
              onAcknowledge={() => setAsked({ act: 'acknowledge', ids: [id] })}
              onSnooze={() => setAsked({ act: 'snooze', ids: [id] })}
              onReopen={() => void acts.reopen([id])}
            />
          )
        }
      >
        <GridToolbar
          grid={grid}
          searchLabel="Search alerts"
          start={
            <Segmented
              label="Which alerts"
              value={view}
              options={VIEWS}
              onChange={(next) => {
                chooseNone(grid.store);
                router.set({ view: next === 'current' ? null : next }, { replace: true });
              }}
            />
          }
        />
        <DataGrid
          grid={grid}
          label="Alerts"
          onOpen={(row) => router.set({ id: row.id }, { replace: id !== null })}
          empty={
            <StateView icon={<BellOff size={20} aria-hidden />} title="No alerts">
              Nothing needs you. What is told here, and from which threshold, is set under Settings.
            </StateView>
          }
        />
        <SelectionBar grid={grid}>
          {mayAct ? (
            <>
              <Button onPress={() => void reopen()}>Open again</Button>
              <Button onPress={() => void ask('snooze')}>Snooze</Button>
              <Button look="primary" onPress={() => void ask('acknowledge')}>
                Acknowledge
              </Button>
            </>
          ) : null}
        </SelectionBar>
      </Split>
      <ActDialog
        asked={asked}
        acts={acts}
        onClose={() => setAsked(null)}
        onDone={() => {
          setAsked(null);
          chooseNone(grid.store);
        }}
      />
    </Page>
  );
};

export const alertsScreen: Screen = { id: 'alerts', path: '/alerts', title: 'Alerts', icon: Bell, key: 'n', component: Alerts };
