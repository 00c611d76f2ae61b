import { sub, sum, type Dec } from '../../../shared/model/decimal.ts';
import type { Output } from '../../../shared/contract/index.ts';
import type { StatusTotal } from '../../app/status.ts';
import { exactMoney } from '../../format/amount.ts';
import type { Selection } from '../../grid/selection.ts';

export type Totals = Output<'transactions.page'>['totals'];
interface Moved {
  readonly currency: string;
  readonly cash: Dec;
}

const sums = (rows: Iterable<Moved>): ReadonlyMap<string, Dec> =>
  new Map(
    [...Map.groupBy(rows, (row) => row.currency)].map(([currency, group]) => [currency, sum(group.map((row) => row.cash))]),
  );

/**
 * Exact cash by currency of what is chosen, or of everything that matches when nothing is. A sum over several sources says
 * so, because each of them may report the same event.
 */
export const statusTotals = (totals: Totals, selection: Selection, known: ReadonlyMap<string, Moved>): readonly StatusTotal[] => {
  const chosen = sums(known.values());
  if (selection.mode === 'some' && selection.ids.size > 0)
    return [...chosen].map(([currency, amount]) => ({ label: 'Selected cash', amount: exactMoney(amount), currency }));
  const over = (sources: number): string => (sources > 1 ? `Cash of ${sources} sources` : 'Cash');
  return totals.map(({ currency, cash, sources }) => ({
    label: selection.mode === 'all' ? 'Selected cash' : over(sources),
    amount: exactMoney(selection.mode === 'all' ? sub(cash, chosen.get(currency) ?? ('0' as Dec)) : cash),
    currency,
  }));
};
