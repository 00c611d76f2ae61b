import { useCallback } from 'react';
import type { ConflictRow } from '../../../shared/contract/conflicts.ts';
import { useCommand } from '../../api/use-command.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { FIELD_NAME } from '../../format/words.ts';
import { conflictSession, setRefused } from './conflict-session.ts';
import type { LoggedBatch } from './decision-log.ts';
import { subjectName } from './subject-words.ts';
import { decisionDone, valueWords, type Decision, type SourceKey } from './decision.ts';

export interface DecideParts {
  readonly sources: readonly SourceKey[];
  readonly undo: (batch: LoggedBatch) => Promise<void>;
  readonly showConflict: (id: string) => void;
}

/** What a toast says about one decision: `Accepted Orion: Kestrel Energy, quantity 1,840.25`. */
const outcomeWords = (row: ConflictRow, decision: Decision, value: string | null, sources: readonly SourceKey[]): string => {
  const field = row.field === 'presence' ? 'position' : FIELD_NAME[row.field].toLowerCase();
  const words =
    value === null ? '' : ` ${row.field === 'presence' ? valueWords(value).toLowerCase() : valueWords(value, row.field)}`;
  return `${decisionDone(decision, sources)}: ${subjectName(row)}, ${field}${words}`;
};

/**
 * Carries out one decision on one conflict as the person saw it. The caller moves on at once; a refusal comes back as a
 * message that leads to the conflict, where both versions then stand beside each other.
 */
export const useDecide = ({
  sources,
  undo,
  showConflict,
}: DecideParts): ((row: ConflictRow, decision: Decision, value: string | null) => void) => {
  const runtime = useRuntime();
  const { toasts, dataChanged } = runtime;
  const session = conflictSession(runtime);
  const { run } = useCommand('conflicts.resolve');

  return useCallback(
    (row, decision, value) => {
      const refuse = (text: string, requestId: string | null): void => {
        session.decided.delete(row.id);
        toasts.show({ kind: 'bad', text, requestId, action: { label: 'Show it', run: () => showConflict(row.id) } });
      };
      const carryOut = async (): Promise<void> => {
        const result = await run({ selection: { ids: [row.id] }, decision, expectedVersion: row.version });
        if (!result.ok) {
          if (result.failure.code === 'conflict_changed') {
            setRefused(session, row.id, { seen: row, decision });
            dataChanged(['conflicts', 'holdings']);
          }
          return refuse(`Not settled, ${subjectName(row)}: ${result.failure.message}`, result.failure.requestId);
        }
        const { batchId, settled, excluded } = result.value;
        if (settled === 0 || batchId === null)
          return refuse(`Not settled, ${subjectName(row)}: ${excluded[0]?.reason ?? 'nothing could be written'}.`, null);
        setRefused(session, row.id, null);
        const batch: LoggedBatch = { batchId, what: outcomeWords(row, decision, value, sources), conflictId: row.id };
        session.log.add(batch);
        toasts.dismiss(session.toast);
        session.toast = toasts.show({
          kind: 'good',
          text: `${batch.what}.`,
          action: { label: 'Undo', run: () => void undo(batch) },
        });
      };
      session.decided.add(row.id);
      const work = carryOut();
      session.pending.add(work);
      void work.finally(() => session.pending.delete(work));
    },
    [run, session, toasts, dataChanged, sources, undo, showConflict],
  );
};
