import { RefreshCw } from 'lucide-react';
import { useStore } from 'zustand';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { FreshnessBadge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { PaneHead } from '../../components/split.tsx';
import { FailureView, Skeleton, useSlow } from '../../components/state-view.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { PLATFORM_NAME } from '../../format/words.ts';
import { useParam } from '../../router/use-place.ts';
import { goesOn, SyncProgressLine } from './connection-card.tsx';
import { ConnectionSettings } from './connection-settings.tsx';
import { EventLog } from './event-log.tsx';
import { HealthTab } from './health.tsx';
import { History } from './history.tsx';
import { SetAside } from './set-aside.tsx';
import { SignInAgain } from './sign-in-again.tsx';
import { Unlinked } from './unlinked.tsx';
import { useSync } from './use-sync.ts';

const TABS = ['state', 'history', 'log', 'unlinked', 'set-aside', 'settings'] as const;

/** One connection: how it stands, history of its syncs, what happened to it, what is not linked, what was set aside, and how it is set. */
export const ConnectionDetail = ({ id }: { readonly id: string }) => {
  const { router, progress } = useRuntime();
  const query = useQuery('connections.get', { id });
  const asked = useParam('tab');
  const maySync = useMay('analyst');
  const mayEdit = useMay('admin');
  const { syncOne, cancel, busy } = useSync();
  const running = useStore(progress, (state) => Object.values(state.syncs).some((sync) => sync.connectionId === id));
  const slow = useSlow(query.data === undefined && query.failure === null);
  const connection = query.data;
  if (connection === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
    return slow ? (
      <div className="pane__section">
        <Skeleton lines={8} />
      </div>
    ) : null;
  }
  const syncing = running || goesOn(connection);
  const waits = syncing ? null : connection.activeOperationId;
  const tab = TABS.find((name) => name === asked) ?? (connection.counts.unlinked > 0 ? 'unlinked' : 'state');
  return (
    <>
      <PaneHead title={connection.name}>
        <p className="connection__state">
          <FreshnessBadge freshness={syncing ? 'syncing' : connection.freshness} />
          <span className="secondary">{PLATFORM_NAME[connection.platform]}</span>
          <span className="secondary mono truncate" title={connection.baseUrl}>
            {connection.baseUrl}
          </span>
        </p>
        <p className="secondary">{connection.health}</p>
        {mayEdit && connection.status === 'needs_sign_in' && connection.signIn === 'browser' ? (
          <SignInAgain connection={connection} />
        ) : null}
        {syncing ? <SyncProgressLine connection={connection} /> : null}
        {maySync && connection.status !== 'disconnected' && connection.platform !== 'custodian_file' ? (
          <p className="connection__actions">
            <Button
              icon={<RefreshCw size={14} aria-hidden />}
              onPress={() => syncOne(connection)}
              disabled={syncing}
              pending={busy}
            >
              Sync now
            </Button>
            {waits === null ? null : <Button onPress={() => cancel(waits, connection.name)}>Cancel the waiting sync</Button>}
          </p>
        ) : null}
      </PaneHead>
      <Tabs
        label={`Parts of ${connection.name}`}
        value={tab}
        onChange={(next) => router.set({ tab: next }, { replace: true })}
        tabs={[
          { id: 'state', label: 'State', content: <HealthTab connection={connection} /> },
          { id: 'history', label: 'History', content: <History connection={connection} /> },
          { id: 'log', label: 'Log', content: <EventLog connection={connection} /> },
          { id: 'unlinked', label: 'Unlinked', count: connection.counts.unlinked, content: <Unlinked connection={connection} /> },
          {
            id: 'set-aside',
            label: 'Set aside',
            count: connection.counts.quarantined,
            content: <SetAside connection={connection} />,
          },
          { id: 'settings', label: 'Settings', content: <ConnectionSettings key={connection.id} connection={connection} /> },
        ]}
      />
    </>
  );
};
