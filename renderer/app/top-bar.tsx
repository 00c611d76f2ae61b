import { Search, UserRound } from 'lucide-react';
import { useStore } from 'zustand';
import type { Output } from '../../shared/contract/index.ts';
import { useQuery } from '../api/use-query.ts';
import { FRESHNESS_TONE } from '../components/badge.tsx';
import { formatDate, formatInstant } from '../format/time.ts';
import { FRESHNESS_NAME } from '../format/words.ts';
import { AlertBell } from '../features/alerts/alert-bell.tsx';
import { Link } from '../router/link.tsx';
import { useRuntime } from './runtime.tsx';

type Freshness = Output<'sync.status'>['connections'][number];

const Dot = ({ connection }: { readonly connection: Freshness }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const state = FRESHNESS_NAME[connection.freshness];
  const facts = [
    `${connection.name} ${state.toLowerCase()}`,
    connection.asOf === null ? null : `as of ${formatDate(connection.asOf, dates)}`,
    connection.lastSyncedAt === null ? null : `synced ${formatInstant(connection.lastSyncedAt, dates)}`,
  ].filter((fact) => fact !== null);
  const quiet = connection.freshness === 'fresh';
  return (
    <li>
      <Link to={`/connections?id=${connection.id}`} className="dot" label={facts.join(', ')}>
        <span
          className={`dot__mark dot__mark--${FRESHNESS_TONE[connection.freshness]} dot__mark--${connection.freshness}`}
          title={facts.join('\n')}
        />
        <span className="dot__name">{connection.name}</span>{' '}
        {quiet ? null : (
          <span className={`dot__state badge--${FRESHNESS_TONE[connection.freshness]}`}>{state.toLowerCase()}</span>
        )}
      </Link>
    </li>
  );
};

/** Firm, as-of date, search, freshness of every connection, and who is at work. */
export const TopBar = ({ info, onSearch }: { readonly info: Output<'app.info'> | undefined; readonly onSearch: () => void }) => {
  const { preferences, keyboard } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const connections = useQuery('sync.status', {}).data?.connections ?? [];
  return (
    <header className="topbar">
      <div className="topbar__firm">
        <span className="topbar__logo" aria-hidden />
        <span className="topbar__name truncate">{info?.firm ?? 'Clearway'}</span>
        {info?.demo === true ? <span className="topbar__demo">Demo data</span> : null}
        {info?.asOf == null ? null : (
          <span className="topbar__asof">
            As of <strong>{formatDate(info.asOf, dates)}</strong>
          </span>
        )}
      </div>
      <button type="button" className="topbar__search" onClick={onSearch} data-region="search" aria-haspopup="dialog">
        <Search size={14} aria-hidden />
        <span>Search or run a command</span>
        <span className="topbar__keys" aria-hidden>
          {keyboard.readable('mod+k').map((key) => (
            <kbd key={key}>{key}</kbd>
          ))}
        </span>
      </button>
      <nav className="topbar__dots" aria-label="Freshness of connections">
        <ul>
          {connections.map((connection) => (
            <Dot key={connection.id} connection={connection} />
          ))}
        </ul>
      </nav>
      <AlertBell />
      {info === undefined ? null : (
        <div className="topbar__user" title={`${info.user.name}, ${info.user.role}`}>
          <UserRound size={14} aria-hidden />
          <span className="truncate">{info.user.name}</span>
          <span className="quiet">{info.user.role}</span>
        </div>
      )}
    </header>
  );
};
