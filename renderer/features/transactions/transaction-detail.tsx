import { useStore } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Amount } from '../../components/amount.tsx';
import { OriginFacts, RecordPane } from '../../components/record-pane.tsx';
import { PaneSection } from '../../components/split.tsx';
import { MONEY, PRICE, QUANTITY } from '../../format/amount.ts';
import { formatDate } from '../../format/time.ts';
import { TRANSACTION_NAME } from '../../format/words.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import './transactions.css';

type Row = Output<'transactions.get'>['row'];

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

/** One transaction: its facts, where they came from, what its source said before, and the record as received. */
export const TransactionDetail = ({ id }: { readonly id: string }) => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (
    <RecordPane
      query={useQuery('transactions.get', { id })}
      noun="transaction"
      kind="transaction"
      title={titleOf}
      before={(row) => (
        <>
          {TRANSACTION_NAME[row.type]} of {formatDate(row.tradeDate, dates)}, quantity{' '}
          <Amount value={row.quantity} scale={QUANTITY} />, cash <Amount value={row.cash} scale={MONEY} /> {row.currency}
        </>
      )}
    >
      {(detail, showRaw) => (
        <>
          <PaneSection title="Facts">
            <Facts row={detail.row} />
          </PaneSection>
          <PaneSection title="Where it comes from" aside={showRaw}>
            <dl className="facts">
              <OriginFacts record={detail} />
            </dl>
          </PaneSection>
        </>
      )}
    </RecordPane>
  );
};
