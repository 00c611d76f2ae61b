import { sub, sum, type Dec } from '../../../shared/model/decimal.ts';
import type { Output } from '../../../shared/contract/index.ts';
import { exactMoney } from '../../format/amount.ts';
import type { StatusTotal } from '../../app/status.ts';
import type { Selection } from '../../grid/selection.ts';

type Totals = Output<'holdings.page'>['totals'];
interface Valued {
  readonly currency: string;
  readonly marketValue: Dec | null;
}

const sums = (rows: Iterable<Valued>): ReadonlyMap<string, Dec> =>
  new Map(
    [...Map.groupBy(rows, (row) => row.currency)].map(([currency, group]) => [
      currency,
      sum(group.flatMap((row) => row.marketValue ?? [])),
    ]),
  );

/** Exact market value by currency of what is chosen, or of everything that matches when nothing is. */
export const statusTotals = (
  totals: Totals,
  selection: Selection,
  known: ReadonlyMap<string, Valued>,
): readonly StatusTotal[] => {
  const chosen = sums(known.values());
  if (selection.mode === 'some' && selection.ids.size > 0) {
    return [...chosen].map(([currency, amount]) => ({ label: 'Selected', amount: exactMoney(amount), currency }));
  }
  return totals.map(({ currency, marketValue }) => ({
    label: selection.mode === 'all' ? 'Selected' : 'Market value',
    amount: exactMoney(selection.mode === 'all' ? sub(marketValue, chosen.get(currency) ?? ('0' as Dec)) : marketValue),
    currency,
  }));
};
