import { sign, type Dec } from '../../shared/model/decimal.ts';
import { daysBetween, type CalendarDate } from '../../shared/model/date.ts';

/** A transaction as far as it tells which one it is. */
export interface Happening {
  readonly accountId: number;
  readonly securityId: number | null;
  readonly currency: string;
  readonly kind: string;
  readonly date: CalendarDate;
  readonly quantity: Dec;
  readonly cash: Dec;
}

/** Trade dates of one event that differ between platforms by more than this many days are taken for two events. */
const DAYS_APART = 3;

type Pass = {
  readonly key: (h: Happening) => string;
  readonly near?: (a: Happening, b: Happening) => boolean;
  readonly repeats: boolean;
};

const place = (h: Happening): string => `${h.accountId} ${h.securityId ?? ''} ${h.currency}`;
const moved = (value: Dec): boolean => sign(value) !== 0;
const sameWay = (a: Happening, b: Happening): boolean => sign(a.quantity) === sign(b.quantity) && sign(a.cash) === sign(b.cash);

/**
 * Strict first. `repeats`: what is alike in everything may be paired in order, because it makes no difference which is which;
 * elsewhere a pair counts only when neither side has another candidate.
 */
const PASSES: readonly Pass[] = [
  { key: (h) => `${place(h)} ${h.kind} ${h.date} ${h.quantity} ${h.cash}`, repeats: true },
  { key: (h) => `${place(h)} ${h.date} ${h.quantity} ${h.cash}`, repeats: true },
  {
    key: (h) => `${place(h)} ${h.kind} ${h.date}`,
    near: (a, b) => sameWay(a, b) && ((moved(a.quantity) && a.quantity === b.quantity) || (moved(a.cash) && a.cash === b.cash)),
    repeats: false,
  },
  {
    key: (h) => `${place(h)} ${h.quantity} ${h.cash}`,
    near: (a, b) => Math.abs(daysBetween(a.date, b.date)) <= DAYS_APART,
    repeats: false,
  },
];

/**
 * Which transactions of one source are the ones the book knows already: the index into `known`, by index into `fresh`.
 * Ambiguous ones are left out, so that nothing is tied on a guess.
 */
export function matchTransactions(fresh: readonly Happening[], known: readonly Happening[]): Map<number, number> {
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  for (const { key, near = () => true, repeats } of PASSES) {
    if (taken.size === known.length) break;
    const groups = new Map<string, number[]>();
    for (const [i, h] of known.entries()) if (!taken.has(i)) groups.set(key(h), [...(groups.get(key(h)) ?? []), i]);
    const waiting = Map.groupBy(
      [...fresh.entries()].filter(([i, h]) => !pairs.has(i) && groups.has(key(h))),
      ([, h]) => key(h),
    );
    for (const [group, ours] of waiting) {
      const theirs = groups.get(group) ?? [];
      const fits = (a: Happening): number[] => theirs.filter((i) => near(a, known[i] as Happening));
      if (repeats) for (const [n, [i]] of ours.entries()) tie(i, theirs[n]);
      else
        for (const [i, h] of ours) {
          const [only, ...more] = fits(h);
          if (only === undefined || more.length > 0) continue;
          const rivals = ours.filter(([, other]) => near(other, known[only] as Happening));
          if (rivals.length === 1) tie(i, only);
        }
    }
  }
  return pairs;

  function tie(ours: number, theirs: number | undefined): void {
    if (theirs === undefined) return;
    pairs.set(ours, theirs);
    taken.add(theirs);
  }
}
