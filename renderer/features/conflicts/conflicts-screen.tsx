import { Scale } from 'lucide-react';
import { useMemo } from 'react';
import { useQuery } from '../../api/use-query.ts';
import type { Screen } from '../../app/screens.ts';
import { Page } from '../../components/page.tsx';
import { FailureView, Skeleton, useSlow } from '../../components/state-view.tsx';
import { Link } from '../../router/link.tsx';
import { ConflictList } from './conflict-list.tsx';
import { sourceKeys } from './decision.ts';
import './conflicts.css';

const Conflicts = () => {
  const connections = useQuery('connections.list', {});
  const slow = useSlow(connections.data === undefined && connections.failure === null);
  const items = connections.data?.items;
  // Freshness changes with every sync; columns and keys only change with the order and the names.
  const signature = items === undefined ? null : JSON.stringify(sourceKeys(items));
  const order = useMemo(() => (signature === null ? null : (JSON.parse(signature) as ReturnType<typeof sourceKeys>)), [signature]);
  const behind = items?.filter((connection) => connection.freshness === 'failing' || connection.freshness === 'needs_sign_in') ?? [];
  const body = () => {
    if (order !== null) return <ConflictList order={order} />;
    if (connections.failure) return <FailureView failure={connections.failure} onRetry={connections.refetch} />;
    return slow ? <div className="pane__section"><Skeleton lines={14} /></div> : null;
  };
  return (
    <Page
      title="Conflicts"
      fill
      detail={
        behind.length === 0 ? undefined : (
          <span className="badge badge--wait secondary">
            {behind.map((connection) => connection.name).join(' and ')} could not be synced; what {behind.length === 1 ? 'it says' : 'they say'} may be old. <Link to="/connections">Look at connections</Link>
          </span>
        )
      }
    >
      {body()}
    </Page>
  );
};

export const conflictsScreen: Screen = {
  id: 'conflicts', path: '/conflicts', title: 'Conflicts', icon: Scale, key: 'x', component: Conflicts,
  count: (overview) => overview.conflicts.open, countWord: 'open conflicts',
};
