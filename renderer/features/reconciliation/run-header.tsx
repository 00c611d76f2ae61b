import { CalendarClock, Clock, OctagonAlert } from 'lucide-react';
import { useStore } from 'zustand';
import type { RunSummary } from '../../../shared/contract/reconciliation.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Progress } from '../../components/progress.tsx';
import { formatCount } from '../../format/amount.ts';
import { exactInstant, formatAgo, formatDate } from '../../format/time.ts';
import { matchRate } from './questions.ts';

const Sides = ({ run }: { readonly run: RunSummary }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (
    <ul className="run__sides" aria-label="Sides">
      {run.sides.map((side) => (
        <li
          key={side.connectionId}
          className="run__side"
          data-differs={side.asOfDiffers}
          title={side.asOfDiffers ? 'This side speaks of another date than the others; timing differences are likely' : undefined}
        >
          <strong>{side.name}</strong>
          {side.asOf === null ? (
            'no data'
          ) : (
            <span className="run__date">
              {side.asOfDiffers ? <Clock size={12} aria-hidden /> : null}as of {formatDate(side.asOf, dates)}
            </span>
          )}
          {side.asOfDiffers ? <span>another date</span> : null}
        </li>
      ))}
    </ul>
  );
};

const Figure = ({ label, children }: { readonly label: string; readonly children: string }) => (
  <div className="run__figure">
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);

const Running = ({ run }: { readonly run: RunSummary }) => {
  const { progress } = useRuntime();
  const at = useStore(progress, (state) => state.runs[run.id]);
  const words =
    at === undefined || at.total === 0 ? 'Comparing' : `Comparing, ${formatCount(at.done)} of ${formatCount(at.total)}`;
  return (
    <div className="run__running" role="status">
      <Progress label="Reconciliation" done={at?.done ?? 0} total={at === undefined || at.total === 0 ? null : at.total} />
      <span>{words}</span>
    </div>
  );
};

/** What a run compared and how much of it matched. */
export const RunHeader = ({ run }: { readonly run: RunSummary }) => {
  const { clock } = useRuntime();
  const active = run.status === 'queued' || run.status === 'running';
  return (
    <section className="run" aria-label="Run">
      <div className="run__what">
        <p title={exactInstant(run.startedAt)}>
          <CalendarClock size={14} aria-hidden /> {run.scope}
          <span className="quiet">
            , started {formatAgo(run.startedAt, clock.now())} by {run.by}
          </span>
        </p>
        <Sides run={run} />
      </div>
      {active ? <Running run={run} /> : null}
      {run.status === 'failed' ? (
        <p className="run__failed" role="alert">
          <OctagonAlert size={14} aria-hidden /> {run.error ?? 'The run stopped before it was finished.'} Start it again.
        </p>
      ) : null}
      {run.status === 'completed' ? (
        <dl className="run__figures">
          <Figure label="Compared">{formatCount(run.compared)}</Figure>
          <Figure label="Matched">{formatCount(run.matched)}</Figure>
          <Figure label="Auto-match rate">{matchRate(run) ?? '–'}</Figure>
          <Figure label="Breaks">{formatCount(run.breaks)}</Figure>
          <Figure label="Open">{formatCount(run.open)}</Figure>
        </dl>
      ) : null}
    </section>
  );
};
