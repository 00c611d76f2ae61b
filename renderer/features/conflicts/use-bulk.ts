import { useCallback, useRef, useState } from 'react';
import type { Output } from '../../../shared/contract/index.ts';
import { isAborted, toFailure, type Failure } from '../../api/failure.ts';
import { useCommand } from '../../api/use-command.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { counted } from '../../format/amount.ts';
import type { ConflictSelection } from './conflict-selection.ts';
import { conflictSession } from './conflict-session.ts';
import type { LoggedBatch } from './decision-log.ts';
import { decisionDone, type Decision, type SourceKey } from './decision.ts';

/** One decision about many conflicts, looked at before it is applied. The selection is the one of the moment it was opened. */
export interface BulkState {
  readonly selection: ConflictSelection;
  readonly decision: Decision;
  readonly preview: Output<'conflicts.preview'> | null;
  readonly failure: Failure | null;
}

export interface Bulk {
  readonly state: BulkState | null;
  readonly applying: boolean;
  readonly open: (selection: ConflictSelection, decision: Decision) => void;
  readonly close: () => void;
  readonly apply: (comment: string) => Promise<boolean>;
}

/** Preview and application of a decision about many conflicts. */
export const useBulk = ({
  sources,
  undo,
}: {
  readonly sources: readonly SourceKey[];
  readonly undo: (batch: LoggedBatch) => Promise<void>;
}): Bulk => {
  const runtime = useRuntime();
  const { client, toasts, connectivity } = runtime;
  const session = conflictSession(runtime);
  const [state, setState] = useState<BulkState | null>(null);
  const asking = useRef<AbortController | null>(null);
  const { run, running } = useCommand('conflicts.resolve');

  const open = useCallback(
    (selection: ConflictSelection, decision: Decision): void => {
      asking.current?.abort();
      const controller = new AbortController();
      asking.current = controller;
      setState({ selection, decision, preview: null, failure: null });
      client.call('conflicts.preview', { selection, decision }, controller.signal).then(
        (preview) => {
          if (!controller.signal.aborted) setState({ selection, decision, preview, failure: null });
        },
        (error: unknown) => {
          if (controller.signal.aborted || isAborted(error)) return;
          const failure = toFailure(error);
          connectivity.report(failure.code !== 'offline');
          setState({ selection, decision, preview: null, failure });
        },
      );
    },
    [client, connectivity],
  );

  const close = useCallback((): void => {
    asking.current?.abort();
    setState(null);
  }, []);

  const apply = useCallback(
    async (comment: string): Promise<boolean> => {
      if (state === null || state.preview === null || state.preview.settles === 0) return false;
      const { selection, decision } = state;
      const result = await run({ selection, decision, comment });
      if (!result.ok) {
        setState((now) => (now === null ? null : { ...now, failure: result.failure }));
        return false;
      }
      const { batchId, settled, excluded } = result.value;
      const left = excluded.reduce((sum, { count }) => sum + count, 0);
      const rest = left === 0 ? '' : ` ${counted(left, 'conflict')} left as they were.`;
      setState(null);
      toasts.dismiss(session.toast);
      if (batchId === null) {
        session.toast = toasts.show({ kind: 'bad', text: `Nothing was settled.${rest}` });
        return true;
      }
      const batch: LoggedBatch = {
        batchId,
        what: `${decisionDone(decision, sources)} for ${counted(settled, 'conflict')}`,
        conflictId: null,
      };
      session.log.add(batch);
      session.toast = toasts.show({
        kind: 'good',
        text: `${batch.what}.${rest}`,
        action: { label: 'Undo', run: () => void undo(batch) },
      });
      return true;
    },
    [state, run, toasts, session, sources, undo],
  );

  return { state, applying: running, open, close, apply };
};
