import type { Connection } from '../../../../shared/contract/connections.ts';
import type { Operation } from '../../../../shared/contract/sync.ts';
import { OperationBadge } from '../../../components/badge.tsx';
import { Button } from '../../../components/button.tsx';
import { counted, formatCount } from '../../../format/amount.ts';
import { SyncProgressLine } from '../connection-card.tsx';
import { useSync } from '../use-sync.ts';

/** The first read as it goes, and what it brought. */
export const FirstReadStep = ({
  connection,
  operation,
}: {
  readonly connection: Connection | undefined;
  readonly operation: Operation | undefined;
}) => {
  const { retry, syncOne, busy } = useSync();
  if (connection === undefined) return <p className="secondary">Saving the connection.</p>;
  if (operation === undefined)
    return (
      <div className="form">
        <p>{connection.name} is saved, but its first read has not begun.</p>
        <Button onPress={() => syncOne(connection)} pending={busy}>
          Read now
        </Button>
      </div>
    );
  const { counts } = connection;
  return (
    <div className="form">
      <p className="connection__state" role="status">
        <OperationBadge status={operation.status} />
        <span>
          {operation.status === 'completed'
            ? `${connection.name} is saved and read.`
            : operation.status === 'failed'
              ? `${connection.name} is saved, but its first read stopped.`
              : operation.status === 'cancelled'
                ? `${connection.name} is saved. Its first read was cancelled, and nothing of it was applied.`
                : `${connection.name} is saved. You can close this window; the reading goes on.`}
        </span>
      </p>
      {connection.activeOperationId === null ? null : <SyncProgressLine connection={connection} />}
      {operation.status === 'completed' ? (
        <dl className="facts">
          <dt>Positions</dt>
          <dd>{formatCount(counts.positions)}</dd>
          <dt>Accounts</dt>
          <dd>{counted(counts.accounts, 'account')}</dd>
          <dt>Waiting for you</dt>
          <dd>{counted(counts.unlinked, 'account or security', 'accounts and securities')} not tied to the book</dd>
          <dt>Set aside</dt>
          <dd>{counted(counts.quarantined, 'record')} that could not be read</dd>
        </dl>
      ) : null}
      {operation.error === null ? null : <p className="history__error">{operation.error}</p>}
      {operation.status === 'failed' ? (
        <Button onPress={() => retry(operation.id)} pending={busy}>
          Retry from where it stopped
        </Button>
      ) : null}
      {operation.status === 'cancelled' ? (
        <Button onPress={() => syncOne(connection)} pending={busy}>
          Read again
        </Button>
      ) : null}
    </div>
  );
};
