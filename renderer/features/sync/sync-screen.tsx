import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { Button } from '../../components/button.tsx';
import { Segmented } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Split } from '../../components/split.tsx';
import { FailureView, Skeleton, StateView, useSlow } from '../../components/state-view.tsx';
import { BarSample } from '../../components/timeline.tsx';
import { useMinute } from '../../components/use-minute.ts';
import { setFilters } from '../../grid/grid-store.ts';
import { useParam } from '../../router/use-place.ts';
import { ConnectionTable } from './connection-table.tsx';
import { HistoryList, useHistory, type Facets } from './history-list.tsx';
import { OperationDetail } from './operation-detail.tsx';
import { Rates } from './rates.tsx';
import { stateSummary } from './state-words.ts';
import { SyncKeys } from './sync-keys.tsx';
import { useSync } from '../connections/use-sync.ts';
import './sync.css';

const HOUR_MS = 3_600_000;
const WINDOWS = [
  { value: 'day', label: '24 hours', hours: 24 },
  { value: 'week', label: '7 days', hours: 168 },
  { value: 'month', label: '30 days', hours: 720 },
] as const;
const SLOTS = 288;
const LEGEND = [
  ['completed', 'Completed'],
  ['failed', 'Failed'],
  ['cancelled', 'Cancelled'],
  ['running', 'At work'],
] as const;

const First = () => {
  const { router } = useRuntime();
  return (
    <StateView
      icon={<RefreshCw size={20} aria-hidden />}
      title="Nothing to sync yet"
      actions={
        <Button look="primary" onPress={() => router.go('/connections')}>
          Open connections
        </Button>
      }
    >
      Once a platform is connected, this screen shows how fresh its data is, what is being read, and what every sync did.
    </StateView>
  );
};

const Sync = () => {
  const { router } = useRuntime();
  const id = useParam('id');
  const asked = useParam('span');
  const shown = WINDOWS.find(({ value }) => value === asked) ?? WINDOWS[0];
  const minute = useMinute();
  // Up to the end of the present minute, so that what begins now is in the picture.
  const to = minute + 60_000;
  const span = { from: to - shown.hours * HOUR_MS, to };
  const until = new Date(to).toISOString();
  const status = useQuery('sync.status', {});
  const timeline = useQuery(
    'sync.timeline',
    { from: new Date(span.from).toISOString(), to: until, slots: SLOTS },
    { keep: true },
  );
  const [facets, setFacets] = useState<Facets>();
  const grid = useHistory(setFacets);
  const { syncAll, busy } = useSync();
  const may = useMay('analyst');
  const slow = useSlow(status.data === undefined && status.failure === null);
  const open = (operationId: string | null): void => router.set({ id: operationId }, { replace: id !== null });
  const connections = status.data?.connections ?? [];
  const newest = status.data !== undefined && connections.some(({ failed }) => failed?.operationId === id);
  const { data, failure } = status;
  return (
    <Page
      title="Sync"
      fill
      detail={stateSummary(connections)?.words}
      actions={
        may ? (
          <Button icon={<RefreshCw size={14} aria-hidden />} onPress={syncAll} pending={busy}>
            Sync all
          </Button>
        ) : undefined
      }
    >
      <SyncKeys connections={connections} open={id} onSyncAll={syncAll} />
      {data === undefined ? (
        failure ? (
          <FailureView failure={failure} onRetry={status.refetch} />
        ) : slow ? (
          <div className="sync__waiting">
            <Skeleton lines={12} />
          </div>
        ) : null
      ) : connections.length === 0 ? (
        <First />
      ) : (
        <Split
          id="sync"
          width={460}
          pane={id === null ? null : <OperationDetail key={id} id={id} newest={newest} />}
          paneLabel="Operation"
          hint="Choose an operation to see what it did."
          onClose={() => open(null)}
        >
          <div className="sync">
            <div className="sync__bar">
              <Rates
                to={until}
                onFailed={(since) =>
                  setFilters(grid.store, [
                    { column: 'status', operator: 'in', value: ['failed'] },
                    { column: 'startedAt', operator: 'atLeast', value: since },
                  ])
                }
              />
              <Segmented
                label="Time in the picture"
                value={shown.value}
                options={WINDOWS}
                onChange={(next) => router.set({ span: next }, { replace: true })}
              />
            </div>
            {timeline.failure ? <FailureView failure={timeline.failure} onRetry={timeline.refetch} inline /> : null}
            <ConnectionTable status={data} lanes={timeline.data?.lanes ?? []} span={span} now={minute} open={id} onOpen={open} />
            <ul className="sync__legend" aria-label="Outcomes in the picture">
              {LEGEND.map(([outcome, name]) => (
                <li key={outcome}>
                  <BarSample outcome={outcome} />
                  {name}
                </li>
              ))}
            </ul>
            <HistoryList grid={grid} facets={facets} onOpen={open} />
          </div>
        </Split>
      )}
    </Page>
  );
};

export const syncScreen: Screen = {
  id: 'sync',
  path: '/sync',
  title: 'Sync',
  icon: RefreshCw,
  key: 's',
  component: Sync,
};
