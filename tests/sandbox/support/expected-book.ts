import type { Dec } from '../../../shared/model/decimal.ts';
import { HOLDING_FIELDS, type HoldingField } from '../../../shared/model/holding.ts';
import type { OpeningBook } from '../../../shared/model/opening-book.ts';
import { SANDBOX_PLATFORMS } from '../../../main/sandbox/plants/manifest.ts';
import { unitKey, type PlatformView, type UnitView } from './platform-views.ts';
import { within } from './tolerance.ts';

type Fields = { [F in HoldingField]: Dec | null };

/** What the three-way rule did for a field, in the words of the table in docs/architecture.md. */
export type Outcome =
  | 'same/same'
  | 'same/changed: adopt'
  | 'changed/same: keep'
  | 'changed/changed: agree'
  | 'both_changed'
  | 'no base: adopt'
  | 'no base: agree'
  | 'no_base'
  | 'sources_disagree'
  | 'missing_at_source'
  | 'only_at_source';

export interface ExpectedUnit {
  readonly held: boolean;
  readonly now: Fields;
  readonly base: Fields | null;
}

export interface ExpectedBook {
  readonly units: ReadonlyMap<string, ExpectedUnit>;
  readonly outcomes: ReadonlyMap<Outcome, number>;
  /** Conflicts waiting: one per position and field. */
  readonly conflicts: ReadonlyMap<string, Outcome>;
}

const equal = (field: HoldingField, a: Dec | null, b: Dec | null): boolean =>
  a === null || b === null ? a === b : within(field, a, b);
const fieldsOf = ({ quantity, price, marketValue, costBasis }: Fields): Fields => ({ quantity, price, marketValue, costBasis });

/** The book after the platforms reported in survivorship order, by the rule as docs/architecture.md states it. */
export function expectedBook(opening: OpeningBook, views: Readonly<Record<string, PlatformView>>): ExpectedBook {
  const base = new Map<string, Fields>();
  const now = new Map<string, Fields & { held: boolean }>();
  for (const row of opening.holdings) {
    const key = unitKey(row.accountKey, row.securityKey);
    base.set(key, fieldsOf(row));
    now.set(key, { ...fieldsOf(row), held: true });
  }
  for (const edit of opening.edits) {
    const unit = now.get(unitKey(edit.accountKey, edit.securityKey));
    if (unit) unit[edit.field] = edit.value;
  }
  const outcomes = new Map<Outcome, number>();
  const conflicts = new Map<string, Outcome>();
  const note = (outcome: Outcome): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const open = (key: string, field: string, outcome: Outcome): void => {
    note(outcome);
    if (!conflicts.has(`${key}|${field}`)) conflicts.set(`${key}|${field}`, outcome);
  };

  const earlier: PlatformView[] = [];
  const oneField = (key: string, field: HoldingField, said: Dec, others: readonly UnitView[]): void => {
    const unit = now.get(key);
    if (!unit) return;
    const before = base.get(key)?.[field] ?? null;
    const disagree = others.some((other) => other[field] !== null && !equal(field, other[field], said));
    if (before === null) {
      if (unit[field] === null) {
        if (disagree) return open(key, field, 'sources_disagree');
        unit[field] = said;
        return note('no base: adopt');
      }
      return equal(field, unit[field], said) ? note('no base: agree') : open(key, field, 'no_base');
    }
    const mine = equal(field, before, unit[field]);
    const theirs = equal(field, before, said);
    if (mine && theirs) note('same/same');
    else if (mine && !disagree) {
      unit[field] = said;
      return note('same/changed: adopt');
    } else if (theirs && !mine) note('changed/same: keep');
    else if (!mine && !equal(field, unit[field], said)) return open(key, field, 'both_changed');
    else if (!mine) note('changed/changed: agree');
    if (disagree) open(key, field, 'sources_disagree');
    return undefined;
  };

  for (const platform of SANDBOX_PLATFORMS) {
    const view = views[platform];
    if (!view) continue;
    for (const [key, said] of view.units) {
      const others = earlier.map((other) => other.units.get(key));
      if (!now.get(key)?.held) {
        if (others.includes(undefined)) {
          open(key, 'presence', 'only_at_source');
          continue;
        }
        now.set(key, { quantity: null, price: null, marketValue: null, costBasis: null, held: true });
      }
      for (const field of HOLDING_FIELDS) {
        const value = said[field];
        if (value !== null)
          oneField(
            key,
            field,
            value,
            others.filter((other) => other !== undefined),
          );
      }
    }
    for (const [key, unit] of now) if (unit.held && !view.units.has(key)) open(key, 'presence', 'missing_at_source');
    earlier.push(view);
  }
  const units = new Map(
    [...now].map(([key, unit]) => [key, { held: unit.held, now: fieldsOf(unit), base: base.get(key) ?? null }]),
  );
  return { units, outcomes, conflicts };
}
