import type { HoldingField } from '../../../shared/model/holding.ts';
import type { OpeningEdit } from '../../../shared/model/opening-book.ts';
import { plus, rescale, times, toDec, withLastDigit, type Fixed } from '../firm/fixed.ts';
import { SANDBOX_PLATFORMS, type PlantClass } from './manifest.ts';
import type { Planting } from './planting.ts';
import type { Unit } from './units.ts';

export interface AnalystWork {
  readonly edits: readonly OpeningEdit[];
  /** Records whose cost basis the opening book does not know. */
  readonly unknownCosts: ReadonlySet<number>;
}

interface Work {
  readonly count: number;
  readonly field: HoldingField;
  readonly by: string;
  readonly reason: string;
  /** The break the edit leaves behind; null when every platform comes to agree with it. */
  readonly class: PlantClass | null;
  readonly unknownCost?: true;
  readonly matches: (unit: Unit) => boolean;
  readonly value: (unit: Unit) => Fixed | null;
}

const untouched = (unit: Unit): boolean => unit.history === 'unchanged' && unit.opening !== null && unit.now.quantity.n > 0n;
const plainStock = (unit: Unit): boolean => untouched(unit) && unit.now.security.type === 'stock';
const tradedStock = (unit: Unit): boolean =>
  unit.history === 'traded' && unit.now.security.type === 'stock' && unit.now.quantity.n >= 40n;
const shifted = (amount: Fixed, perMille: number): Fixed => plus(amount, times(amount, perMille, 1000));

/** Every row of the three-way table that needs a person to have changed the book. */
const WORK: readonly Work[] = [
  {
    count: 6,
    field: 'quantity',
    by: 'operations desk',
    reason: 'Entered from the confirmation, which shows two decimals',
    class: 'rounding',
    matches: (unit) => {
      const rounded = rescale(unit.now.quantity, 2);
      return untouched(unit) && unit.now.security.type === 'fund' && rounded.n % 10n !== 0n && unit.now.quantity.n % 10n !== 5n;
    },
    value: (unit) => rescale(unit.now.quantity, 2),
  },
  {
    count: 6,
    field: 'quantity',
    by: 'trading desk',
    reason: 'Order filled after the close',
    class: 'quantity',
    matches: (unit) => plainStock(unit) && unit.now.quantity.n >= 40n,
    value: (unit) => shifted(unit.now.quantity, 60),
  },
  {
    count: 8,
    field: 'costBasis',
    by: 'tax desk',
    reason: 'Cost taken from the transfer statement',
    class: 'cost_basis',
    matches: plainStock,
    value: (unit) => unit.now.cost && withLastDigit(shifted(unit.now.cost, 45)),
  },
  {
    count: 6,
    field: 'price',
    by: 'pricing desk',
    reason: 'Price taken from the exchange’s closing auction',
    class: 'price_source',
    matches: (unit) => plainStock(unit) && unit.now.price.n > 2_000n,
    value: (unit) => unit.opening && withLastDigit(shifted(unit.opening.price, 53)),
  },
  {
    count: 3,
    field: 'quantity',
    by: 'trading desk',
    reason: 'Partial fill reported by telephone',
    class: 'quantity',
    matches: tradedStock,
    value: (unit) => shifted(unit.now.quantity, 70),
  },
  {
    count: 5,
    field: 'quantity',
    by: 'operations desk',
    reason: 'Trade entered ahead of the feeds',
    class: null,
    matches: tradedStock,
    value: (unit) => unit.now.quantity,
  },
  {
    count: 3,
    field: 'costBasis',
    by: 'tax desk',
    reason: 'Cost was unknown at the opening',
    class: 'cost_basis',
    unknownCost: true,
    matches: plainStock,
    value: (unit) => unit.now.cost && withLastDigit(shifted(unit.now.cost, -38)),
  },
  {
    count: 3,
    field: 'costBasis',
    by: 'tax desk',
    reason: 'Cost was unknown at the opening',
    class: null,
    unknownCost: true,
    matches: plainStock,
    value: (unit) => unit.now.cost,
  },
];
const UNKNOWN_COSTS = 12;

/** Edits that analysts made after the opening, and costs the opening left blank. */
export function plantAnalystWork(planting: Planting): AnalystWork {
  const { firm, picker, record, scaled } = planting;
  const edits: OpeningEdit[] = [];
  const unknownCosts = new Set<number>();
  for (const work of WORK)
    for (const unit of picker.pick(
      scaled(work.count),
      (candidate) => work.matches(candidate) && work.value(candidate) !== null,
    )) {
      const value = work.value(unit);
      if (value === null) continue;
      const { account, security } = unit.now;
      edits.push({
        accountKey: firm.accounts[account]?.key ?? '',
        securityKey: security.key,
        field: work.field,
        value: toDec(value),
        by: work.by,
        reason: work.reason,
      });
      if (work.unknownCost) unknownCosts.add(unit.now.record);
      if (work.class !== null)
        record(
          {
            kind: 'analyst_edit',
            class: work.class,
            platform: 'clearway',
            sides: SANDBOX_PLATFORMS,
            field: work.field,
            note: work.reason,
          },
          account,
          security,
        );
    }
  for (const unit of picker.pick(scaled(UNKNOWN_COSTS), plainStock)) unknownCosts.add(unit.now.record);
  return { edits, unknownCosts };
}
