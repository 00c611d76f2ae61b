import type { Firm } from '../firm/firm.ts';
import type { Position, SlotHistory } from '../firm/position.ts';
import type { Security } from '../firm/security.ts';

/** One account’s holding of one security on the first day, with what the opening book has of it. */
export interface Unit {
  readonly now: Position;
  readonly opening: Position | null;
  readonly history: SlotHistory;
}

export interface UnitPicker {
  /** Up to `count` units that match and carry no plant yet, each from another account. */
  pick(count: number, matches: (unit: Unit) => boolean): readonly Unit[];
  /** As `pick`, but from accounts and of securities that no other such plant touches: these differences are about presence. */
  pickPresence(count: number, matches: (unit: Unit) => boolean): readonly Unit[];
  /** An account other than `account` that no presence plant touches and that does not hold the security. */
  otherAccount(account: number, security: Security): number | null;
  /** A stock that the account does not hold and nothing else is planted on. */
  unheldStock(account: number): Security | null;
  /** Takes a whole security out of the draw for plants on single positions. */
  reserve(security: Security): void;
}

const MOST_ACCOUNTS_TRIED = 20_000;

export function unitsOf(firm: Firm, account: number): readonly Unit[] {
  const opening = new Map(firm.positions(account, 0).map((position) => [position.record, position]));
  const offset = firm.slots.offset(account);
  return firm.positions(account, 1).map((now) => ({
    now,
    opening: opening.get(now.record) ?? null,
    history: firm.history(account, now.record - offset),
  }));
}

/** Deals out positions to plants so that no position carries two, and no plant explains another. */
export function createUnitPicker(firm: Firm): UnitPicker {
  const random = firm.random('plant');
  const open = firm.accounts.filter((account) => !account.lookalike);
  const used = new Set<number>();
  const reserved = new Set<number>();
  const presenceAccounts = new Set<number>();
  const presenceSecurities = new Set<number>();
  let cursor = random.below(open.length, 1);
  let draws = 0;

  const free = (unit: Unit): boolean => !used.has(unit.now.record) && !reserved.has(unit.now.security.index);

  const walk = (count: number, take: (units: readonly Unit[], account: number) => Unit | undefined): readonly Unit[] => {
    const found: Unit[] = [];
    for (let tried = 0; tried < Math.min(open.length, MOST_ACCOUNTS_TRIED) && found.length < count; tried += 1) {
      cursor = (cursor + 1) % open.length;
      const account = open[cursor]?.index ?? 0;
      const unit = take(unitsOf(firm, account), account);
      if (!unit) continue;
      used.add(unit.now.record);
      found.push(unit);
    }
    return found;
  };

  const holds = (account: number, security: Security): boolean => {
    for (let slot = 0; slot < firm.slots.count(account) + 2; slot += 1)
      if (firm.slots.security(account, slot) === security.index) return true;
    return false;
  };

  return {
    pick: (count, matches) => walk(count, (units) => units.find((unit) => free(unit) && matches(unit))),
    pickPresence: (count, matches) =>
      walk(count, (units, account) => {
        if (presenceAccounts.has(account)) return undefined;
        const unit = units.find(
          (candidate) => free(candidate) && !presenceSecurities.has(candidate.now.security.index) && matches(candidate),
        );
        if (!unit) return undefined;
        presenceAccounts.add(account);
        presenceSecurities.add(unit.now.security.index);
        return unit;
      }),
    otherAccount(account, security) {
      const place = open.findIndex((row) => row.index === account);
      for (let step = 1; step < Math.min(open.length, MOST_ACCOUNTS_TRIED); step += 1) {
        const candidate = open[(place + step) % open.length]?.index;
        if (candidate === undefined || presenceAccounts.has(candidate) || holds(candidate, security)) continue;
        presenceAccounts.add(candidate);
        return candidate;
      }
      return null;
    },
    unheldStock(account) {
      for (let attempt = 0; attempt < 2000; attempt += 1) {
        draws += 1;
        const security = firm.securities[1 + random.below(firm.securities.length - 1, 2, draws)];
        if (!security || security.type !== 'stock' || security.sibling !== null || security.cusip === null) continue;
        if (reserved.has(security.index) || presenceSecurities.has(security.index) || holds(account, security)) continue;
        presenceSecurities.add(security.index);
        return security;
      }
      return null;
    },
    reserve: (security) => void reserved.add(security.index),
  };
}
