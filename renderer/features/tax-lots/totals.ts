import type { Dec } from '../../../shared/model/decimal.ts';
import type { Output } from '../../../shared/contract/index.ts';
import type { StatusTotal } from '../../app/status.ts';
import { chosenTotals } from '../../grid/chosen-totals.ts';
import type { Selection } from '../../grid/selection.ts';

export type Totals = Output<'taxLots.page'>['totals'];
interface Gained {
  readonly currency: string;
  readonly gain: Dec | null;
}

/**
 * Exact unrealised gain by currency of what is chosen, or of everything that matches when nothing is. A sum says over how
 * many sources it runs, because each may list the same lot, and how many lots have no gain.
 */
export const statusTotals = (totals: Totals, selection: Selection, known: ReadonlyMap<string, Gained>): readonly StatusTotal[] =>
  chosenTotals(
    totals.map(({ currency, gain, sources, unvalued }) => ({
      label: `Unrealised gain${sources > 1 ? ` of ${sources} sources` : ''}${unvalued > 0 ? `, ${unvalued} lots without` : ''}`,
      currency,
      amount: gain,
    })),
    selection,
    known,
    (row) => row.gain,
    'Selected gain',
  );
