import type { Dec } from '../../../shared/model/decimal.ts';
import type { Output } from '../../../shared/contract/index.ts';
import type { StatusTotal } from '../../app/status.ts';
import { chosenTotals } from '../../grid/chosen-totals.ts';
import type { Selection } from '../../grid/selection.ts';

export type Totals = Output<'transactions.page'>['totals'];
interface Moved {
  readonly currency: string;
  readonly cash: Dec;
}

/**
 * Exact cash by currency of what is chosen, or of everything that matches when nothing is. A sum over several sources says
 * so, because each of them may report the same event.
 */
export const statusTotals = (totals: Totals, selection: Selection, known: ReadonlyMap<string, Moved>): readonly StatusTotal[] =>
  chosenTotals(
    totals.map(({ currency, cash, sources }) => ({
      label: sources > 1 ? `Cash of ${sources} sources` : 'Cash',
      currency,
      amount: cash,
    })),
    selection,
    known,
    (row) => row.cash,
    'Selected cash',
  );
