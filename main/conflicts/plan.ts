import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/contract/errors.ts';
import { abs, add, cmp, mul, round, sub, tryDec, ZERO, type Dec } from '../../shared/model/decimal.ts';
import type { Tolerances } from '../../shared/model/holding.ts';
import { applyStrategy, type Choice } from '../core/strategy.ts';
import type { ReadDb } from '../store/handles.ts';
import { clearwayOf, loadSubjects, selectConflicts, toleranceOf, type Selection, type Subject } from './subject.ts';

/** One conflict and the value it will be settled on; `review` puts it aside instead. */
export interface PlannedItem {
  readonly subject: Subject;
  readonly before: string | null;
  readonly after: string | null;
  readonly review: boolean;
}
export interface Plan {
  readonly selected: number;
  /** Versions of the selected conflicts, also of those the decision cannot settle. */
  readonly versions: readonly number[];
  readonly items: readonly PlannedItem[];
  readonly excluded: readonly { readonly reason: string; readonly count: number }[];
}

const LARGEST = 10;
const ACCOUNTS_SHOWN = 20;

export const toChoice = (decision: HandlerInput<'conflicts.preview'>['decision']): Choice => ({
  strategy: decision.strategy,
  ...(decision.connectionId === undefined ? {} : { connectionId: Number(decision.connectionId) }),
  ...(decision.value === undefined ? {} : { value: decision.value }),
});

/** Works out what a decision does to a selection, without writing: preview and resolve share it, so they cannot differ. */
export function planDecision(db: ReadDb, selection: Selection, choice: Choice, tolerances: Tolerances): Plan {
  const ids = selectConflicts(db, selection);
  if (ids.length === 0)
    throw new AppError('nothing_selected', 'No open conflict matches. Change the filter or select some rows.');
  const excluded = new Map<string, number>();
  const items: PlannedItem[] = [];
  const subjects = loadSubjects(db, ids);
  for (const subject of subjects) {
    const clearway = clearwayOf(subject);
    const outcome =
      subject.status === 'settled' || subject.status === 'healed'
        ? ({ kind: 'refuse', reason: subject.status === 'settled' ? 'Already settled' : 'Healed by itself' } as const)
        : applyStrategy(choice, {
            field: subject.field,
            clearway,
            sources: subject.sources,
            tolerance: toleranceOf(subject.field, tolerances),
            quantity: subject.quantity,
            price: subject.price,
            multiplier: subject.multiplier,
          });
    if (outcome.kind === 'refuse') excluded.set(outcome.reason, (excluded.get(outcome.reason) ?? 0) + 1);
    else
      items.push({
        subject,
        before: clearway,
        after: outcome.kind === 'settle' ? outcome.value : clearway,
        review: outcome.kind === 'review',
      });
  }
  return {
    selected: ids.length,
    versions: subjects.map((s) => s.version),
    items,
    excluded: [...excluded].map(([reason, count]) => ({ reason, count })),
  };
}

/** What the change of one item is worth in its currency: for quantity and price through the other factor. */
function worth({ subject, before, after }: PlannedItem): Dec | null {
  if (subject.field === 'presence') {
    if (before === after || subject.marketValue === null) return before === after ? ZERO : null;
    return after === 'held' ? subject.marketValue : sub(ZERO, subject.marketValue);
  }
  const from = before === null ? ZERO : tryDec(before);
  const to = after === null ? ZERO : tryDec(after);
  if (from === null || to === null) return null;
  // A change of a return is not money.
  if (subject.field === 'return') return null;
  const change = sub(to, from);
  const factor = subject.field === 'quantity' ? subject.price : subject.field === 'price' ? subject.quantity : undefined;
  if (factor === undefined) return round(change, 2);
  return factor === null ? null : round(mul(mul(change, factor), subject.multiplier), 2);
}

/** Counts, totals by currency and account, and the ten largest changes of a plan. */
export function describePlan(plan: Plan): Output<'conflicts.preview'> {
  const accounts = new Map<string, { account: string; count: number; change: Dec; currency: string }>();
  const positions = new Map<number, { currency: string; before: Dec; value: Dec; held: boolean }>();
  const sized = plan.items.map((item) => ({ item, impact: worth(item) }));
  for (const { item, impact } of sized) {
    const { subject } = item;
    const key = `${subject.account}\n${subject.currency}`;
    const entry = accounts.get(key) ?? { account: subject.account, count: 0, change: ZERO, currency: subject.currency };
    accounts.set(key, { ...entry, count: entry.count + 1, change: impact === null ? entry.change : add(entry.change, impact) });

    // Only positions have a value that totals count.
    if (subject.ref.kind !== 'position') continue;
    const value = subject.marketValue ?? ZERO;
    const held = subject.bookStatus === 'held';
    const position = positions.get(subject.ref.id) ?? { currency: subject.currency, before: held ? value : ZERO, value, held };
    if (subject.field === 'marketValue') position.value = (item.after as Dec | null) ?? ZERO;
    if (subject.field === 'presence') position.held = item.after === 'held';
    positions.set(subject.ref.id, position);
  }
  const totals = new Map<string, { before: Dec; after: Dec }>();
  for (const p of positions.values()) {
    const total = totals.get(p.currency) ?? { before: ZERO, after: ZERO };
    totals.set(p.currency, { before: add(total.before, p.before), after: add(total.after, p.held ? p.value : ZERO) });
  }
  const bySize = (a: Dec | null, b: Dec | null): number => cmp(abs(b ?? ZERO), abs(a ?? ZERO));
  const largest = sized.toSorted((a, b) => bySize(a.impact, b.impact)).slice(0, LARGEST);
  return {
    selected: plan.selected,
    settles: plan.items.length,
    excluded: [...plan.excluded],
    accounts: [...accounts.values()].toSorted((a, b) => bySize(a.change, b.change)).slice(0, ACCOUNTS_SHOWN),
    accountsTotal: accounts.size,
    totals: [...totals].map(([currency, t]) => ({ currency, marketValueBefore: t.before, marketValueAfter: t.after })),
    largest: largest.map(({ item, impact }) => ({
      conflictId: String(item.subject.id),
      account: item.subject.account,
      security: item.subject.security,
      currency: item.subject.currency,
      field: item.subject.field,
      before: item.before,
      after: item.after,
      impact,
    })),
  };
}
