import type { Dec } from '../../../shared/model/decimal.ts';
import type { Output } from '../../../shared/contract/index.ts';
import type { StatusTotal } from '../../app/status.ts';
import { chosenTotals } from '../../grid/chosen-totals.ts';
import type { Selection } from '../../grid/selection.ts';

type Totals = Output<'holdings.page'>['totals'];
interface Valued {
  readonly currency: string;
  readonly marketValue: Dec | null;
}

/** Exact market value by currency of what is chosen, or of everything that matches when nothing is. */
export const statusTotals = (totals: Totals, selection: Selection, known: ReadonlyMap<string, Valued>): readonly StatusTotal[] =>
  chosenTotals(
    totals.map(({ currency, marketValue }) => ({ label: 'Market value', currency, amount: marketValue })),
    selection,
    known,
    (row) => row.marketValue,
    'Selected',
  );
