import type { Connection } from '../../../shared/contract/connections.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { useQuery } from '../../api/use-query.ts';
import { FailureView, Skeleton, StateView, useSlow } from '../../components/state-view.tsx';
import { counted } from '../../format/amount.ts';

type Item = Output<'sync.quarantine'>['items'][number];

const SetAsideRecord = ({ item }: { readonly item: Item }) => (
  <li className="set-aside__item">
    <p className="secondary">
      {item.externalId === null ? (
        'No id'
      ) : (
        <>
          Id <span className="mono">{item.externalId}</span>
        </>
      )}
      , member <span className="mono">{item.path}</span>
    </p>
    <textarea
      className="payload mono"
      readOnly
      spellCheck={false}
      aria-label={`Record ${item.externalId ?? item.id} as received`}
      value={item.raw}
    />
  </li>
);

/** Records that one operation could not read, by reason and as received. */
export const SetAsideOf = ({ operationId, source }: { readonly operationId: string; readonly source: string }) => {
  const records = useQuery('sync.quarantine', { id: operationId });
  const slow = useSlow(records.data === undefined && records.failure === null);
  if (records.data === undefined) {
    if (records.failure) return <FailureView failure={records.failure} onRetry={records.refetch} inline />;
    return slow ? <Skeleton lines={6} /> : null;
  }
  const { items, total } = records.data;
  if (total === 0) return <p className="quiet">Every record could be read.</p>;
  return (
    <>
      <p className="secondary">
        {counted(total, 'record')} could not be read and did not enter the book. The rest of the pass did. Correct them at{' '}
        {source} and sync again.
        {items.length < total ? ` The first ${counted(items.length, 'record')} are shown.` : ''}
      </p>
      <div className="set-aside">
        {[...Map.groupBy(items, ({ reason }) => reason)].map(([reason, group], index) => (
          <details key={reason} className="set-aside__group" open={index === 0}>
            <summary>
              <strong>{reason}</strong> <span className="quiet">{counted(group.length, 'record')}</span>
            </summary>
            <ul>
              {group.map((item) => (
                <SetAsideRecord key={item.id} item={item} />
              ))}
            </ul>
          </details>
        ))}
      </div>
    </>
  );
};

/** Records of the latest pass that could not be read: kept, counted by reason and shown, never guessed at. */
export const SetAside = ({ connection }: { readonly connection: Connection }) => {
  const { data, failure, refetch } = useQuery('sync.operations', { connectionId: connection.id });
  const source = data?.items.find((operation) => operation.counts.quarantined > 0);
  const slow = useSlow(data === undefined && failure === null);
  if (data === undefined && failure) return <FailureView failure={failure} onRetry={refetch} inline />;
  if (data !== undefined && source === undefined) {
    return (
      <StateView title="Nothing is set aside" inline>
        Every record of the latest pass could be read.
      </StateView>
    );
  }
  if (source !== undefined)
    return (
      <div className="pane__section">
        <SetAsideOf operationId={source.id} source={connection.name} />
      </div>
    );
  return slow ? (
    <div className="pane__section">
      <Skeleton lines={6} />
    </div>
  ) : null;
};
