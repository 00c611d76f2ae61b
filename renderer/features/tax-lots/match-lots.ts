import { sum, type Dec } from '../../../shared/model/decimal.ts';
import type { TaxLotRow } from '../../../shared/contract/tax-lots.ts';

/** What one source holds of one day: the sum of its lots of that day. */
export interface DayOfSource {
  readonly lots: number;
  readonly quantity: Dec;
  /** Null where a lot has no cost. */
  readonly cost: Dec | null;
}
export interface DayOfLots {
  /** Null: the day is not known. */
  readonly acquiredOn: string | null;
  /** In the order of the sources; null where the source has no lot of the day. */
  readonly bySource: readonly (DayOfSource | null)[];
}

const dayOf = (lots: readonly TaxLotRow[]): DayOfSource => {
  const costs = lots.flatMap((lot) => lot.cost ?? []);
  return {
    lots: lots.length,
    quantity: sum(lots.map((lot) => lot.quantity)),
    cost: costs.length === lots.length ? sum(costs) : null,
  };
};

/** Lots of several sources by the day of acquisition, oldest first, so that a lot one of them lacks leaves a gap. */
export function matchLots(sources: readonly { readonly lots: readonly TaxLotRow[] }[]): DayOfLots[] {
  const byDay = sources.map(({ lots }) => Map.groupBy(lots, (lot) => lot.acquiredOn));
  const days = [...new Set(byDay.flatMap((lots) => [...lots.keys()]))];
  return days
    .toSorted((a, b) => (a ?? '').localeCompare(b ?? ''))
    .map((acquiredOn) => ({
      acquiredOn,
      bySource: byDay.map((lots) => {
        const own = lots.get(acquiredOn);
        return own ? dayOf(own) : null;
      }),
    }));
}
