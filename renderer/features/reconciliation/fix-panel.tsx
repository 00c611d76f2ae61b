import { CircleSlash, Wrench } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Output } from '../../../shared/contract/index.ts';
import { toFailure, isAborted, type Failure } from '../../api/failure.ts';
import { useCommand } from '../../api/use-command.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { useUndo } from '../../app/use-undo.ts';
import { Button } from '../../components/button.tsx';
import { Progress } from '../../components/progress.tsx';
import { PaneHead, PaneSection } from '../../components/split.tsx';
import { FailureNote, Skeleton, useSlow } from '../../components/state-view.tsx';
import { counted, formatCount } from '../../format/amount.ts';

type Trial = Output<'reconciliation.fix'>;

export interface FixPanelProps {
  readonly runId: string;
  /** What the correction is about, in words: `the 12 breaks chosen`. */
  readonly about: string;
  /** The breaks it is about; null is every break of the run. Rejects as the client does. */
  readonly breakIds: () => Promise<readonly string[] | null>;
  readonly onClose: () => void;
}

/** What the rules would correct and what they leave alone, before anything is written. Enter applies, Escape goes back. */
export const FixPanel = ({ runId, about, breakIds, onClose }: FixPanelProps) => {
  const { client, toasts } = useRuntime();
  const undo = useUndo();
  const [trial, setTrial] = useState<{ readonly ids: readonly string[] | null; readonly result: Trial } | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const fix = useCommand('reconciliation.fix');
  const panel = useRef<HTMLDivElement>(null);
  const slow = useSlow(trial === null && failure === null);
  const wanted = useRef(breakIds);

  useEffect(() => {
    panel.current?.focus();
    const stop = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const ids = await wanted.current();
        const result = await client.call(
          'reconciliation.fix',
          { id: runId, dryRun: true, ...(ids === null ? {} : { breakIds: [...ids] }) },
          stop.signal,
        );
        if (!stop.signal.aborted) setTrial({ ids, result });
      } catch (error) {
        if (!stop.signal.aborted && !isAborted(error)) setFailure(toFailure(error));
      }
    };
    void ask();
    return () => stop.abort();
  }, [client, runId]);

  const fixed = trial?.result.fixed ?? 0;
  const apply = async (): Promise<void> => {
    if (trial === null || fixed === 0 || fix.running) return;
    const result = await fix.run({ id: runId, dryRun: false, ...(trial.ids === null ? {} : { breakIds: [...trial.ids] }) });
    if (!result.ok) return;
    const { batchId, fixed: done } = result.value;
    if (batchId === null) toasts.show({ text: 'Nothing was corrected: the book had changed since. Start a new run.' });
    else toasts.show({ kind: 'good', text: `${counted(done, 'break')} corrected by rule.`, action: undo(batchId) });
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onClose();
    }
    if (event.key === 'Enter' && !event.repeat && !(event.target instanceof HTMLButtonElement)) {
      event.preventDefault();
      void apply();
    }
  };
  const skipped = trial?.result.skipped.reduce((sum, { count }) => sum + count, 0) ?? 0;
  return (
    <div className="pane-column" ref={panel} tabIndex={-1} onKeyDown={onKeyDown} role="group" aria-label="Correct by rule">
      <PaneHead title="Correct by rule">
        <p className="secondary">
          About {about}. Only rounding and stale prices on Clearway’s side are corrected, and only where every other side of the
          same date agrees. Nothing is written yet.
        </p>
      </PaneHead>
      <div className="pane-column__body">
        {slow ? (
          <div className="pane__section">
            <Skeleton lines={6} />
          </div>
        ) : null}
        {trial === null ? null : (
          <>
            <section className="pane__section">
              <p className="fix__count">
                <Wrench size={14} aria-hidden />
                {fixed === 0 ? 'No break can be corrected by rule.' : `${counted(fixed, 'break')} would be corrected.`}
              </p>
            </section>
            {skipped === 0 ? null : (
              <PaneSection title={`Left as they are: ${formatCount(skipped)}`}>
                <ul className="excluded">
                  {trial.result.skipped.map((entry) => (
                    <li key={entry.reason}>
                      <CircleSlash size={14} aria-hidden />
                      <span>{entry.reason.replace(/\.$/, '')}</span>
                      <span className="num">{formatCount(entry.count)}</span>
                    </li>
                  ))}
                </ul>
              </PaneSection>
            )}
          </>
        )}
      </div>
      <footer className="pane-foot">
        <FailureNote failure={failure ?? fix.failure} />
        <div className="pane-foot__actions">
          {fix.running ? <Progress label="Correcting" done={0} total={null} /> : null}
          <Button onPress={onClose} disabled={fix.running}>
            Back <kbd aria-hidden>Esc</kbd>
          </Button>
          <Button look="primary" onPress={() => void apply()} pending={fix.running} disabled={fixed === 0}>
            {`Correct ${formatCount(fixed)}`} <kbd aria-hidden>↵</kbd>
          </Button>
        </div>
      </footer>
    </div>
  );
};
