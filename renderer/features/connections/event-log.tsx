import { useStore } from 'zustand';
import type { CONNECTION_EVENTS } from '../../../shared/contract/connection-health.ts';
import type { Connection } from '../../../shared/contract/connections.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { FailureView, Skeleton, StateView, useSlow } from '../../components/state-view.tsx';
import { exactInstant, formatInstant } from '../../format/time.ts';

const EVENT_NAME: Readonly<Record<(typeof CONNECTION_EVENTS)[number], string>> = {
  added: 'Added',
  changed: 'Settings changed',
  signed_in: 'Signed in',
  disconnected: 'Disconnected',
  linked: 'Linked by hand',
  sync_started: 'Started',
  sync_finished: 'Finished',
  sync_failed: 'Failed',
  sync_cancelled: 'Cancelled',
  import_rolled_back: 'Rolled back',
};

/** Everything that happened to a connection, newest first. */
export const EventLog = ({ connection }: { readonly connection: Connection }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  const query = useQuery('connections.events', { id: connection.id });
  const slow = useSlow(query.data === undefined && query.failure === null);
  if (query.data === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
    return slow ? (
      <div className="pane__section">
        <Skeleton lines={8} />
      </div>
    ) : null;
  }
  if (query.data.items.length === 0)
    return (
      <StateView title="Nothing has happened yet" inline>
        Reads, sign-ins and changes of settings are listed here.
      </StateView>
    );
  return (
    <div className="pane__section">
      <table className="table table--pane">
        <caption className="visually-hidden">What happened to {connection.name}, newest first</caption>
        <thead>
          <tr>
            <th>When</th>
            <th>What</th>
            <th>Who</th>
          </tr>
        </thead>
        <tbody>
          {query.data.items.map(({ key, at, event, actor, detail }) => (
            <tr key={key} className="event" data-bad={event === 'sync_failed'}>
              <td className="event__when" title={exactInstant(at)}>
                {formatInstant(at, dates)}
              </td>
              <td>
                <strong>{EVENT_NAME[event]}</strong> <span className="event__detail">{detail}</span>
              </td>
              <td className="secondary">{actor}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};
