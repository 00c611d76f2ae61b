import { useQuery } from '../api/use-query.ts';
import { useRuntime } from '../app/runtime.tsx';
import { Button } from './button.tsx';
import { PaneSection } from './split.tsx';
import { FailureView, Skeleton, useSlow } from './state-view.tsx';
import { formatCount } from '../format/amount.ts';
import { exactInstant } from '../format/time.ts';
import { shortenId } from '../format/words.ts';

/** The bytes a source record came from: where, when, their digest, and the part that holds the record. */
export const Payload = ({
  recordId,
  kind = 'holding',
}: {
  readonly recordId: string;
  readonly kind?: 'holding' | 'transaction' | 'tax_lot' | 'return';
}) => {
  const { toasts } = useRuntime();
  const query = useQuery('sources.payload', { id: recordId, kind });
  const slow = useSlow(query.data === undefined && query.failure === null);
  const payload = query.data;
  if (payload === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
    return slow ? (
      <div className="pane__section">
        <Skeleton lines={8} />
      </div>
    ) : null;
  }
  const copy = (): void => {
    navigator.clipboard.writeText(payload.excerpt).then(
      () => toasts.show({ text: 'Record copied as received' }),
      () => toasts.show({ kind: 'bad', text: 'Copying is not allowed here. Select the text and copy it by hand.' }),
    );
  };
  return (
    <>
      <PaneSection title="Payload">
        <dl className="facts">
          <dt>From</dt>
          <dd>{payload.connectionName}</dd>
          <dt>Received</dt>
          <dd>{exactInstant(payload.receivedAt)}</dd>
          <dt>Kind</dt>
          <dd>
            {payload.contentType}, {formatCount(payload.bytes)} bytes
          </dd>
          <dt>SHA-256</dt>
          <dd className="mono" title={payload.sha256}>
            {shortenId(payload.sha256, 12)}
          </dd>
        </dl>
      </PaneSection>
      <PaneSection
        title="This record, as received"
        aside={
          <Button look="quiet" onPress={copy}>
            Copy
          </Button>
        }
      >
        <textarea className="payload mono" readOnly spellCheck={false} aria-label="Record as received" value={payload.excerpt} />
      </PaneSection>
    </>
  );
};
