import { useState } from 'react';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useShortcuts } from '../../keyboard/use-shortcuts.ts';
import { useSync } from '../connections/use-sync.ts';
import { DecideShrink, SHRUNK } from './connection-action.tsx';
import { isAtWork } from './operation-detail.tsx';
import type { ConnectionState } from './state-words.ts';

/**
 * The keys of the sync screen. They act on the operation in the pane where it is one that can be retried, stopped or decided,
 * else on the first connection, best trusted first, that has one; their names say which.
 */
export const SyncKeys = ({
  connections,
  open,
  onSyncAll,
}: {
  readonly connections: readonly ConnectionState[];
  readonly open: string | null;
  readonly onSyncAll: () => void;
}) => {
  const { retry, cancel } = useSync();
  const [asking, setAsking] = useState<ConnectionState | null>(null);
  const may = useMay('analyst');
  const inPane = useQuery('sync.operation', open === null ? null : { id: open }).data;
  const chosen = connections.filter(({ id }) => id === inPane?.connectionId);
  // What is in the pane comes first, so that a key acts on what the person looks at.
  const inOrder = [...chosen, ...connections.filter((connection) => !chosen.includes(connection))];
  const failed = inOrder.find((c) => c.activeOperationId === null && c.failed?.kind === 'sync' && c.failed.code !== SHRUNK);
  const shrunk = inOrder.find((c) => c.activeOperationId === null && c.failed?.kind === 'sync' && c.failed.code === SHRUNK);
  const running =
    inPane !== undefined && isAtWork(inPane)
      ? { id: inPane.id, name: inPane.connectionName }
      : inOrder.flatMap(({ activeOperationId, name }) =>
          activeOperationId === null ? [] : [{ id: activeOperationId, name }],
        )[0];
  useShortcuts(
    may
      ? [
          { keys: 'alt+shift+s', label: 'Sync all connections', group: 'Sync', run: onSyncAll },
          ...(failed?.failed
            ? [
                {
                  keys: 'r',
                  label: `Retry the sync of ${failed.name}`,
                  group: 'Sync',
                  run: () => (failed.failed ? retry(failed.failed.operationId) : undefined),
                },
              ]
            : []),
          ...(running
            ? [
                {
                  keys: 'x',
                  label: `Cancel the sync of ${running.name}`,
                  group: 'Sync',
                  run: () => cancel(running.id, running.name),
                },
              ]
            : []),
          ...(shrunk
            ? [
                {
                  keys: 'd',
                  label: `Decide about the missing positions of ${shrunk.name}`,
                  group: 'Sync',
                  run: () => setAsking(shrunk),
                },
              ]
            : []),
        ]
      : [],
  );
  if (asking?.failed == null) return null;
  return <DecideShrink connection={asking} operationId={asking.failed.operationId} open onClose={() => setAsking(null)} />;
};
