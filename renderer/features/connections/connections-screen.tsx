import { Cable, Plus, RefreshCw } from 'lucide-react';
import { useStore } from 'zustand';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { Button } from '../../components/button.tsx';
import { Segmented } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Split } from '../../components/split.tsx';
import { FailureView, Skeleton, StateView, useSlow } from '../../components/state-view.tsx';
import { formatInstant } from '../../format/time.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { useParam } from '../../router/use-place.ts';
import { ConnectionCard } from './connection-card.tsx';
import { ConnectionDetail } from './connection-detail.tsx';
import { inOrder, ORDERS } from './urgency.ts';
import { useSync } from './use-sync.ts';
import { AddConnection } from './wizard/wizard.tsx';
import './connections.css';

const First = ({ onAdd, mayAdd }: { readonly onAdd: () => void; readonly mayAdd: boolean }) => (
  <StateView
    icon={<Cable size={20} aria-hidden />}
    title="No connections yet"
    actions={
      mayAdd ? (
        <Button look="primary" onPress={onAdd}>
          Add a connection
        </Button>
      ) : undefined
    }
  >
    {mayAdd
      ? 'Connect Black Diamond, Orion or Addepar. The first sync fills the book; after that only differences are looked at.'
      : 'An admin adds connections. Ask one to connect the first platform.'}
  </StateView>
);

const NoNetwork = () => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const since = useQuery('sync.status', {}).data?.offlineSince ?? null;
  return since === null ? null : (
    <p className="connections__offline" role="status">
      No platform can be reached since {formatInstant(since, dates)}. Syncs wait and go on by themselves when the network is back.
    </p>
  );
};

const List = ({ chosen, onAdd }: { readonly chosen: string | null; readonly onAdd: () => void }) => {
  const { router } = useRuntime();
  const query = useQuery('connections.list', {});
  const asked = useParam('order');
  const order = ORDERS.find(({ value }) => value === asked)?.value ?? 'trust';
  const mayAdd = useMay('admin');
  const slow = useSlow(query.data === undefined && query.failure === null);
  if (query.data === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} />;
    return slow ? (
      <div className="connections__waiting">
        <Skeleton lines={12} />
      </div>
    ) : null;
  }
  if (query.data.items.length === 0) return <First onAdd={onAdd} mayAdd={mayAdd} />;
  return (
    <>
      <NoNetwork />
      <div className="connections__order">
        <Segmented
          label="Order"
          value={order}
          options={ORDERS}
          onChange={(next) => router.set({ order: next }, { replace: true })}
        />
      </div>
      <ul className="connections">
        {inOrder(query.data.items, order).map((connection) => (
          <ConnectionCard
            key={connection.id}
            connection={connection}
            chosen={connection.id === chosen}
            onOpen={() => router.set({ id: connection.id, tab: null }, { replace: chosen !== null })}
          />
        ))}
      </ul>
    </>
  );
};

const Connections = () => {
  const { router } = useRuntime();
  const id = useParam('id');
  const adding = useParam('add') !== null;
  const mayAdd = useMay('admin');
  const maySync = useMay('analyst');
  const { syncAll, busy } = useSync();
  const add = (): void => router.set({ add: '1' });
  useShortcuts([
    ...(maySync ? [{ keys: 'alt+shift+s', label: 'Sync all connections', group: 'Connections', run: syncAll }] : []),
    ...(mayAdd ? [{ keys: 'n', label: 'Add a connection', group: 'Connections', run: add }] : []),
  ]);
  return (
    <Page
      title="Connections"
      fill
      actions={
        <>
          {maySync ? (
            <Button icon={<RefreshCw size={14} aria-hidden />} onPress={syncAll} pending={busy}>
              Sync all
            </Button>
          ) : null}
          {mayAdd ? (
            <Button look="primary" icon={<Plus size={14} aria-hidden />} onPress={add}>
              Add connection
            </Button>
          ) : null}
        </>
      }
    >
      <Split
        id="connections"
        width={520}
        pane={id === null ? null : <ConnectionDetail key={id} id={id} />}
        paneLabel="Connection"
        hint="Choose a connection to see its history and what waits for a person."
        onClose={() => router.set({ id: null, tab: null })}
      >
        <div className="connections__scroll">
          <List chosen={id} onAdd={add} />
        </div>
      </Split>
      <AddConnection
        open={adding && mayAdd}
        onClose={(added) => router.set({ add: null, ...(added === null ? {} : { id: added, tab: 'state' }) }, { replace: true })}
        onReopen={add}
      />
    </Page>
  );
};

export const connectionsScreen: Screen = {
  id: 'connections',
  path: '/connections',
  title: 'Connections',
  icon: Cable,
  key: 'c',
  component: Connections,
  count: (overview) =>
    overview.connections.filter(
      ({ freshness }) => freshness === 'failing' || freshness === 'needs_sign_in' || freshness === 'late',
    ).length,
  countWord: 'need attention',
};
