import { Scale, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import { useQuery } from '../../api/use-query.ts';
import type { Screen } from '../../app/screen.ts';
import { Page } from '../../components/page.tsx';
import { FailureView, Skeleton, useSlow } from '../../components/state-view.tsx';
import { Link } from '../../router/link.tsx';
import { ConflictList } from './conflict-list.tsx';
import { sourceKeys } from './decision.ts';
import '../../components/pane-column.css';
import './conflicts.css';
import './conflict-pane.css';

const Behind = ({ names }: { readonly names: readonly string[] }) =>
  names.length === 0 ? null : (
    <p className="conflicts__behind">
      <TriangleAlert size={14} aria-hidden />
      <span>
        {names.join(' and ')} could not be synced; what {names.length === 1 ? 'it says' : 'they say'} may be old.{' '}
        <Link to="/connections">Look at connections</Link>
      </span>
    </p>
  );

const Conflicts = () => {
  const connections = useQuery('connections.list', {});
  const slow = useSlow(connections.data === undefined && connections.failure === null);
  const items = connections.data?.items;
  // Freshness changes with every sync; columns and keys only change with the order and the names.
  const signature = items === undefined ? null : JSON.stringify(sourceKeys(items));
  const order = useMemo(
    () => (signature === null ? null : (JSON.parse(signature) as ReturnType<typeof sourceKeys>)),
    [signature],
  );
  const behind =
    items?.filter((connection) => connection.freshness === 'failing' || connection.freshness === 'needs_sign_in') ?? [];
  if (order !== null)
    return <ConflictList order={order} behind={<Behind names={behind.map((connection) => connection.name)} />} />;
  return (
    <Page title="Conflicts" fill>
      {connections.failure ? <FailureView failure={connections.failure} onRetry={connections.refetch} /> : null}
      {slow ? (
        <div className="pane__section">
          <Skeleton lines={14} />
        </div>
      ) : null}
    </Page>
  );
};

export const conflictsScreen: Screen = {
  id: 'conflicts',
  path: '/conflicts',
  title: 'Conflicts',
  icon: Scale,
  key: 'x',
  component: Conflicts,
  count: (overview) => overview.conflicts.open,
  countWord: 'open conflicts',
};
