import { useStore } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Amount } from '../../components/amount.tsx';
import { OriginFacts, RecordPane } from '../../components/record-pane.tsx';
import { PaneSection } from '../../components/split.tsx';
import { formatPercent } from '../../format/amount.ts';
import { formatDate } from '../../format/time.ts';
import { FEES_NAME, METHOD_NAME, PERIOD_NAME } from '../../format/words.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import { percentOf } from './columns.ts';
import { CumulativeChart } from './cumulative-chart.tsx';
import './performance.css';

type Detail = Output<'performance.get'>;
const EVERY_DIGIT = { min: 2, max: 12 };

const Facts = ({ detail }: { readonly detail: Detail }) => {
  const { row } = detail;
  const { preferences } = useRuntime();
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
      <OriginFacts record={detail} />
    </dl>
  );
};

/** One return in the light of its account: how the account has done, the facts of this return, what it said before, its bytes. */
export const PerformanceDetail = ({ id }: { readonly id: string }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (
    <RecordPane
      query={useQuery('performance.get', { id })}
      noun="return"
      kind="return"
      title={(row) => row.account}
      before={(row) => (
        <>
          {formatPercent(row.rate, 4)} to {formatDate(row.to, dates)}
        </>
      )}
    >
      {(detail, showRaw) => (
        <>
          <PaneSection title="How has the account done against its benchmark?">
            {detail.row.accountId === null ? (
              <p className="quiet">
                This account of {detail.row.source} is not linked to one of the book yet, so its sources cannot be drawn together.
                Link it under Connections.
              </p>
            ) : (
              <CumulativeChart key={detail.row.accountId} accountId={detail.row.accountId} />
            )}
          </PaneSection>
          <PaneSection title="This return" aside={showRaw}>
            <Facts detail={detail} />
          </PaneSection>
        </>
      )}
    </RecordPane>
  );
};
