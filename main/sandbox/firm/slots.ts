import { CASH_INDEX } from './security.ts';
import { CORE_COUNT } from './securities.ts';
import type { RandomStream } from './random.ts';

const LOOKALIKE_SLOTS = 6;

const isPrime = (n: number): boolean => {
  for (let d = 2; d * d <= n; d += 1) if (n % d === 0) return false;
  return n > 1;
};
const primeFrom = (n: number): number => (isPrime(n) ? n : primeFrom(n + 1));

/** How many less widely held securities a firm of this size needs: enough that the fullest account never runs out. */
export const otherSecurities = (accounts: number, holdings: number): number =>
  primeFrom(Math.max(701, Math.ceil((holdings / accounts) * 1.8), Math.min(20_000, Math.ceil(holdings / 40))));

export interface Slots {
  readonly total: number;
  /** Slots of one account; slot 0 is cash. */
  count(account: number): number;
  /** Number of slots of all accounts before this one. */
  offset(account: number): number;
  /** The account that a slot number of the whole firm belongs to. */
  accountAt(slotOfFirm: number): number;
  /** Index of the security in a slot. Distinct within an account, also for the few slots past its count. */
  security(account: number, slot: number): number;
}

/**
 * Which account holds what. Cash comes first, then up to a quarter from the core, then the others.
 * Both groups have a prime number of members, so walking them in any step visits no member twice:
 * an account needs no memory of what it already holds.
 */
export function createSlots(
  accounts: number,
  holdings: number,
  others: number,
  lookalikes: ReadonlySet<number>,
  random: RandomStream,
): Slots {
  const offsets = new Float64Array(accounts + 1);
  const counts = new Int32Array(accounts);
  const average = holdings / accounts;
  let remaining = Math.max(holdings, accounts);
  for (let account = 0; account < accounts; account += 1) {
    const varied = Math.round((average * random.between(400, 1600, account, 1)) / 1000);
    counts[account] = lookalikes.has(account) ? Math.min(LOOKALIKE_SLOTS, Math.max(1, Math.round(average))) : Math.max(1, varied);
    remaining -= counts[account] ?? 0;
  }
  // What rounding and chance left over goes round the accounts, so that the total is the one asked for.
  for (let account = 0; remaining !== 0 && accounts > lookalikes.size; account = (account + 1) % accounts) {
    const count = counts[account] ?? 0;
    if (lookalikes.has(account) || (remaining < 0 && count <= 1)) continue;
    const step = remaining > 0 ? 1 : -1;
    counts[account] = count + step;
    remaining -= step;
  }
  for (let account = 0; account < accounts; account += 1) offsets[account + 1] = (offsets[account] ?? 0) + (counts[account] ?? 0);

  const coreSlots = (account: number): number =>
    lookalikes.has(account) ? LOOKALIKE_SLOTS : Math.min(CORE_COUNT - 1, Math.round((counts[account] ?? 0) / 4));
  return {
    total: offsets[accounts] ?? 0,
    count: (account) => counts[account] ?? 0,
    offset: (account) => offsets[account] ?? 0,
    accountAt(slotOfFirm) {
      let low = 0;
      let high = accounts - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((offsets[middle] ?? 0) <= slotOfFirm) low = middle;
        else high = middle - 1;
      }
      return low;
    },
    security(account, slot) {
      if (slot === 0) return CASH_INDEX;
      const core = coreSlots(account);
      const walk = (place: number, size: number, which: number): number =>
        (random.below(size, account, which) + place * random.between(1, size - 1, account, which + 1)) % size;
      if (slot <= core) return 1 + walk(slot, CORE_COUNT, 2);
      return 1 + CORE_COUNT + walk(slot - core, others, 4);
    },
  };
}
