import { useStore } from 'zustand';
import type { Output } from '../../../shared/contract/index.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Amount } from '../../components/amount.tsx';
import { OriginFacts, RecordPane } from '../../components/record-pane.tsx';
import { PaneSection } from '../../components/split.tsx';
import { MONEY, PRICE, QUANTITY } from '../../format/amount.ts';
import { formatDate } from '../../format/time.ts';
import { gridLink } from '../../grid/grid-link.ts';
import { Link } from '../../router/link.tsx';
import { Term } from './columns.tsx';
import { HoldingLots } from './holding-lots.tsx';
import './tax-lots.css';

type Row = Output<'taxLots.get'>['row'];

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

/** One tax lot: its facts, the other lots of its position, where it came from, and what its source said before. */
export const TaxLotDetail = ({ id }: { readonly id: string }) => {
  const dates = useDates();
  return (
    <RecordPane
      query={useQuery('taxLots.get', { id })}
      noun="tax lot"
      kind="tax_lot"
      title={(row) => `Lot of ${row.security}`}
      before={(row) => (
        <>
          {row.acquiredOn === null ? 'No day' : formatDate(row.acquiredOn, dates)}, quantity{' '}
          <Amount value={row.quantity} scale={QUANTITY} />, cost <Amount value={row.cost} scale={MONEY} /> {row.currency}
        </>
      )}
    >
      {(detail, showRaw) => (
        <>
          <PaneSection title="Facts">
            <Facts row={detail.row} />
          </PaneSection>
          {detail.holdingId === null ? null : (
            <PaneSection
              title="Lots of the position"
              aside={<Link to={`/holdings?id=${detail.holdingId}`}>Open the position</Link>}
            >
              <HoldingLots holdingId={detail.holdingId} currency={detail.row.currency} current={id} />
            </PaneSection>
          )}
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
