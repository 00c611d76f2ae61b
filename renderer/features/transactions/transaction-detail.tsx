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
import { PLATFORM_NAME, TRANSACTION_NAME } from '../../format/words.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import './transactions.css';

type Detail = Output<'transactions.get'>;
type Row = Detail['row'];

const titleOf = (row: Row): string => `${TRANSACTION_NAME[row.type]}${row.security === null ? '' : `, ${row.security}`}`;

const of = (column: 'accountId' | 'securityId', id: string): string =>
  gridLink('/transactions', [{ column, operator: 'is', value: id }]);

const Facts = ({ row }: { readonly row: Row }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (
    <dl className="facts">
      <dt>Traded</dt>
      <dd>{formatDate(row.tradeDate, dates)}</dd>
      <dt>Settles</dt>
      <dd>{row.settleDate === null ? 'Not stated' : formatDate(row.settleDate, dates)}</dd>
      <dt>Account</dt>
      <dd>
        {row.accountId === null ? (
          `${row.account}, not linked yet`
        ) : (
          <Link to={of('accountId', row.accountId)}>{row.account}</Link>
        )}
        {row.accountNumber === '' ? null : <span className="mono transaction__number">{row.accountNumber}</span>}
      </dd>
      <dt>Security</dt>
      <dd>
        {row.security === null ? (
          'None: cash alone'
        ) : row.securityId === null ? (
          `${row.security}, not linked yet`
        ) : (
          <Link to={of('securityId', row.securityId)}>{row.security}</Link>
        )}
      </dd>
      <dt>Quantity</dt>
      <dd>
        <Amount value={row.quantity} scale={QUANTITY} />
      </dd>
      <dt>Price</dt>
      <dd>{row.price === null ? 'Not stated' : <Amount value={row.price} scale={PRICE} />}</dd>
      <dt>Cash</dt>
      <dd>
        <Amount value={row.cash} scale={MONEY} /> {row.currency}
      </dd>
      <dt>Memo</dt>
      <dd>{row.memo === '' ? 'None' : row.memo}</dd>
    </dl>
  );
};

const Origin = ({ detail }: { readonly detail: Detail }) => {
  const { clock } = useRuntime();
  return (
    <dl className="facts">
      <dt>Source</dt>
      <dd>
        {detail.row.source}
        {detail.row.source === PLATFORM_NAME[detail.platform] ? '' : `, ${PLATFORM_NAME[detail.platform]}`}
      </dd>
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
  const { clock, preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  if (versions.length === 0) return <p className="quiet">Unchanged since it was first received.</p>;
  return (
    <ol className="transaction__versions">
      {versions.map(({ row, receivedAt }) => (
        <li key={row.id}>
          {TRANSACTION_NAME[row.type]} of {formatDate(row.tradeDate, dates)}, quantity{' '}
          <Amount value={row.quantity} scale={QUANTITY} />, cash <Amount value={row.cash} scale={MONEY} /> {row.currency}{' '}
          <span className="secondary" title={exactInstant(receivedAt)}>
            {formatAgo(receivedAt, clock.now())}
          </span>
        </li>
      ))}
    </ol>
  );
};

/** One transaction: its facts, where they came from, what its source said before, and the record as received. */
export const TransactionDetail = ({ id }: { readonly id: string }) => {
  const query = useQuery('transactions.get', { id });
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
  if (raw) {
    return (
      <>
        <PaneHead title="Raw record">
          <Breadcrumb
            label="From the transaction to its bytes"
            crumbs={[{ label: titleOf(detail.row), onPress: () => setRaw(false) }, { label: detail.row.source }]}
          />
        </PaneHead>
        <Payload recordId={detail.row.id} kind="transaction" />
      </>
    );
  }
  return (
    <>
      <PaneHead title={titleOf(detail.row)}>
        {detail.current ? null : (
          <p className="badge badge--wait">The source has changed or withdrawn this record since; this is what it said.</p>
        )}
      </PaneHead>
      {query.failure ? <FailureView failure={query.failure} onRetry={query.refetch} inline /> : null}
      <PaneSection title="Facts">
        <Facts row={detail.row} />
      </PaneSection>
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
