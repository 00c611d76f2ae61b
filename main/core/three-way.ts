/** A value of a field as canonical text; null when nobody says anything. */
export type FieldValue = string | null;

export type ThreeWayResult =
  | 'same' // nothing to do
  | 'adopt' // only the source moved
  | 'keep' // only Clearway moved
  | 'agree' // both moved to the same place: the base follows
  | 'conflict' // both moved apart
  | 'no_base'; // both have a value, they never agreed on one, and they differ

export interface ThreeWayInput {
  /** What Clearway and this source last agreed on; null when they never did. */
  readonly base: FieldValue;
  readonly clearway: FieldValue;
  readonly source: FieldValue;
  /** A person put Clearway's value there: then it counts as changed unless it is exactly the base. */
  readonly byPerson: boolean;
  /** Clearway's value describes an earlier date than the source's. */
  readonly olderThanSource: boolean;
  readonly equal: (a: string, b: string) => boolean;
}

/**
 * The three-way rule for one field (docs/architecture.md). A source that says nothing never overrides anything. A value
 * that only syncs put there and that describes an earlier date gives way to a newer one; a person's value never does.
 */
export function threeWay({ base, clearway, source, byPerson, olderThanSource, equal }: ThreeWayInput): ThreeWayResult {
  if (source === null) return clearway === null ? 'same' : 'keep';
  if (clearway === null) return base === null || !byPerson ? 'adopt' : 'conflict';
  if (base === null) return equal(clearway, source) ? 'agree' : 'no_base';
  const clearwayMoved = clearway !== base && (byPerson || !equal(clearway, base));
  const sourceMoved = source !== base;
  if (!sourceMoved) return clearwayMoved ? 'keep' : 'same';
  if (!clearwayMoved) return 'adopt';
  if (equal(clearway, source)) return 'agree';
  return !byPerson && olderThanSource ? 'adopt' : 'conflict';
}
