import { useCallback } from 'react';
import { useCommand } from '../../api/use-command.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { counted } from '../../format/amount.ts';

interface SyncActions {
  readonly syncOne: (connection: { readonly id: string; readonly name: string }, acceptShrink?: boolean) => void;
  readonly syncAll: () => void;
  readonly retry: (operationId: string) => void;
  readonly cancel: (operationId: string, name: string) => void;
  readonly busy: boolean;
}

/** Starting, resuming and stopping syncs, with a toast for each outcome. */
export const useSync = (): SyncActions => {
  const { toasts } = useRuntime();
  const one = useCommand('connections.sync');
  const all = useCommand('sync.all');
  const again = useCommand('sync.retry');
  const stop = useCommand('sync.cancel');
  const failed = useCallback(
    (failure: { message: string; requestId: string | null }): void =>
      void toasts.show({ kind: 'bad', text: failure.message, requestId: failure.requestId }),
    [toasts],
  );

  return {
    busy: one.running || all.running || again.running,
    syncOne: (connection, acceptShrink = false) => {
      void one
        .run({ id: connection.id, acceptShrink })
        .then((result) => (result.ok ? toasts.show({ text: `Sync of ${connection.name} started.` }) : failed(result.failure)));
    },
    syncAll: () => {
      void all.run({}).then((result) => {
        if (!result.ok) return failed(result.failure);
        const started = result.value.operationIds.length;
        return toasts.show({
          text:
            started === 0
              ? 'Every connection is syncing already, or needs sign-in first.'
              : `${counted(started, 'sync')} started.`,
        });
      });
    },
    retry: (id) => {
      void again
        .run({ id })
        .then((result) => (result.ok ? toasts.show({ text: 'Resumed from where it stopped.' }) : failed(result.failure)));
    },
    cancel: (id, name) => {
      void stop
        .run({ id })
        .then((result) =>
          result.ok
            ? toasts.show({ text: `The sync of ${name} stops at the next page. Nothing of it is applied.` })
            : failed(result.failure),
        );
    },
  };
};
