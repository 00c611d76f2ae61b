import { abs, round, sub, sum, ZERO, type Dec } from '../../shared/model/decimal.ts';
import { money } from '../core/break-words.ts';
import { severityOf } from '../core/conflict-size.ts';
import { withinTolerance } from '../core/tolerance.ts';
import type { WritableDb } from '../store/handles.ts';
import type { FoundBreak } from './break-writer.ts';
import type { RunTolerances } from './settings.ts';
import type { SideRecord } from './source-units.ts';

export interface CashHolding {
  readonly id: number;
  readonly accountId: number;
  readonly securityId: number;
  readonly currency: string;
  readonly held: boolean;
  readonly quantity: Dec | null;
}

/** Every cash position of the book: cash, and what is kept as cash. */
export function readCash(db: WritableDb): Map<number, CashHolding> {
  const rows = db
    .prepare(
      `SELECT h.id, h.account_id AS accountId, h.security_id AS securityId, sec.currency, h.status, h.quantity
       FROM securities sec JOIN holdings h ON h.security_id = sec.id WHERE sec.type = 'cash'`,
    )
    .iterate() as IterableIterator<Omit<CashHolding, 'held'> & { status: string }>;
  const cash = new Map<number, CashHolding>();
  for (const { status, ...row } of rows) cash.set(row.id, { ...row, held: status === 'held' });
  return cash;
}

interface Total {
  readonly holdings: CashHolding[];
  suspect: boolean;
}

/**
 * Compares cash as a total per account and currency, so that cash split over several positions on one side is no break.
 * A price of one makes the quantity the amount. `state` says what pairing found; only suspect totals are added up.
 */
export function compareCash(
  cash: ReadonlyMap<number, CashHolding>,
  side: { readonly name: string; readonly asOf: string },
  accounts: ReadonlySet<number>,
  state: {
    readonly isEqual: (holdingId: number) => boolean;
    readonly isReported: (holdingId: number) => boolean;
    readonly records: (holdingId: number) => readonly SideRecord[];
  },
  tolerances: RunTolerances,
): { compared: number; leftOut: number; breaks: FoundBreak[] } {
  const totals = new Map<string, Total>();
  for (const holding of cash.values()) {
    if (!accounts.has(holding.accountId)) continue;
    const reported = state.isReported(holding.id);
    if (!holding.held && !reported) continue;
    const key = `${holding.accountId} ${holding.currency}`;
    const total = totals.get(key) ?? { holdings: [], suspect: false };
    total.holdings.push(holding);
    if (!holding.held || !state.isEqual(holding.id)) total.suspect = true;
    totals.set(key, total);
  }

  let leftOut = 0;
  const breaks: FoundBreak[] = [];
  for (const { holdings, suspect } of totals.values()) {
    if (!suspect) continue;
    const records = holdings.flatMap((h) => state.records(h.id));
    if (records.some((r) => r.asOf !== side.asOf)) {
      leftOut += 1;
      continue;
    }
    const held = holdings.filter((h) => h.held);
    const clearway = held.length === 0 ? null : sum(held.map((h) => h.quantity ?? ZERO));
    const other = records.length === 0 ? null : sum(records.map((r) => r.values.quantity ?? ZERO));
    if (!withinTolerance(clearway ?? ZERO, other ?? ZERO, tolerances.cash))
      breaks.push(cashBreak(holdings, clearway, other, side.name, records.length));
  }
  return { compared: totals.size - leftOut, leftOut, breaks };
}

function cashBreak(
  holdings: readonly CashHolding[],
  clearway: Dec | null,
  other: Dec | null,
  name: string,
  records: number,
): FoundBreak {
  const [first] = holdings;
  if (!first) throw new Error('A cash total consists of at least one position.');
  const only = holdings.length === 1;
  const difference = sub(other ?? ZERO, clearway ?? ZERO);
  const impact = round(abs(difference), 2);
  const stated = (who: string, amount: Dec | null, count: number): string =>
    amount === null ? `${who} reports none` : `${who} has ${money(amount)}${count > 1 ? ` in ${count} positions` : ''}`;
  return {
    accountId: first.accountId,
    securityId: only ? first.securityId : null,
    holdingId: only ? first.id : null,
    thing: `cash ${first.currency}`,
    field: 'cash',
    class: 'cash',
    sentence: `Total cash in ${first.currency}: ${stated('Clearway', clearway, holdings.filter((h) => h.held).length)}, ${stated(name, other, records)}.`,
    severity: severityOf(impact),
    clearway,
    other,
    difference,
    impact,
    currency: first.currency,
    fixable: false,
  };
}
