import { mul, sub, type Dec } from '../../shared/model/decimal.ts';
import {
  HOLDING_FIELDS,
  type HoldingField,
  type SecurityType,
  type Tolerance,
  type Tolerances,
} from '../../shared/model/holding.ts';
import { withinTolerance } from './tolerance.ts';

export type UnitValues = Readonly<Record<HoldingField, Dec | null>>;

/** What one side says about a position; several records are summed in `values` and kept apart in `records`. */
export interface UnitSide {
  readonly name: string;
  readonly values: UnitValues;
  readonly records: readonly UnitValues[];
}

/** One position as both sides hold it. */
export interface BreakUnit {
  readonly type: SecurityType;
  /** Value = quantity x price x multiplier. */
  readonly multiplier: Dec;
  readonly clearway: UnitSide;
  readonly other: UnitSide;
  /** Quantity and price as of the previous business day, when known. */
  readonly base: { readonly quantity: Dec | null; readonly price: Dec | null };
}

/** Fields that both sides state and that differ beyond tolerance. A value that one side does not state is not compared. */
export function breakingFields(a: UnitValues, b: UnitValues, tolerances: Tolerances): HoldingField[] {
  return HOLDING_FIELDS.filter((field) => differs(a[field], b[field], tolerances[field]));
}

const differs = (a: Dec | null, b: Dec | null, tolerance: Tolerance): boolean =>
  a !== null && b !== null && !withinTolerance(a, b, tolerance);

/** Source minus Clearway, or null when either is missing. */
export const differenceOf = (clearway: Dec | null, other: Dec | null): Dec | null =>
  clearway === null || other === null ? null : sub(other, clearway);

/** Quantity x price x multiplier, or null when a factor is missing. */
export const ownValue = ({ quantity, price }: UnitValues, multiplier: Dec): Dec | null =>
  quantity === null || price === null ? null : mul(mul(quantity, price), multiplier);

/** The stated market value, else quantity x price x multiplier. */
export const worthOf = (values: UnitValues, multiplier: Dec): Dec | null => values.marketValue ?? ownValue(values, multiplier);
