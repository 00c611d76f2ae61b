import { useStore } from 'zustand';
import { scaleOf, ZERO, type Dec } from '../../../shared/model/decimal.ts';
import { useQuery } from '../../api/use-query.ts';
import { useRuntime } from '../../app/runtime.tsx';
import { Amount } from '../../components/amount.tsx';
import { Badge } from '../../components/badge.tsx';
import { DiffAmount } from '../../components/diff-amount.tsx';
import { FailureView, Skeleton, useSlow } from '../../components/state-view.tsx';
import { counted, MONEY, QUANTITY, type Scale } from '../../format/amount.ts';
import { formatDate } from '../../format/time.ts';
import { Link } from '../../router/link.tsx';
import { Term } from './columns.tsx';
import { LotSumBadge } from './lot-sum-badge.tsx';
import { sumSentence, termSentence, type SourceLots } from './lot-words.ts';
import { matchLots } from './match-lots.ts';
import './tax-lots.css';

const useDate = () => {
  const { preferences } = useRuntime();
  const dates = useStore(preferences, (state) => state.dates);
  return (date: string | null): string => (date === null ? 'Not known' : formatDate(date, dates));
};

/** As many decimals as the longest, so that points stand under each other. */
const scaleOfAll = (quantities: readonly Dec[]): Scale => {
  const decimals = Math.min(QUANTITY.max, Math.max(...quantities.map(scaleOf)));
  return { min: decimals, max: decimals };
};

const Verdict = ({ of, currency }: { readonly of: SourceLots; readonly currency: string }) => {
  const terms = termSentence(of);
  return (
    <div className="lots__verdict">
      {of.sum === 'no_lots' ? null : <LotSumBadge sum={of.sum} />}
      <p>
        {sumSentence(of, currency)} {terms}
      </p>
      {of.lots.length === 0 ? null : (
        <p className="secondary">
          Unrealised gain: short-term <Amount value={of.shortTerm.gain} scale={MONEY} />, long-term{' '}
          <Amount value={of.longTerm.gain} scale={MONEY} /> {currency}
        </p>
      )}
    </div>
  );
};

/** The lots of one source, then their sum and the source’s own position under it. */
const OneSource = ({ of, current }: { readonly of: SourceLots; readonly current: string | null }) => {
  const date = useDate();
  const units = scaleOfAll([...of.lots.map((lot) => lot.quantity), of.position?.quantity ?? ZERO]);
  return (
    <div className="lots__scroll">
      <table className="table table--pane">
        <caption className="visually-hidden">Tax lots of {of.source}</caption>
        <thead>
          <tr>
            <th scope="col">Acquired</th>
            <th scope="col">Term</th>
            <th scope="col" className="num">
              Quantity
            </th>
            <th scope="col" className="num">
              Cost
            </th>
            <th scope="col" className="num">
              Gain
            </th>
          </tr>
        </thead>
        <tbody>
          {of.lots.map((lot) => (
            <tr key={lot.id} aria-current={lot.id === current ? 'true' : undefined}>
              <th scope="row">
                <Link to={`/tax-lots?id=${lot.id}`}>{date(lot.acquiredOn)}</Link>
              </th>
              <td>
                <Term lot={lot} />
              </td>
              <td className="num">
                <Amount value={lot.quantity} scale={units} />
              </td>
              <td className="num">
                <Amount value={lot.cost} scale={MONEY} />
              </td>
              <td className="num">
                <Amount value={lot.gain} scale={MONEY} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row" colSpan={2}>
              {counted(of.total.lots, 'lot')}
            </th>
            <td className="num">
              <Amount value={of.total.quantity} scale={units} />
            </td>
            <td className="num">
              <Amount value={of.total.cost} scale={MONEY} />
            </td>
            <td className="num">
              <Amount value={of.total.gain} scale={MONEY} />
            </td>
          </tr>
          {of.position === null ? null : (
            <tr>
              <th scope="row" colSpan={2} className="badge--platform">
                {of.source}’s position
              </th>
              <td className="num">
                <DiffAmount value={of.position.quantity} against={of.total.quantity} scale={units} />
              </td>
              <td className="num">
                <DiffAmount value={of.position.cost} against={of.total.cost} scale={MONEY} />
              </td>
              <td className="num quiet">–</td>
            </tr>
          )}
        </tfoot>
      </table>
    </div>
  );
};

/** Several sources: one row per day, so that a lot one of them lacks or tells otherwise stands out. */
const SideBySide = ({ sources }: { readonly sources: readonly SourceLots[] }) => {
  const date = useDate();
  const units = scaleOfAll(sources.flatMap((source) => source.lots.map((lot) => lot.quantity)));
  return (
    <div className="lots__scroll">
      <table className="table table--pane">
        <caption className="visually-hidden">Tax lots by day of acquisition, source beside source</caption>
        <thead>
          <tr>
            <th scope="col">Acquired</th>
            {sources.flatMap(({ connectionId, source }) => [
              <th key={connectionId} scope="col" className="num badge--platform">
                {source}
              </th>,
              <th key={`${connectionId} cost`} scope="col" className="num">
                <span className="visually-hidden">{source}, </span>cost
              </th>,
            ])}
          </tr>
        </thead>
        <tbody>
          {matchLots(sources).map(({ acquiredOn, bySource }) => {
            const against = bySource.find((own) => own !== null) ?? null;
            return (
              <tr key={acquiredOn ?? ''}>
                <th scope="row">{date(acquiredOn)}</th>
                {sources.flatMap(({ connectionId }, at) => {
                  const own = bySource[at];
                  return own
                    ? [
                        <td key={connectionId} className="num">
                          {own.lots > 1 ? <span className="secondary">{counted(own.lots, 'lot')} </span> : null}
                          <DiffAmount value={own.quantity} against={against?.quantity ?? null} scale={units} />
                        </td>,
                        <td key={`${connectionId} cost`} className="num">
                          <DiffAmount value={own.cost} against={against?.cost ?? null} scale={MONEY} />
                        </td>,
                      ]
                    : [
                        <td key={connectionId} colSpan={2} className="num">
                          <Badge tone="wait">No lot of this day</Badge>
                        </td>,
                      ];
                })}
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Sum of lots</th>
            {sources.flatMap(({ connectionId, total }) => [
              <td key={connectionId} className="num">
                <Amount value={total.quantity} scale={units} />
              </td>,
              <td key={`${connectionId} cost`} className="num">
                <Amount value={total.cost} scale={MONEY} />
              </td>,
            ])}
          </tr>
        </tfoot>
      </table>
    </div>
  );
};

/** The tax lots of one position of the book: by source, with their sums and what they say beside the source’s own position. */
export const HoldingLots = ({
  holdingId,
  currency,
  current = null,
}: {
  readonly holdingId: string;
  readonly currency: string;
  /** The lot that is being looked at. */
  readonly current?: string | null;
}) => {
  const query = useQuery('taxLots.ofHolding', { id: holdingId });
  const slow = useSlow(query.data === undefined && query.failure === null);
  if (query.data === undefined) {
    if (query.failure) return <FailureView failure={query.failure} onRetry={query.refetch} inline />;
    return slow ? <Skeleton lines={4} /> : null;
  }
  const { sources } = query.data;
  if (sources.length === 0) return <p className="quiet">No source lists tax lots of this position.</p>;
  const listed = sources.filter((source) => source.lots.length > 0);
  return (
    <div className="lots">
      {listed.length > 1 ? <SideBySide sources={listed} /> : null}
      {sources.map((source, at) => (
        <div key={`${source.connectionId} ${at}`}>
          {source.lots.length > 0 ? <h4 className="lots__source">{source.source}</h4> : null}
          {source.lots.length > 0 ? <OneSource of={source} current={current} /> : null}
          <Verdict of={source} currency={currency} />
        </div>
      ))}
    </div>
  );
};
