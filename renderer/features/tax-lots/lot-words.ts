import { abs, cmp, sign, type Dec } from '../../../shared/model/decimal.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { counted, exactAmount, exactMoney } from '../../format/amount.ts';

export type SourceLots = Output<'taxLots.ofHolding'>['sources'][number];

const ONE_CENT = '0.01' as Dec;
const way = (difference: Dec): string => (sign(difference) < 0 ? 'less' : 'more');

/** What the sum of a source’s lots says beside the source’s own position, in one sentence. */
export function sumSentence({ source, sum, total, quantityDifference, costDifference }: SourceLots, currency: string): string {
  const lots = counted(total.lots, 'lot');
  const adds = total.lots === 1 ? 'is' : 'add up to';
  switch (sum) {
    case 'no_lots':
      return `${source} lists no lots of this position, though it lists lots of others.`;
    case 'no_position':
      return `${source} lists ${lots} here, but no position that ${total.lots === 1 ? 'it is' : 'they are'} part of.`;
    case 'agrees': {
      const quantity = `The ${lots} ${adds} the whole quantity of ${source}’s own position`;
      if (costDifference === null) return `${quantity}. The cost is not compared, because it is not stated everywhere.`;
      return `${quantity}, and ${costDifference === '0' ? 'its whole cost basis' : 'within one cent its cost basis'}.`;
    }
    case 'differs': {
      const parts: string[] = [];
      if (quantityDifference !== null && quantityDifference !== '0')
        parts.push(`hold ${exactAmount(abs(quantityDifference))} units ${way(quantityDifference)}`);
      if (costDifference !== null && cmp(abs(costDifference), ONE_CENT) > 0)
        parts.push(`cost ${exactMoney(abs(costDifference))} ${currency} ${way(costDifference)}`);
      const verbs = total.lots === 1 ? parts.map((part) => part.replace(/^(hold|cost)/, '$1s')) : parts;
      return `The ${lots} ${verbs.join(' and ')} than ${source}’s own position.`;
    }
  }
}

/** How many lots carry a term that does not fit their day; empty when none does. */
export function termSentence({ lots }: SourceLots): string {
  const doubtful = lots.filter((lot) => lot.termDoubtful).length;
  if (doubtful === 0) return '';
  return doubtful === 1
    ? 'The term of 1 lot does not fit the day it was acquired on.'
    : `The terms of ${doubtful} lots do not fit the days they were acquired on.`;
}
