import { CloudOff, LoaderCircle, X } from 'lucide-react';
import { useStore } from 'zustand';
import { useCommand } from '../api/use-command.ts';
import { useQuery } from '../api/use-query.ts';
import { progressWords } from '../features/connections/progress-words.ts';
import { Progress } from '../components/progress.tsx';
import { formatCount } from '../format/amount.ts';
import { useRuntime } from './runtime.tsx';
import { SyncSummary } from './sync-summary.tsx';

const Activity = () => {
  const { progress } = useRuntime();
  const live = useStore(progress, (state) => state.syncs);
  const running = useQuery('sync.status', {}).data?.running ?? [];
  const cancel = useCommand('sync.cancel');
  // What an event told of is shown first; a page that was opened in the middle of a sync has heard of none yet.
  const first = Object.values(live)[0];
  const id = first?.operationId ?? running[0]?.id;
  if (id === undefined) return null;
  const operation = running.find((candidate) => candidate.id === id);
  const name = operation?.connectionName ?? 'Sync';
  const count = new Set([...Object.keys(live), ...running.map((candidate) => candidate.id)]).size;
  const more = count > 1 ? `, ${formatCount(count - 1)} more` : '';
  const merging = first?.status === 'merging';
  return (
    <div className="statusbar__activity">
      <LoaderCircle size={12} aria-hidden className="spin" />
      <span>
        {name}: {first === undefined ? 'at work' : progressWords(first)}
        {more}
      </span>
      <Progress
        label={`${name} sync`}
        done={first === undefined ? (operation?.records ?? 0) : merging ? first.merged : first.records}
        total={first === undefined ? (operation?.expected ?? null) : merging ? first.records : first.expected}
      />
      <button
        type="button"
        className="statusbar__button"
        aria-label={`Cancel the sync of ${name}`}
        onClick={() => void cancel.run({ id })}
        disabled={cancel.running}
      >
        <X size={12} aria-hidden />
      </button>
    </div>
  );
};

/** Rows, selection and sums, what is at work, whether Clearway can be reached, and the hint of the moment. */
export const StatusBar = ({ onHelp }: { readonly onHelp: () => void }) => {
  const { status, connectivity } = useRuntime();
  const { rows, rowWord, selected, totals, hint } = useStore(status);
  const online = useStore(connectivity.store, (state) => state.online);
  return (
    <footer className="statusbar" data-region="status" tabIndex={-1} aria-label="Status">
      <div className="statusbar__facts">
        {rows === null ? null : (
          <span>
            {formatCount(rows)} {rowWord}
          </span>
        )}
        {selected === 0 ? null : <strong>{formatCount(selected)} selected</strong>}
        {totals.map((total) => (
          <span key={`${total.label}${total.currency ?? ''}`}>
            <span className="quiet">{total.label}</span> <span className="num">{total.amount}</span>{' '}
            <span className="quiet">{total.currency}</span>
          </span>
        ))}
        <span className="statusbar__hint truncate" title={hint}>
          {hint}
        </span>
      </div>
      <Activity />
      <SyncSummary />
      {online ? null : (
        <span className="statusbar__offline">
          <CloudOff size={12} aria-hidden /> Offline, reading only
        </span>
      )}
      <button type="button" className="statusbar__button" onClick={onHelp}>
        <kbd>?</kbd> Keys
      </button>
    </footer>
  );
};
