import { Clock } from 'lucide-react';
import { useStore } from 'zustand';
import type { RunSummary } from '../../../shared/contract/reconciliation.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { PaneHead } from '../../components/split.tsx';
import { formatCount } from '../../format/amount.ts';
import { exactInstant, formatInstant } from '../../format/time.ts';
import { RunStatusBadge } from './break-badges.tsx';
import { matchRate } from './questions.ts';

const RunRow = ({
  run,
  current,
  onOpen,
}: {
  readonly run: RunSummary;
  readonly current: boolean;
  readonly onOpen: (id: string) => void;
}) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const differing = run.sides.filter((side) => side.asOfDiffers);
  return (
    <li>
      <button type="button" className="runs__row" aria-current={current ? 'true' : undefined} onClick={() => onOpen(run.id)}>
        <span className="runs__head">
          <strong title={exactInstant(run.startedAt)}>{formatInstant(run.startedAt, dates)}</strong>
          <RunStatusBadge status={run.status} />
        </span>
        <span className="runs__scope">{run.scope}</span>
        <span className="secondary">
          {run.status === 'completed' ? (
            <>
              {formatCount(run.breaks)} breaks, {formatCount(run.open)} open, {matchRate(run) ?? 'nothing'} matched, by {run.by}
            </>
          ) : (
            <>by {run.by}</>
          )}
        </span>
        {differing.length === 0 ? null : (
          <span className="badge badge--wait secondary">
            <Clock size={12} aria-hidden />
            {differing.map((side) => side.name).join(' and ')} {differing.length === 1 ? 'speaks' : 'speak'} of another date
          </span>
        )}
      </button>
    </li>
  );
};

/** Every run, newest first. */
export const RunsPanel = ({
  runs,
  current,
  onOpen,
}: {
  readonly runs: readonly RunSummary[];
  readonly current: string | null;
  readonly onOpen: (id: string) => void;
}) => (
  <>
    <PaneHead title="Runs">
      <p className="secondary">Newest first. Choose one to see its breaks.</p>
    </PaneHead>
    <ol className="runs">
      {runs.map((run) => (
        <RunRow key={run.id} run={run} current={run.id === current} onOpen={onOpen} />
      ))}
    </ol>
  </>
);
