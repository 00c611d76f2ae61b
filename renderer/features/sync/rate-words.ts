import { cmp, dec, type Dec } from '../../../shared/model/decimal.ts';
import { formatPercent } from '../../format/amount.ts';

const ALMOST_ALL = dec('0.9995');
const HARDLY_ANY = dec('0.0005');

/** A share of successes to one decimal; never all or none of them while there was one of the other kind. */
export function rateWords(
  rate: Dec | null,
  { completed, failed }: { readonly completed: number; readonly failed: number },
): string {
  if (rate === null) return 'None ended';
  if (failed > 0 && cmp(rate, ALMOST_ALL) >= 0) return 'Over 99.9\u00a0%';
  if (completed > 0 && cmp(rate, HARDLY_ANY) < 0) return 'Under 0.1\u00a0%';
  return formatPercent(rate, 1);
}
