import { CheckCircle2, ChevronRight, LayoutDashboard, Link2Off, PackageX, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { calendarDate } from '../../../shared/model/date.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useQuery } from '../../api/use-query.ts';
import { useMay } from '../../app/roles.ts';
import { useRuntime } from '../../app/runtime.tsx';
import type { Screen } from '../../app/screen.ts';
import { FreshnessBadge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { FailureView, Skeleton, StateView, useSlow } from '../../components/state-view.tsx';
import { counted, exactMoney, formatCount } from '../../format/amount.ts';
import { exactInstant, formatAgo, formatDate } from '../../format/time.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import { daysWithin, openedWithin } from './age-filter.ts';
import { Workload } from './workload.tsx';
import './overview.css';

type Morning = Output<'overview.get'>;

const First = () => {
  const { router } = useRuntime();
  const mayAdd = useMay('admin');
  const mayImport = useMay('analyst');
  return (
    <StateView
      icon={<LayoutDashboard size={20} aria-hidden />}
      title="Start with where the positions are"
      actions={
        <>
          {mayAdd ? (
            <Button look="primary" onPress={() => router.go('/connections?add=1')}>
              Add a connection
            </Button>
          ) : null}
          {mayImport ? <Button onPress={() => router.go('/import')}>Import a custodian file</Button> : null}
        </>
      }
    >
      Clearway reads positions from Black Diamond, Orion, Addepar and custodian files, finds where they disagree with the book,
      and shows each difference to a person. No value is overwritten silently.
    </StateView>
  );
};

const Totals = ({ morning }: { readonly morning: Morning }) => {
  const { counts } = morning;
  return (
    <section className="totals" aria-label="The book">
      {morning.totals.map(({ currency, marketValue }) => (
        <Link
          key={currency}
          to={gridLink('/holdings', [{ column: 'currency', operator: 'is', value: currency }])}
          className="totals__amount"
          label={`Market value, ${currency} ${exactMoney(marketValue)}`}
        >
          <span className="totals__label">Market value, {currency}</span>{' '}
          <span className="totals__number">{exactMoney(marketValue)}</span>
        </Link>
      ))}
      <ul className="totals__counts">
        <li>
          <Link to={`${gridLink('/holdings')}&group=portfolio`}>{counted(counts.portfolios, 'portfolio')}</Link>
        </li>
        <li>
          <Link to={`${gridLink('/holdings')}&group=account`}>{counted(counts.accounts, 'account')}</Link>
        </li>
        <li>
          <Link to={`${gridLink('/holdings')}&group=security`}>{counted(counts.securities, 'security', 'securities')}</Link>
        </li>
        <li>
          <Link to={gridLink('/holdings')}>{counted(counts.positions, 'position')}</Link>
        </li>
      </ul>
    </section>
  );
};

const Need = ({
  icon,
  to,
  children,
  detail,
}: {
  readonly icon: ReactNode;
  readonly to: string;
  readonly children: ReactNode;
  readonly detail: string;
}) => (
  <li>
    <Link to={to} className="need">
      <span className="badge--wait need__icon">{icon}</span>
      <span className="need__text">
        <strong>{children}</strong>
        <span className="secondary">{detail}</span>
      </span>
      <ChevronRight size={14} aria-hidden className="quiet" />
    </Link>
  </li>
);

const Needs = ({ morning }: { readonly morning: Morning }) => {
  const troubled = morning.connections.filter(
    ({ freshness }) => freshness === 'failing' || freshness === 'needs_sign_in' || freshness === 'late',
  );
  const most = (name: 'unlinked' | 'quarantined'): string | undefined =>
    morning.connections.toSorted((a, b) => b.counts[name] - a.counts[name])[0]?.id;
  const nothing = morning.needsLinking === 0 && morning.quarantined === 0 && troubled.length === 0;
  return (
    <section className="panel" aria-label="What needs a person">
      <h2>What needs a person</h2>
      {nothing ? (
        <p className="badge badge--good">
          <CheckCircle2 size={14} aria-hidden />
          <span>Nothing beside the work on the left.</span>
        </p>
      ) : null}
      <ul className="needs">
        {troubled.map((connection) => (
          <Need
            key={connection.id}
            to={`/connections?id=${connection.id}&tab=history`}
            icon={<TriangleAlert size={16} aria-hidden />}
            detail={connection.health}
          >
            {connection.name}
          </Need>
        ))}
        {morning.needsLinking === 0 ? null : (
          <Need
            to={`/connections?id=${most('unlinked') ?? ''}&tab=unlinked`}
            icon={<Link2Off size={16} aria-hidden />}
            detail="Their positions wait outside the book until somebody says what they belong to."
          >
            {formatCount(morning.needsLinking)} unlinked accounts and securities
          </Need>
        )}
        {morning.quarantined === 0 ? null : (
          <Need
            to={`/connections?id=${most('quarantined') ?? ''}&tab=set-aside`}
            icon={<PackageX size={16} aria-hidden />}
            detail="They could not be read and did not enter the book."
          >
            {counted(morning.quarantined, 'record')} set aside
          </Need>
        )}
      </ul>
    </section>
  );
};

const Freshness = ({ morning }: { readonly morning: Morning }) => {
  const { clock, preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  if (morning.connections.length === 0) return null;
  return (
    <section className="panel" aria-label="Freshness">
      <h2>Freshness</h2>
      <ul className="freshness">
        {morning.connections.map((connection) => (
          <li key={connection.id} className="freshness__entry">
            <Link to={`/connections?id=${connection.id}`}>{connection.name}</Link>
            <FreshnessBadge freshness={connection.freshness} />
            <span
              className="secondary freshness__dates"
              title={connection.lastSyncedAt === null ? undefined : exactInstant(connection.lastSyncedAt)}
            >
              {connection.asOf === null ? 'No data yet' : `As of ${formatDate(connection.asOf, dates)}`}
              {connection.lastSyncedAt === null ? '' : `, synced ${formatAgo(connection.lastSyncedAt, clock.now())}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
};

const Recent = ({ morning }: { readonly morning: Morning }) => {
  const { clock } = useRuntime();
  return (
    <section className="panel panel--recent" aria-label="Recent activity">
      <header className="panel__head">
        <h2>Recent activity</h2>
        <Link to="/audit">Audit</Link>
      </header>
      {morning.recent.length === 0 ? <p className="quiet">Nothing yet.</p> : null}
      <ol className="recent">
        {morning.recent.map((entry) => (
          <li key={`${entry.at} ${entry.what}`} className="recent__entry">
            <span>{entry.what}</span>
            <span className="secondary" title={exactInstant(entry.at)}>
              {entry.by}, {formatAgo(entry.at, clock.now())}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
};

const Waiting = () => (
  <div className="overview__waiting">
    <Skeleton lines={3} />
    <Skeleton lines={9} />
    <Skeleton lines={9} />
  </div>
);

const Board = ({ morning }: { readonly morning: Morning }) => {
  const { clock, preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const today = calendarDate(new Date(clock.now()).toISOString().slice(0, 10));
  return (
    <div className="overview">
      <div className="overview__work">
        <Totals morning={morning} />
        <Workload
          title="Open conflicts"
          path="/conflicts"
          work={morning.conflicts}
          kindColumn="field"
          kindLabel="Which value"
          ageFilters={(band) => openedWithin('openedAt', band, today)}
          done="Clearway and every source agree, or a person has decided."
        />
        <Workload
          title="Open breaks"
          path="/reconciliation"
          work={morning.breaks}
          kindColumn="class"
          kindLabel="Of what class"
          ageFilters={(band) => daysWithin('ageDays', band)}
          note={
            morning.breaks.runAt === null
              ? 'No reconciliation has run yet'
              : `Run ${formatAgo(morning.breaks.runAt, clock.now())}${morning.asOf === null ? '' : `, book as of ${formatDate(morning.asOf, dates)}`}`
          }
          done={morning.breaks.runAt === null ? null : 'The latest run found nothing that is still open.'}
          start={<Link to="/reconciliation">Run a reconciliation to compare the book with each side</Link>}
        />
        <Recent morning={morning} />
      </div>
      <aside className="overview__side" aria-label="State of the sources">
        <Needs morning={morning} />
        <Freshness morning={morning} />
      </aside>
    </div>
  );
};

const Overview = () => {
  const query = useQuery('overview.get', {});
  const slow = useSlow(query.data === undefined && query.failure === null);
  const morning = query.data;
  const body = (): ReactNode => {
    if (morning === undefined) {
      if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} />;
      return slow ? <Waiting /> : null;
    }
    if (morning.counts.positions === 0 && morning.connections.length === 0) return <First />;
    return <Board morning={morning} />;
  };
  return <Page title="Overview">{body()}</Page>;
};

export const overviewScreen: Screen = {
  id: 'overview',
  path: '/overview',
  title: 'Overview',
  icon: LayoutDashboard,
  key: 'o',
  component: Overview,
};
