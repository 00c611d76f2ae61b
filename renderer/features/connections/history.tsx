import { useState } from 'react';
import { useStore } from 'zustand';
import type { Connection } from '../../../shared/contract/connections.ts';
import type { Operation } from '../../../shared/contract/sync.ts';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { OperationBadge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { FailureView, Skeleton, StateView, useSlow } from '../../components/state-view.tsx';
import { formatCount } from '../../format/amount.ts';
import { exactInstant, formatDate, formatDuration, formatInstant } from '../../format/time.ts';
import { waitingWords } from './progress-words.ts';
import { AcceptShrink } from './accept-shrink.tsx';
import { outcome, recordsOf, secondsOf } from './outcome.ts';
import { useSync } from './use-sync.ts';

const Entry = ({
  operation,
  latest,
  connection,
}: {
  readonly operation: Operation;
  readonly latest: boolean;
  readonly connection: Connection;
}) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const maySync = useMay('analyst');
  const { retry, busy } = useSync();
  const [asking, setAsking] = useState(false);
  const seconds = secondsOf(operation);
  const shrunk = operation.errorCode === 'suspicious_shrink';
  const actionable = maySync && latest && operation.status === 'failed' && operation.kind === 'sync';
  return (
    <li className="history__entry">
      <div className="history__head">
        <OperationBadge status={operation.status} />
        <span title={exactInstant(operation.startedAt)}>{formatInstant(operation.startedAt, dates)}</span>
        <span className="history__by quiet">
          {operation.requestedBy}
          {seconds === null ? '' : `, ${formatDuration(seconds)}`}
          {operation.attempt > 1 ? `, attempt ${formatCount(operation.attempt)}` : ''}
        </span>
      </div>
      <p className="secondary">
        {operation.asOf === null ? '' : `As of ${formatDate(operation.asOf, dates)}. `}
        {recordsOf(operation)}
        {outcome(operation.counts) === '' ? '' : `: ${outcome(operation.counts)}`}
      </p>
      {operation.waiting === null ? null : <p>{waitingWords(operation.waiting)}</p>}
      {operation.error === null ? null : <p className="history__error">{operation.error}</p>}
      {actionable ? (
        <p className="history__actions">
          {shrunk ? (
            <Button onPress={() => setAsking(true)}>Decide about the missing positions</Button>
          ) : (
            <Button onPress={() => retry(operation.id)} pending={busy}>
              Retry from where it stopped
            </Button>
          )}
        </p>
      ) : null}
      <AcceptShrink connection={connection} error={operation.error} open={asking} onClose={() => setAsking(false)} />
    </li>
  );
};

/** Syncs and imports of a connection, newest first, with what went wrong and how to go on. */
export const History = ({ connection }: { readonly connection: Connection }) => {
  const query = useQuery('sync.operations', { connectionId: connection.id });
  const slow = useSlow(query.data === undefined && query.failure === null);
  if (query.data === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
    return slow ? (
      <div className="pane__section">
        <Skeleton lines={6} />
      </div>
    ) : null;
  }
  const { items } = query.data;
  if (items.length === 0)
    return (
      <StateView title="Never synced" inline>
        The first sync reads every account and position; it can be stopped and resumed.
      </StateView>
    );
  return (
    <ol className="history">
      {items.map((operation, index) => (
        <Entry key={operation.id} operation={operation} latest={index === 0} connection={connection} />
      ))}
    </ol>
  );
};
