import { RefreshCw, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { Button } from '../../components/button.tsx';
import { Link } from '../../router/link.tsx';
import { AcceptShrink } from '../connections/accept-shrink.tsx';
import { useSync } from '../connections/use-sync.ts';
import type { ConnectionState } from './state-words.ts';

export const SHRUNK = 'suspicious_shrink';

/** Asks about the positions that a sync would have removed, in that sync’s own words. */
export const DecideShrink = ({
  connection,
  operationId,
  open,
  onClose,
}: {
  readonly connection: Pick<ConnectionState, 'id' | 'name'>;
  readonly operationId: string;
  readonly open: boolean;
  readonly onClose: () => void;
}) => {
  const operation = useQuery('sync.operation', open ? { id: operationId } : null).data;
  return <AcceptShrink connection={connection} error={operation?.error ?? null} open={open} onClose={onClose} />;
};

/** The one thing to do about a connection now. */
export const ConnectionAction = ({ connection }: { readonly connection: ConnectionState }) => {
  const { id, name, failed, platform, status, activeOperationId } = connection;
  const { syncOne, retry, cancel, busy } = useSync();
  const [asking, setAsking] = useState(false);
  const may = useMay('analyst');
  if (status === 'needs_sign_in') return <Link to={`/connections?id=${id}`}>Sign in again</Link>;
  if (!may) return null;
  if (activeOperationId !== null)
    return (
      <Button
        look="quiet"
        icon={<X size={14} aria-hidden />}
        label={`Cancel the sync of ${name}`}
        onPress={() => cancel(activeOperationId, name)}
      >
        Cancel
      </Button>
    );
  if (platform === 'custodian_file') return <Link to="/import">Import a file</Link>;
  if (failed?.kind === 'sync' && failed.code === SHRUNK)
    return (
      <>
        <Button look="quiet" label={`Decide about the missing positions of ${name}`} onPress={() => setAsking(true)}>
          Decide
        </Button>
        <DecideShrink connection={connection} operationId={failed.operationId} open={asking} onClose={() => setAsking(false)} />
      </>
    );
  if (failed?.kind === 'sync')
    return (
      <Button
        look="quiet"
        icon={<RotateCcw size={14} aria-hidden />}
        label={`Retry the sync of ${name} from where it stopped`}
        onPress={() => retry(failed.operationId)}
        pending={busy}
      >
        Retry
      </Button>
    );
  return (
    <Button
      look="quiet"
      icon={<RefreshCw size={14} aria-hidden />}
      label={`Sync now: ${name}`}
      onPress={() => syncOne(connection)}
      pending={busy}
    >
      Sync now
    </Button>
  );
};
