import { FileSearch } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { CallInput } from '../../shared/contract/index.ts';
import type { Platform } from '../../shared/model/holding.ts';
import type { QueryResult } from '../api/use-query.ts';
import { useRuntime } from '../app/runtime.tsx';
import { exactInstant, formatAgo } from '../format/time.ts';
import { PLATFORM_NAME } from '../format/words.ts';
import { Breadcrumb } from './breadcrumb.tsx';
import { Button } from './button.tsx';
import { Loaded } from './loaded.tsx';
import { Payload } from './payload.tsx';
import { PaneHead, PaneSection } from './split.tsx';
import { FailureView } from './state-view.tsx';

/** One record of a source with what the source said before, as the contract answers all of them. */
interface SourceRecord<R extends { readonly id: string; readonly source: string }> {
  readonly row: R;
  readonly platform: Platform;
  readonly externalId: string;
  readonly receivedAt: string;
  readonly operationId: string;
  /** False once the source no longer says so. */
  readonly current: boolean;
  readonly versions: readonly { readonly row: R; readonly receivedAt: string }[];
}

/** Which source the record is from, its id there, and when it came. */
export const OriginFacts = ({
  record: { row, platform, externalId, receivedAt, operationId },
}: {
  readonly record: Omit<SourceRecord<{ readonly id: string; readonly source: string }>, 'versions' | 'current'>;
}) => {
  const { clock } = useRuntime();
  return (
    <>
      <dt>Source</dt>
      <dd>
        {row.source}
        {row.source === PLATFORM_NAME[platform] ? '' : `, ${PLATFORM_NAME[platform]}`}
      </dd>
      <dt>Its id there</dt>
      <dd className="mono">{externalId}</dd>
      <dt>Received</dt>
      <dd title={exactInstant(receivedAt)}>
        {formatAgo(receivedAt, clock.now())}, sync {operationId}
      </dd>
    </>
  );
};

/** The detail pane of a source's record: what `children` shows of it, what its source said before, and its bytes on demand. */
export const RecordPane = <D extends SourceRecord<{ readonly id: string; readonly source: string }>>({
  query,
  noun,
  kind,
  title,
  before,
  children,
}: {
  readonly query: QueryResult<D>;
  /** `transaction`, as in "From the transaction to its bytes". */
  readonly noun: string;
  readonly kind: NonNullable<CallInput<'sources.payload'>['kind']>;
  readonly title: (row: D['row']) => string;
  /** An earlier version in one line. */
  readonly before: (row: D['row']) => ReactNode;
  /** The sections of the record; the button that shows its bytes belongs beside where it comes from. */
  readonly children: (detail: D, showRaw: ReactNode) => ReactNode;
}) => {
  const { clock } = useRuntime();
  const [raw, setRaw] = useState(false);
  const showRaw = (
    <Button look="quiet" icon={<FileSearch size={14} aria-hidden />} onPress={() => setRaw(true)}>
      Show the raw record
    </Button>
  );
  return (
    <Loaded query={query}>
      {(detail) =>
        raw ? (
          <>
            <PaneHead title="Raw record">
              <Breadcrumb
                label={`From the ${noun} to its bytes`}
                crumbs={[{ label: title(detail.row), onPress: () => setRaw(false) }, { label: detail.row.source }]}
              />
            </PaneHead>
            <Payload recordId={detail.row.id} kind={kind} />
          </>
        ) : (
          <>
            <PaneHead title={title(detail.row)}>
              {detail.current ? null : (
                <p className="badge badge--wait">The source has changed or withdrawn this {noun} since; this is what it said.</p>
              )}
            </PaneHead>
            {query.failure ? <FailureView failure={query.failure} onRetry={query.refetch} inline /> : null}
            {children(detail, showRaw)}
            <PaneSection title="What it said before">
              {detail.versions.length === 0 ? (
                <p className="quiet">Unchanged since it was first received.</p>
              ) : (
                <ol className="changes">
                  {detail.versions.map(({ row, receivedAt }) => (
                    <li key={row.id} className="changes__row">
                      <span>{before(row)}</span>
                      <span className="secondary" title={exactInstant(receivedAt)}>
                        {formatAgo(receivedAt, clock.now())}
                      </span>
                    </li>
                  ))}
                </ol>
              )}
            </PaneSection>
          </>
        )
      }
    </Loaded>
  );
};
