import type { HoldingField } from '../../shared/model/holding.ts';
import type { Dec } from '../../shared/model/decimal.ts';
import { withinTolerance } from '../core/tolerance.ts';
import type { ReadDb } from '../store/handles.ts';
import { createAgreement, HOLDING_COLUMN } from './agreement.ts';
import { createConflictCheck, type AnsweredConflict } from './answered-conflict.ts';
import { setByPerson } from './person-values.ts';
import type { RunTolerances } from './settings.ts';
import { rowId, type Side } from './sides.ts';

/** A break that a rule may correct. */
export interface PlannedBreak {
  readonly id: number;
  readonly holdingId: number;
  readonly connectionId: number;
  readonly field: HoldingField;
  readonly clearway: Dec;
  readonly other: Dec;
}

type Columns = Readonly<Record<string, string | number | null>>;

/** What changes at one position: columns of `holdings` before and after. */
export interface FixPlan {
  readonly holdingId: number;
  readonly before: Columns;
  readonly after: Columns;
  readonly breaks: readonly PlannedBreak[];
  /** Open conflicts that no longer have two opinions once the values are taken. */
  readonly answeredConflicts: readonly AnsweredConflict[];
}

interface StoredBreak extends PlannedBreak {
  readonly status: string;
  readonly fixable: number;
  readonly chosen: number;
}
interface Holding {
  readonly status: string;
  readonly quantity: Dec | null;
  readonly price: Dec | null;
  readonly market_value: Dec | null;
  readonly cost_basis: Dec | null;
  readonly as_of: string | null;
  readonly origin: string;
  readonly field_origins: string | null;
  readonly opening_base: string | null;
  readonly version: number;
}

const REASON = {
  done: 'Fixed or accepted already.',
  unsafe: 'Only rounding and stale prices on Clearway’s side are corrected by rule; this waits for a person.',
  partly: 'Other differences of the same position have to be corrected with it; choose them too.',
  moved: 'Clearway’s value has changed since the run; start a new run.',
  sourceMoved: 'The other side has reported something else since the run; start a new run.',
  disagree: 'Another source of the same date disagrees with the value.',
  person: 'A person set this value, so no rule changes it.',
  conflict: 'A conflict about this value is open; settle it there.',
} as const;

/**
 * Decides which breaks of a run can be corrected now. Everything the run relied on is checked again, because the book may
 * have moved since. All safe differences of a position and a side are taken together or not at all, so that price and
 * value stay one.
 */
export function planFixes(db: ReadDb, runId: number, breakIds: readonly string[] | undefined) {
  const run = db.prepare('SELECT sides, tolerances FROM reconciliation_runs WHERE id = ?').get(runId) as {
    sides: string;
    tolerances: string;
  };
  const sides = new Map((JSON.parse(run.sides) as Side[]).map((s) => [s.connectionId, s]));
  const chosen = breakIds === undefined ? null : JSON.stringify(breakIds.map(rowId).filter((id) => id !== null));
  const stored = db
    .prepare(
      `SELECT b.id, b.holding_id AS holdingId, b.connection_id AS connectionId, b.field, b.clearway, b.other, b.status, b.fixable,
         ${chosen === null ? '1' : 'b.id IN (SELECT value FROM json_each(@chosen))'} AS chosen
       FROM breaks b JOIN connections c ON c.id = b.connection_id WHERE b.run_id = @run ORDER BY c.survivorship_rank, c.id, b.id`,
    )
    .all({ run: runId, ...(chosen === null ? {} : { chosen }) }) as StoredBreak[];

  const skipped = new Map<string, number>();
  const skip = (reason: string, count: number): void => void skipped.set(reason, (skipped.get(reason) ?? 0) + count);
  const selected = stored.filter((b) => b.chosen === 1);
  for (const b of selected)
    if (b.status !== 'open' || b.fixable !== 1) skip(b.status === 'open' ? REASON.unsafe : REASON.done, 1);

  const safe = stored.filter((b) => b.status === 'open' && b.fixable === 1);
  const groups = [...Map.groupBy(safe, (b) => `${b.holdingId} ${b.connectionId}`).values()].filter((g) =>
    g.some((b) => b.chosen === 1),
  );
  const check = createChecks(db, sides, JSON.parse(run.tolerances) as RunTolerances);
  const byHolding = new Map<number, FixPlan>();
  for (const group of groups) {
    const chosenHere = group.filter((b) => b.chosen === 1);
    const result = chosenHere.length < group.length ? REASON.partly : check(group, byHolding.get(group[0]?.holdingId ?? 0));
    if (typeof result === 'string') skip(result, chosenHere.length);
    else byHolding.set(result.holdingId, result);
  }
  return { plans: [...byHolding.values()], skipped, selected: selected.length };
}

/** Answers the plan of one position with the group's values added, or the reason why nothing of the group can be taken. */
function createChecks(db: ReadDb, sides: ReadonlyMap<number, Side>, tolerances: RunTolerances) {
  const holdingOf = db.prepare(
    `SELECT status, quantity, price, market_value, cost_basis, as_of, origin, field_origins, opening_base, version FROM holdings WHERE id = ?`,
  );
  const recordsOf = db.prepare(
    `SELECT quantity, price, market_value, cost_basis, as_of, valid_from_op AS operation FROM source_holdings
     WHERE holding_id = ? AND connection_id = ? AND valid_to_op IS NULL`,
  );
  const conflictOn = createConflictCheck(db, tolerances);
  const othersAgree = createAgreement(db, tolerances);

  return (group: readonly PlannedBreak[], earlier: FixPlan | undefined): FixPlan | string => {
    const [first] = group;
    const side = first && sides.get(first.connectionId);
    if (!first || !side || side.asOf === null) return REASON.unsafe;
    const holding = holdingOf.get(first.holdingId) as Holding | undefined;
    const records = recordsOf.all(first.holdingId, first.connectionId) as (Columns & { as_of: string; operation: number })[];
    const [record] = records;
    if (holding?.status !== 'held') return REASON.moved;
    if (!record || records.length > 1 || record.as_of !== side.asOf) return REASON.sourceMoved;

    const provenance = { origin: holding.origin, fieldOrigins: holding.field_origins, openingBase: holding.opening_base };
    const taken: Record<string, string> = {};
    const newOrigins: Record<string, string> = {};
    const answered = [...(earlier?.answeredConflicts ?? [])];
    const origins = JSON.parse(holding.field_origins ?? '{}') as Record<string, string>;
    for (const b of group) {
      const column = HOLDING_COLUMN[b.field];
      const already = earlier?.after[column];
      if (holding[column] !== b.clearway) return REASON.moved;
      if (record[column] !== b.other) return REASON.sourceMoved;
      if (typeof already === 'string' && !withinTolerance(already as Dec, b.other, tolerances[b.field])) return REASON.disagree;
      if (!othersAgree(b.holdingId, b.field, b.other, { connectionId: b.connectionId, asOf: side.asOf })) return REASON.disagree;
      if (setByPerson(provenance, b.field)) return REASON.person;
      if (already !== undefined) continue;
      const origin = `s:${b.connectionId}:${record.operation}`;
      const conflict = conflictOn(
        b.holdingId,
        b.field,
        { value: holding[column], origin: origins[b.field] ?? null },
        { value: b.other, origin },
      );
      if (conflict === 'disagrees') return REASON.conflict;
      if (conflict !== 'none') answered.push(conflict);
      taken[column] = b.other;
      newOrigins[b.field] = origin;
    }
    const before: Record<string, string | number | null> = { ...earlier?.before };
    for (const column of Object.keys(taken)) before[column] = holding[column as 'price'];
    const asOf = holding.as_of === null || holding.as_of < side.asOf ? side.asOf : holding.as_of;
    const earlierOrigins = JSON.parse(String(earlier?.after.field_origins ?? holding.field_origins ?? '{}')) as Record<
      string,
      string
    >;
    return {
      holdingId: first.holdingId,
      before: { ...before, as_of: holding.as_of, field_origins: holding.field_origins, version: holding.version },
      after: {
        ...earlier?.after,
        ...taken,
        as_of: asOf,
        field_origins: JSON.stringify({ ...earlierOrigins, ...newOrigins }),
        version: holding.version + 1,
      },
      breaks: [...(earlier?.breaks ?? []), ...group],
      answeredConflicts: answered,
    };
  };
}
