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
import { formatPercent } from '../../format/amount.ts';
import { exactInstant, formatAgo, formatDate } from '../../format/time.ts';
import { FEES_NAME, METHOD_NAME, PERIOD_NAME, PLATFORM_NAME } from '../../format/words.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import { percentOf } from './columns.ts';
import { CumulativeChart } from './cumulative-chart.tsx';
import './performance.css';

type Detail = Output<'performance.get'>;
const EVERY_DIGIT = { min: 2, max: 12 };

const Facts = ({ detail: { row, platform, externalId, receivedAt, operationId } }: { readonly detail: Detail }) => {
  const { clock, preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (
    <dl className="facts">
      <dt>Return</dt>
      <dd>
        <Amount value={percentOf(row.rate)} scale={EVERY_DIGIT} /> %{row.annualised ? ' per year' : ''}
        {row.fees === null ? ', not said whether before or after fees' : `, ${FEES_NAME[row.fees].toLowerCase()} of fees`}
      </dd>
      <dt>Period</dt>
      <dd>
        {PERIOD_NAME[row.period]}, {row.from === null ? 'beginning not stated' : formatDate(row.from, dates)} to{' '}
        {formatDate(row.to, dates)}
      </dd>
      <dt>Method</dt>
      <dd>{METHOD_NAME[row.method]}</dd>
      <dt>Value at begin</dt>
      <dd>{row.beginValue === null ? 'Not stated' : <Amount value={row.beginValue} currency={row.currency ?? ''} />}</dd>
      <dt>Value at end</dt>
      <dd>{row.endValue === null ? 'Not stated' : <Amount value={row.endValue} currency={row.currency ?? ''} />}</dd>
      <dt>Net flows</dt>
      <dd>{row.netFlows === null ? 'Not stated' : <Amount value={row.netFlows} currency={row.currency ?? ''} />}</dd>
      <dt>Account</dt>
      <dd>
        {row.accountId === null ? (
          `${row.account}, not linked yet`
        ) : (
          <Link to={gridLink('/performance', [{ column: 'accountId', operator: 'is', value: row.accountId }])}>
            {row.account}
          </Link>
        )}
      </dd>
      <dt>Source</dt>
      <dd>
        {row.source}
        {row.source === PLATFORM_NAME[platform] ? '' : `, ${PLATFORM_NAME[platform]}`}
      </dd>
      <dt>Its id here</dt>
      <dd className="mono">{externalId}</dd>
      <dt>Received</dt>
      <dd title={exactInstant(receivedAt)}>
        {formatAgo(receivedAt, clock.now())}, sync {operationId}
      </dd>
    </dl>
  );
};

const Before = ({ versions }: { readonly versions: Detail['versions'] }) => {
  const { clock, preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  if (versions.length === 0) return <p className="quiet">Unchanged since it was first received.</p>;
  return (
    <ol className="returns__versions">
      {versions.map(({ row, receivedAt }) => (
        <li key={row.id}>
          {formatPercent(row.rate, 4)} to {formatDate(row.to, dates)}{' '}
          <span className="secondary" title={exactInstant(receivedAt)}>
            {formatAgo(receivedAt, clock.now())}
          </span>
        </li>
      ))}
    </ol>
  );
};

/** One return in the light of its account: how the account has done, the facts of this return, what it said before, its bytes. */
export const PerformanceDetail = ({ id }: { readonly id: string }) => {
  const query = useQuery('performance.get', { id });
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
  const { row } = detail;
  if (raw) {
    return (
      <>
        <PaneHead title="Raw record">
          <Breadcrumb
            label="From the return to its bytes"
            crumbs={[{ label: row.account, onPress: () => setRaw(false) }, { label: row.source }]}
          />
        </PaneHead>
        <Payload recordId={row.id} kind="return" />
      </>
    );
  }
  return (
    <>
      <PaneHead title={row.account}>
        {detail.current ? null : (
          <p className="badge badge--wait">The source has changed or withdrawn this return since; this is what it said.</p>
        )}
      </PaneHead>
      {query.failure ? <FailureView failure={query.failure} onRetry={query.refetch} inline /> : null}
      <PaneSection title="How has the account done against its benchmark?">
        {row.accountId === null ? (
          <p className="quiet">
            This account of {row.source} is not linked to one of the book yet, so its sources cannot be drawn together. Link it
            under Connections.
          </p>
        ) : (
          <CumulativeChart key={row.accountId} accountId={row.accountId} />
        )}
      </PaneSection>
      <PaneSection
        title="This return"
        aside={
          <Button look="quiet" icon={<FileSearch size={14} aria-hidden />} onPress={() => setRaw(true)}>
            Show the raw record
          </Button>
        }
      >
        <Facts detail={detail} />
      </PaneSection>
      <PaneSection title="What it said before">
        <Before versions={detail.versions} />
      </PaneSection>
    </>
  );
};
