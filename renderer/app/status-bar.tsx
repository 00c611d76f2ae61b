import { CloudOff, LoaderCircle, X } from 'lucide-react';
import { useStore } from 'zustand';
import { useCommand } from '../api/use-command.ts';
import { useQuery } from '../api/use-query.ts';
import { progressWords } from '../features/connections/progress-words.ts';
import { Progress } from '../components/progress.tsx';
import { formatCount } from '../format/amount.ts';
import { useRuntime } from './runtime.tsx';

const Activity = () => {
  const { progress } = useRuntime();
  const syncs = Object.values(useStore(progress, (state) => state.syncs));
  const names = useQuery('sync.status', {}).data?.connections ?? [];
  const cancel = useCommand('sync.cancel');
  const first = syncs[0];
  if (!first) return null;
  const name = names.find((connection) => connection.id === first.connectionId)?.name ?? 'Sync';
  const more = syncs.length > 1 ? `, ${syncs.length - 1} more` : '';
  return (
    <div className="statusbar__activity">
      <LoaderCircle size={12} aria-hidden className="spin" />
      <span>
        {name}: {progressWords(first)}
        {more}
      </span>
      <Progress
        label={`${name} sync`}
        done={first.status === 'merging' ? first.merged : first.records}
        total={first.status === 'merging' ? first.records : first.expected}
      />
      <button
        type="button"
        className="statusbar__button"
        aria-label={`Cancel the sync of ${name}`}
        onClick={() => void cancel.run({ id: first.operationId })}
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
