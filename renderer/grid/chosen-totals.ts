import { sub, sum, ZERO, type Dec } from '../../shared/model/decimal.ts';
import { exactMoney } from '../format/amount.ts';
import type { StatusTotal } from '../app/status.ts';
import type { Selection } from './selection.ts';

export interface LabelledTotal {
  readonly label: string;
  readonly currency: string;
  readonly amount: Dec;
}

/**
 * Exact sums by currency of what is chosen, or of everything that matches (`totals`) when nothing is. `amountOf` is what a
 * row adds; `known` are the rows chosen, or left out where all are chosen.
 */
export function chosenTotals<R extends { readonly currency: string }>(
  totals: readonly LabelledTotal[],
  selection: Selection,
  known: ReadonlyMap<string, R>,
  amountOf: (row: R) => Dec | null,
  selectedLabel: string,
): readonly StatusTotal[] {
  const sums = new Map(
    [...Map.groupBy(known.values(), (row) => row.currency)].map(([currency, rows]) => [
      currency,
      sum(rows.flatMap((row) => amountOf(row) ?? [])),
    ]),
  );
  if (selection.mode === 'some' && selection.ids.size > 0)
    return [...sums].map(([currency, amount]) => ({ label: selectedLabel, amount: exactMoney(amount), currency }));
  return totals.map(({ label, currency, amount }) => ({
    label: selection.mode === 'all' ? selectedLabel : label,
    amount: exactMoney(selection.mode === 'all' ? sub(amount, sums.get(currency) ?? ZERO) : amount),
    currency,
  }));
}
