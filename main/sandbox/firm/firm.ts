import type { CalendarDate } from '../../../shared/model/date.ts';
import { createAccounts, createHouseholds, type Account, type Household } from './accounts.ts';
import { createBusinessDays } from './business-days.ts';
import { fixed, plus, times, valueOf, withLastDigit, type Fixed } from './fixed.ts';
import type { Position, SlotHistory } from './position.ts';
import { createPricePath } from './price-path.ts';
import { createRandom, type RandomStream } from './random.ts';
import { createSecurities } from './securities.ts';
import type { Security } from './security.ts';
import { createSlots, otherSecurities, type Slots } from './slots.ts';

export interface FirmOptions {
  readonly accounts: number;
  readonly holdings: number;
  readonly seed: string;
  /** As-of date of the first day that platforms report. */
  readonly today: CalendarDate;
  readonly lookalikes: boolean;
}

/** The demo firm as it truly is: what every platform would say if none made a mistake. */
export interface Firm {
  readonly households: readonly Household[];
  readonly accounts: readonly Account[];
  readonly securities: readonly Security[];
  readonly slots: Slots;
  readonly random: (stream: string) => RandomStream;
  date(day: number): CalendarDate;
  prices(day: number): readonly Fixed[];
  history(account: number, slot: number): SlotHistory;
  /** Positions of one account, made afresh: nothing of them is kept. */
  positions(account: number, day: number): Position[];
}

const SHORT_EVERY = 40;

/** Makes the firm. Same options, same firm to the last digit; memory grows with accounts and securities, not with positions. */
export function createFirm(options: FirmOptions): Firm {
  const random = createRandom(options.seed);
  const households = createHouseholds(options.accounts);
  const accounts = createAccounts(households, options.lookalikes, random('account'));
  const others = otherSecurities(options.accounts, options.holdings);
  const securities = createSecurities(others, Number(options.today.slice(0, 4)), random('security'));
  const lookalikes = new Set(accounts.filter((account) => account.lookalike).map((account) => account.index));
  const slots = createSlots(accounts.length, options.holdings, others, lookalikes, random('slot'));
  const prices = createPricePath(securities, random('price'));
  const amounts = random('amount');
  const trades = random('trade');

  const history = (account: number, slot: number): SlotHistory => {
    if (slot === 0) return trades.chance(550, account) ? 'traded' : 'unchanged';
    if (securities[slots.security(account, slot)]?.quiet) return 'unchanged';
    const roll = trades.below(1000, account, slot);
    return roll < 12 ? 'new' : roll < 70 ? 'traded' : 'unchanged';
  };

  const openingQuantity = (account: number, slot: number, security: Security, place: number): Fixed => {
    const between = (low: number, high: number, which: number): number => amounts.between(low, high, place, which);
    if (security.type === 'cash') return withLastDigit(fixed(between(120_000, 9_500_000, 1), 2));
    if (security.type === 'bond') return fixed(between(1, 50, 1) * 5_000, 0);
    if (security.type === 'option') return fixed(between(1, 30, 1), 0);
    const dollars = between(1_500, between(8_000, 160_000, 1), 2);
    const units = Math.max(1, Math.floor((dollars * 10 ** security.openingPrice.s) / Number(security.openingPrice.n)));
    if (security.type === 'fund') return withLastDigit(fixed(units * 1000 + between(1, 999, 3), 3));
    const even = security.split ? units * 2 : units;
    return fixed(slot === 1 && account % SHORT_EVERY === 3 ? -even : even, 0);
  };

  const traded = (before: Fixed, security: Security, place: number): Fixed => {
    const percent = amounts.between(5, 19, place, 5);
    const more = times(before, percent, 100);
    const least = { n: before.n < 0n ? -1n : 1n, s: before.s };
    const after = plus(before, more.n === 0n ? least : more);
    return security.quantityDecimals === 0 ? after : withLastDigit(after);
  };

  const positions = (account: number, day: number): Position[] => {
    const atOpening = prices(0);
    const now = prices(day);
    const rows: Position[] = [];
    const count = slots.count(account);
    for (let slot = 0; slot < count; slot += 1) {
      const security = securities[slots.security(account, slot)];
      if (!security) continue;
      const past = history(account, slot);
      if (past === 'new' && day === 0) continue;
      const record = slots.offset(account) + slot;
      const before = openingQuantity(account, slot, security, record);
      const openingPrice = atOpening[security.index] ?? security.openingPrice;
      const price = now[security.index] ?? security.openingPrice;
      const { split } = security;
      const quantity =
        day === 0
          ? before
          : split
            ? times(before, split.after, split.before)
            : past === 'traded'
              ? traded(before, security, record)
              : before;
      const firstPrice = prices(1)[security.index] ?? openingPrice;
      let cost: Fixed | null = null;
      if (security.type !== 'cash') {
        const share = past === 'new' ? 1000 : amounts.between(550, 1250, record, 6);
        cost = withLastDigit(times(valueOf(before, past === 'new' ? firstPrice : openingPrice, security.power), share, 1000));
        if (day > 0 && past === 'traded')
          cost = withLastDigit(plus(cost, valueOf({ n: quantity.n - before.n, s: before.s }, firstPrice, security.power)));
      }
      rows.push({ record, account, security, quantity, price, value: valueOf(quantity, price, security.power), cost });
    }
    return rows;
  };

  return { households, accounts, securities, slots, random, date: createBusinessDays(options.today), prices, history, positions };
}
