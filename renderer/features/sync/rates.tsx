import { useQuery } from '../../api/use-query.ts';
import type { RATE_PERIODS } from '../../../shared/contract/sync-history.ts';
import { formatCount } from '../../format/amount.ts';
import { rateWords } from './rate-words.ts';

type Period = (typeof RATE_PERIODS)[number];
const PERIOD_WORDS: Readonly<Record<Period, string>> = { day: '24 hours', week: '7 days', month: '30 days' };

/** Share of syncs and imports that succeeded, with the counts it is made of; the failed ones lead to their rows. */
export const Rates = ({ to, onFailed }: { readonly to: string; readonly onFailed: (since: string) => void }) => {
  const { data } = useQuery('sync.rates', { to }, { keep: true });
  return (
    <dl className="rates" aria-label="Success over time">
      {(data?.periods ?? []).map(({ period, since, completed, failed, cancelled, successRate }) => (
        <div key={period} className="rates__period">
          <dt>Last {PERIOD_WORDS[period]}</dt>
          <dd>
            <strong>{rateWords(successRate, { completed, failed })}</strong>
            {successRate === null ? null : (
              <span>
                {' '}
                succeeded, {formatCount(completed)} of {formatCount(completed + failed)}
              </span>
            )}
            {failed === 0 ? null : (
              <button type="button" className="rates__failed" onClick={() => onFailed(since)}>
                {formatCount(failed)} failed<span className="visually-hidden"> in the last {PERIOD_WORDS[period]}: show</span>
              </button>
            )}
            {cancelled === 0 ? null : <span className="quiet">{formatCount(cancelled)} cancelled</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
};
