import { FileSearch } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Amount } from '../../components/amount.tsx';
import { Breadcrumb } from '../../components/breadcrumb.tsx';
import { Button } from '../../components/button.tsx';
import { Payload } from '../../components/payload.tsx';
import { PaneHead, PaneSection } from '../../components/split.tsx';
import { FailureView, Skeleton, useSlow } from '../../components/state-view.tsx';
import { MONEY, PRICE, QUANTITY } from '../../format/amount.ts';
import { exactInstant, formatAgo, formatDate } from '../../format/time.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import { Term } from './columns.tsx';
import { HoldingLots } from './holding-lots.tsx';
import './tax-lots.css';

type Detail = Output<'taxLots.get'>;
type Row = Detail['row'];

const useDates = () => useStore(useRuntime().preferences, (state) => state.dates);

const of = (column: 'accountId' | 'securityId', id: string): string =>
  gridLink('/tax-lots', [{ column, operator: 'is', value: id }]);

const Facts = ({ row }: { readonly row: Row }) => {
  const dates = useDates();
  const stated = (value: Row['cost'], scale: typeof MONEY) =>
    value === null ? (
      'Not known'
    ) : (
      <>
        <Amount value={value} scale={scale} /> {row.currency}
      </>
    );
  return (
    <dl className="facts">
      <dt>Acquired</dt>
      <dd>{row.acquiredOn === null ? 'Not known' : formatDate(row.acquiredOn, dates)}</dd>
      <dt>Term</dt>
      <dd>{row.term === null ? 'Not stated' : <Term lot={row} />}</dd>
      <dt>Account</dt>
      <dd>
        {row.accountId === null ? (
          `${row.account}, not linked yet`
        ) : (
          <Link to={of('accountId', row.accountId)}>{row.account}</Link>
        )}
      </dd>
      <dt>Security</dt>
      <dd>
        {row.securityId === null ? (
          `${row.security}, not linked yet`
        ) : (
          <Link to={of('securityId', row.securityId)}>{row.security}</Link>
        )}
      </dd>
      <dt>Quantity</dt>
      <dd>
        <Amount value={row.quantity} scale={QUANTITY} />
      </dd>
      <dt>Cost</dt>
      <dd>{stated(row.cost, MONEY)}</dd>
      <dt>Unit cost</dt>
      <dd>{stated(row.unitCost, PRICE)}</dd>
      <dt>Value</dt>
      <dd>{stated(row.value, MONEY)}</dd>
      <dt>Unrealised gain</dt>
      <dd>{stated(row.gain, MONEY)}</dd>
    </dl>
  );
};

const Origin = ({ detail }: { readonly detail: Detail }) => {
  const { clock } = useRuntime();
  return (
    <dl className="facts">
      <dt>Source</dt>
      <dd>{detail.row.source}</dd>
      <dt>Its id there</dt>
      <dd className="mono">{detail.externalId}</dd>
      <dt>Received</dt>
      <dd title={exactInstant(detail.receivedAt)}>
        {formatAgo(detail.receivedAt, clock.now())}, sync {detail.operationId}
      </dd>
    </dl>
  );
};

const Before = ({ versions }: { readonly versions: Detail['versions'] }) => {
  const { clock } = useRuntime();
  const dates = useDates();
  if (versions.length === 0) return <p className="quiet">Unchanged since it was first received.</p>;
  return (
    <ol className="changes">
      {versions.map(({ row, receivedAt }) => (
        <li key={row.id} className="changes__row">
          <span>
            {row.acquiredOn === null ? 'No day' : formatDate(row.acquiredOn, dates)}, quantity{' '}
            <Amount value={row.quantity} scale={QUANTITY} />, cost <Amount value={row.cost} scale={MONEY} /> {row.currency}
          </span>
          <span className="secondary" title={exactInstant(receivedAt)}>
            {formatAgo(receivedAt, clock.now())}
          </span>
        </li>
      ))}
    </ol>
  );
};

/** One tax lot: its facts, the other lots of its position, where it came from, and what its source said before. */
export const TaxLotDetail = ({ id }: { readonly id: string }) => {
  const query = useQuery('taxLots.get', { id });
  const [raw, setRaw] = useState(false);
  const slow = useSlow(query.data === undefined && query.failure === null);
  const detail = query.data;
  if (detail === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
    return slow ? (
      <div className="pane__section">
        <Skeleton lines={9} />
      </div>
    ) : null;
  }
  const title = `Lot of ${detail.row.security}`;
  if (raw) {
    return (
      <>
        <PaneHead title="Raw record">
          <Breadcrumb
            label="From the tax lot to its bytes"
            crumbs={[{ label: title, onPress: () => setRaw(false) }, { label: detail.row.source }]}
          />
        </PaneHead>
        <Payload recordId={detail.row.id} kind="tax_lot" />
      </>
    );
  }
  return (
    <>
      <PaneHead title={title}>
        {detail.current ? null : (
          <p className="badge badge--wait">The source has changed or withdrawn this lot since; this is what it said.</p>
        )}
      </PaneHead>
      {query.failure ? <FailureView failure={query.failure} onRetry={query.refetch} inline /> : null}
      <PaneSection title="Facts">
        <Facts row={detail.row} />
      </PaneSection>
      {detail.holdingId === null ? null : (
        <PaneSection title="Lots of the position" aside={<Link to={`/holdings?id=${detail.holdingId}`}>Open the position</Link>}>
          <HoldingLots holdingId={detail.holdingId} currency={detail.row.currency} current={id} />
        </PaneSection>
      )}
      <PaneSection
        title="Where it comes from"
        aside={
          <Button look="quiet" icon={<FileSearch size={14} aria-hidden />} onPress={() => setRaw(true)}>
            Show the raw record
          </Button>
        }
      >
        <Origin detail={detail} />
      </PaneSection>
      <PaneSection title="What it said before">
        <Before versions={detail.versions} />
      </PaneSection>
    </>
  );
};
