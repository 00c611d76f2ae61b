import { HOLDING_FIELDS, type HoldingField, type Tolerances } from '../../shared/model/holding.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import { threeWay, type FieldValue } from './three-way.ts';
import { withinTolerance } from './tolerance.ts';

export type PositionValues = Readonly<Record<HoldingField, Dec | null>>;

/** What one source says about a position now. `rank` 1 is trusted most. */
export interface SourceView {
  readonly connectionId: number;
  readonly rank: number;
  readonly asOf: string;
  readonly values: PositionValues;
}

export interface PositionInput {
  readonly clearway: PositionValues;
  readonly clearwayAsOf: string | null;
  readonly byPerson: (field: HoldingField) => boolean;
  /** The source whose report is being merged. */
  readonly source: SourceView;
  /** What it and Clearway last agreed on. */
  readonly base: PositionValues;
  readonly others: readonly SourceView[];
  readonly tolerances: Tolerances;
}

export type ConflictReason = 'both_changed' | 'sources_disagree' | 'no_base';

export interface FieldVerdict {
  readonly field: HoldingField;
  /** Clearway takes the source's value. */
  readonly adopt: boolean;
  readonly conflict: ConflictReason | null;
  /** Clearway and the source stand on the same value afterwards, so the base follows the source. */
  readonly settled: boolean;
}

export const equalWithin =
  (field: HoldingField, tolerances: Tolerances) =>
  (a: FieldValue, b: FieldValue): boolean =>
    a === b || (a !== null && b !== null && withinTolerance(a as Dec, b as Dec, tolerances[field]));

/** Applies the three-way rule to every field of a position and compares the source with others of the same date. */
export function judgePosition(input: PositionInput): FieldVerdict[] {
  return HOLDING_FIELDS.map((field) => judgeField(field, input));
}

function judgeField(field: HoldingField, input: PositionInput): FieldVerdict {
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
