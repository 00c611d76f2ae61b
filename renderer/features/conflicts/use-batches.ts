import { useCallback } from 'react';
import type { Failure } from '../../api/failure.ts';
import { useCommand } from '../../api/use-command.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { counted } from '../../format/amount.ts';
import { conflictSession } from './conflict-session.ts';
import type { LoggedBatch } from './decision-log.ts';

export interface Batches {
  readonly undo: (batch: LoggedBatch) => Promise<void>;
  readonly redo: (batch: LoggedBatch) => Promise<void>;
  /** The latest batch of this window, once decisions on their way have arrived. */
  readonly undoLast: () => Promise<void>;
  readonly redoLast: () => Promise<void>;
}

const leftAlone = (blocked: readonly { readonly count: number }[]): string => {
  const left = blocked.reduce((sum, { count }) => sum + count, 0);
  return left === 0 ? '' : ` ${counted(left, 'value')} left alone because they changed since.`;
};

/** Undo and Redo of batches with their messages. `onRestored` is told of a single conflict that is open again. */
export const useBatches = ({
  onRestored,
  showHistory,
}: {
  readonly onRestored: (conflictId: string) => void;
  readonly showHistory: () => void;
}): Batches => {
  const runtime = useRuntime();
  const { toasts } = runtime;
  const session = conflictSession(runtime);
  const { run: runUndo } = useCommand('batches.undo');
  const { run: runRedo } = useCommand('batches.redo');

  const say = useCallback(
    (toast: Parameters<typeof toasts.show>[0]): void => {
      toasts.dismiss(session.toast);
      session.toast = toasts.show(toast);
    },
    [toasts, session],
  );
  const fail = useCallback(
    (what: string, { message, requestId }: Failure): void =>
      say({ kind: 'bad', text: `${what}: ${message}`, requestId, action: { label: 'Show history', run: showHistory } }),
    [say, showHistory],
  );

  const reverse = useCallback(
    async function go(kind: 'undo' | 'redo', batch: LoggedBatch): Promise<void> {
      const undoing = kind === 'undo';
      const result = await (undoing ? runUndo : runRedo)({ id: batch.batchId });
      if (!result.ok) {
        if (undoing && result.failure.code === 'already_undone') session.log.undid(batch);
        return fail(undoing ? 'Not undone' : 'Not applied again', result.failure);
      }
      session.log[undoing ? 'undid' : 'redid'](batch);
      session.decided.clear();
      say({
        kind: 'good',
        text: `${undoing ? 'Undone' : 'Applied again'}: ${batch.what}.${leftAlone(result.value.blocked)}`,
        action: { label: undoing ? 'Redo' : 'Undo', run: () => void go(undoing ? 'redo' : 'undo', batch) },
      });
      if (undoing && batch.conflictId !== null) onRestored(batch.conflictId);
    },
    [runUndo, runRedo, session, fail, say, onRestored],
  );
  const undo = useCallback((batch: LoggedBatch) => reverse('undo', batch), [reverse]);
  const redo = useCallback((batch: LoggedBatch) => reverse('redo', batch), [reverse]);

  const undoLast = useCallback(async (): Promise<void> => {
    await Promise.allSettled(session.pending);
    const latest = session.log.store.getState().done.at(-1);
    if (latest) return undo(latest);
    say({
      text: 'Nothing decided in this window is left to undo. The history lists every batch.',
      action: { label: 'Show history', run: showHistory },
    });
  }, [session, undo, say, showHistory]);

  const redoLast = useCallback(async (): Promise<void> => {
    const latest = session.log.store.getState().undone.at(-1);
    if (latest) return redo(latest);
    say({ text: 'Nothing undone in this window is left to redo.' });
  }, [session, redo, say]);

  return { undo, redo, undoLast, redoLast };
};
