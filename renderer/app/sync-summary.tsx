import { CloudOff } from 'lucide-react';
import { useStore } from 'zustand';
import { useQuery } from '../api/use-query.ts';
import { FRESHNESS_ICON, FRESHNESS_TONE } from '../components/badge.tsx';
import { dataSpan, stateSummary } from '../features/sync/state-words.ts';
import { businessDaysSince, exactInstant, formatDate, formatInstant } from '../format/time.ts';
import { Link } from '../router/link.tsx';
import { useRuntime } from './runtime.tsx';

/** That no platform can be reached, where the program says so. */
const Offline = ({ since }: { readonly since: string }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (
    <span className="statusbar__offline" title={`Since ${exactInstant(since)}`}>
      <CloudOff size={12} aria-hidden /> No network since {formatInstant(since, dates)}; syncs wait
    </span>
  );
};

/** The worst state of all connections and how old the data of the book is, wherever one is; it leads to the sync screen. */
export const SyncSummary = () => {
  const { preferences, clock } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const { data } = useQuery('sync.status', {});
  if (data === undefined) return null;
  const summary = stateSummary(data.connections);
  const span = dataSpan(data.connections);
  if (summary === null) return null;
  const age = span === null ? '' : businessDaysSince(span.oldest, clock.now());
  const of =
    span === null
      ? 'No data yet'
      : span.oldest === span.newest
        ? `Data of ${formatDate(span.newest, dates)}`
        : `Data of ${formatDate(span.oldest, dates)} to ${formatDate(span.newest, dates)}`;
  const old = span === null || age.startsWith('0 ') ? '' : `, ${span.oldest === span.newest ? '' : 'oldest '}${age} old`;
  return (
    <>
      {data.offlineSince == null ? null : <Offline since={data.offlineSince} />}
      <Link to="/sync" className="statusbar__sync">
        <span className="visually-hidden">Sync: </span>
        <span className={`badge badge--${FRESHNESS_TONE[summary.freshness]}`}>
          {FRESHNESS_ICON[summary.freshness]}
          <span>{summary.words}</span>
        </span>
        <span className="quiet">
          {of}
          {old}
        </span>
      </Link>
    </>
  );
};
