import { RefreshCw, X } from 'lucide-react';
import { useStore } from 'zustand';
import type { Connection } from '../../../shared/contract/connections.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { FreshnessBadge } from '../../components/badge.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { Progress } from '../../components/progress.tsx';
import { formatCount } from '../../format/amount.ts';
import { exactInstant, formatAgo, formatDate } from '../../format/time.ts';
import { PLATFORM_NAME } from '../../format/words.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import { progressWords } from './progress-words.ts';
import { useSync } from './use-sync.ts';

const Count = ({
  value,
  what,
  to,
  tone,
}: {
  readonly value: number;
  readonly what: string;
  readonly to: string | null;
  readonly tone: 'plain' | 'wait';
}) => (
  <div className="counts__item">
    <dt>{what}</dt>
    <dd className={value > 0 && tone === 'wait' ? 'badge--wait' : ''}>
      {value > 0 && to !== null ? <Link to={to}>{formatCount(value)}</Link> : formatCount(value)}
    </dd>
  </div>
);

/** How much a connection brought, and how much of it waits for a person; each number leads to its list. */
export const ConnectionCounts = ({ connection }: { readonly connection: Connection }) => {
  const { counts, id } = connection;
  const here = [{ column: 'connectionId', operator: 'is' as const, value: id }];
  return (
    <dl className="counts">
      <Count value={counts.accounts} what="Accounts" to={null} tone="plain" />
      <Count value={counts.positions} what="Positions" to={gridLink('/holdings', here)} tone="plain" />
      <Count
        value={counts.openConflicts}
        what="Conflicts"
        to={gridLink('/conflicts', [{ column: 'status', operator: 'is', value: 'open' }, ...here])}
        tone="wait"
      />
      <Count value={counts.unlinked} what="Unlinked" to={`/connections?id=${id}&tab=unlinked`} tone="wait" />
      <Count value={counts.quarantined} what="Set aside" to={`/connections?id=${id}&tab=set-aside`} tone="wait" />
    </dl>
  );
};

/** Whether its live sync is at work or about to be; one that waits after a failure is shown as what it waits for. */
export const goesOn = ({ activeOperationId, freshness }: Connection): boolean =>
  activeOperationId !== null && freshness === 'syncing';

/** What a running sync is doing now, with its bar and a way to stop it. */
export const SyncProgressLine = ({ connection }: { readonly connection: Connection }) => {
  const { progress } = useRuntime();
  const running = useStore(progress, (state) => Object.values(state.syncs).find((sync) => sync.connectionId === connection.id));
  const { cancel } = useSync();
  const operationId = running?.operationId ?? connection.activeOperationId;
  if (operationId === null) return null;
  const merging = running?.status === 'merging';
  return (
    <div className="syncing">
      <Progress
        label={`Sync of ${connection.name}`}
        done={running === undefined ? 0 : merging ? running.merged : running.records}
        total={running === undefined ? null : merging ? running.records : running.expected}
      />
      <span className="secondary">{running === undefined ? connection.health : progressWords(running)}</span>
      <IconButton label={`Cancel the sync of ${connection.name}`} onPress={() => cancel(operationId, connection.name)}>
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  );
};

/** One connection in the list: its state in words, what it brought, and Sync now. */
export const ConnectionCard = ({
  connection,
  chosen,
  onOpen,
}: {
  readonly connection: Connection;
  readonly chosen: boolean;
  readonly onOpen: () => void;
}) => {
  const { clock, preferences, progress } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const syncing =
    useStore(progress, (state) => Object.values(state.syncs).some((sync) => sync.connectionId === connection.id)) ||
    goesOn(connection);
  const maySync = useMay('analyst');
  const { syncOne, busy } = useSync();
  return (
    <li className="connection" data-chosen={chosen}>
      <div className="connection__head">
        <h2 className="connection__name">
          <button type="button" className="connection__open" onClick={onOpen} aria-expanded={chosen}>
            {connection.name}
          </button>
        </h2>
        <FreshnessBadge freshness={syncing ? 'syncing' : connection.freshness} />
        <span className="connection__facts secondary">
          {connection.name === PLATFORM_NAME[connection.platform] ? null : <span>{PLATFORM_NAME[connection.platform]}</span>}
          {connection.asOf === null ? null : <span>As of {formatDate(connection.asOf, dates)}</span>}
          {connection.lastSyncedAt === null ? null : (
            <span title={exactInstant(connection.lastSyncedAt)}>Synced {formatAgo(connection.lastSyncedAt, clock.now())}</span>
          )}
        </span>
        {maySync && connection.status !== 'disconnected' && connection.platform !== 'custodian_file' ? (
          <Button
            icon={<RefreshCw size={14} aria-hidden />}
            onPress={() => syncOne(connection)}
            disabled={syncing}
            pending={busy}
            label={`Sync now: ${connection.name}`}
          >
            Sync now
          </Button>
        ) : null}
      </div>
      {connection.freshness === 'fresh' ? null : <p className="connection__health">{connection.health}</p>}
      {syncing ? <SyncProgressLine connection={connection} /> : null}
      <ConnectionCounts connection={connection} />
    </li>
  );
};
