import { useCallback } from 'react';
import { counted } from '../format/amount.ts';
import { useCommand } from '../api/use-command.ts';
import { useRuntime } from './runtime.tsx';
import type { ToastAction } from './toasts.ts';

/** Gives the Undo action for the toast of a batch, with Redo offered after it. */
export const useUndo = (): ((batchId: string) => ToastAction) => {
  const { toasts } = useRuntime();
  const { run: undo } = useCommand('batches.undo');
  const { run: redo } = useCommand('batches.redo');
  return useCallback(
    (batchId) => ({
      label: 'Undo',
      run: () => {
        void undo({ id: batchId }).then((result) => {
          if (!result.ok) return toasts.show({ kind: 'bad', text: result.failure.message, requestId: result.failure.requestId });
          const left = result.value.blocked.reduce((sum, { count }) => sum + count, 0);
          const text = `Undone: ${counted(result.value.restored, 'value')} restored${left === 0 ? '' : `, ${counted(left, 'value')} left alone because they changed since`}.`;
          return toasts.show({
            kind: 'good',
            text,
            action: {
              label: 'Redo',
              run: () =>
                void redo({ id: batchId }).then((again) =>
                  toasts.show(
                    again.ok
                      ? { kind: 'good', text: `Applied again: ${counted(again.value.restored, 'value')}.` }
                      : { kind: 'bad', text: again.failure.message, requestId: again.failure.requestId },
                  ),
                ),
            },
          });
        });
      },
    }),
    [undo, redo, toasts],
  );
};
