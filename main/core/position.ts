import type { HoldingField, Tolerance, ValueField } from '../../shared/model/holding.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import { threeWay, type FieldValue } from './three-way.ts';
import { withinTolerance } from './tolerance.ts';

export type ValuesOf<F extends ValueField> = Readonly<Record<F, Dec | null>>;
export type PositionValues = ValuesOf<HoldingField>;

/** What one source says about a position or record now. `rank` 1 is trusted most. */
export interface SourceView<F extends ValueField> {
  readonly connectionId: number;
  readonly rank: number;
  readonly asOf: string;
  readonly values: ValuesOf<F>;
}

export interface FieldsInput<F extends ValueField> {
  readonly clearway: ValuesOf<F>;
  readonly clearwayAsOf: string | null;
  readonly byPerson: (field: F) => boolean;
  /** The source whose report is being merged. */
  readonly source: SourceView<F>;
  /** What it and Clearway last agreed on. */
  readonly base: ValuesOf<F>;
  readonly others: readonly SourceView<F>[];
  readonly tolerances: Readonly<Record<F, Tolerance>>;
}

export type ConflictReason = 'both_changed' | 'sources_disagree' | 'no_base';

export interface FieldVerdict<F extends ValueField> {
  readonly field: F;
  /** Clearway takes the source's value. */
  readonly adopt: boolean;
  readonly conflict: ConflictReason | null;
  /** Clearway and the source stand on the same value afterwards, so the base follows the source. */
  readonly settled: boolean;
}

export const equalWithin =
  <F extends ValueField>(field: F, tolerances: Readonly<Record<F, Tolerance>>) =>
  (a: FieldValue, b: FieldValue): boolean =>
    a === b || (a !== null && b !== null && withinTolerance(a as Dec, b as Dec, tolerances[field]));

/** Applies the three-way rule to the fields of a position or record and compares the source with others of the same date. */
export const judgeFields = <F extends ValueField>(fields: readonly F[], input: FieldsInput<F>): FieldVerdict<F>[] =>
  fields.map((field) => judgeField(field, input));

function judgeField<F extends ValueField>(field: F, input: FieldsInput<F>): FieldVerdict<F> {
  const { source, base, clearway, others } = input;
  const value = source.values[field];
  const equal = equalWithin(field, input.tolerances);
  const byPerson = input.byPerson(field);
  const result = threeWay({
    base: base[field],
    clearway: clearway[field],
    source: value,
    byPerson,
    olderThanSource: input.clearwayAsOf !== null && input.clearwayAsOf < source.asOf,
    equal,
  });

  const sameDate = value === null ? [] : others.filter((o) => o.asOf === source.asOf && o.values[field] !== null);
  const disagreeing = sameDate.filter((o) => !equal(o.values[field], value));
  const best = value !== null && sameDate.every((o) => o.rank > source.rank);
  // Where no person spoke, Clearway holds what the best ranked source of the newest date says, in whatever order they report.
  const current = input.clearwayAsOf === null || input.clearwayAsOf <= source.asOf;
  const takesOver = best && current && !byPerson && sameDate.length > 0 && clearway[field] !== value;
  const adopt = (result === 'adopt' && best) || takesOver;
  const undecided = result === 'conflict' || result === 'no_base';
  const conflict: ConflictReason | null = undecided
    ? byPerson || disagreeing.length === 0
      ? result === 'no_base'
        ? 'no_base'
        : 'both_changed'
      : 'sources_disagree'
    : disagreeing.length > 0
      ? 'sources_disagree'
      : null;
  return { field, adopt, conflict, settled: adopt || (!undecided && (result !== 'adopt' || disagreeing.length === 0)) };
}
