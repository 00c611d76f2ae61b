import { addDays, previousBusinessDay, type CalendarDate } from '../../../shared/model/date.ts';
import { fixed, minus, times, valueOf, withLastDigit, type Fixed } from './fixed.ts';
import type { Firm } from './firm.ts';
import { CASH_INDEX, type Security } from './security.ts';

export const ACTIVITY_KINDS = [
  'buy',
  'sell',
  'dividend',
  'interest',
  'reinvest',
  'fee',
  'deposit',
  'withdrawal',
  'transfer_in',
  'transfer_out',
  'tax',
  'split',
  'sweep',
] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/** One thing that happened in an account. Units and cash are magnitudes; each platform writes the direction in its own way. */
export interface Activity {
  /** Number within the firm; platforms make their ids of it. */
  readonly number: number;
  readonly account: number;
  readonly kind: ActivityKind;
  readonly security: Security;
  /** 0 where no units move. */
  readonly units: Fixed;
  readonly price: Fixed | null;
  /** What the units or the payment are worth; 0 for a split. */
  readonly amount: Fixed;
  readonly tradeDate: CalendarDate;
  readonly settleDate: CalendarDate;
}

export interface FirmActivity {
  readonly total: number;
  /** Transactions of one account, oldest first; made afresh at each call. */
  ofAccount(account: number): readonly Activity[];
}

const DAYS_BACK = 58;
/** Chances in a thousand; what is left over is the last kind, a word that no platform documents. */
const CHANCES: readonly (readonly [ActivityKind, number])[] = [
  ['buy', 270],
  ['sell', 170],
  ['dividend', 180],
  ['interest', 80],
  ['reinvest', 70],
  ['fee', 70],
  ['deposit', 50],
  ['withdrawal', 40],
  ['transfer_in', 25],
  ['transfer_out', 15],
  ['tax', 20],
];
const CASH_ONLY: ReadonlySet<ActivityKind> = new Set(['fee', 'deposit', 'withdrawal', 'sweep']);
const INCOME: ReadonlySet<ActivityKind> = new Set(['dividend', 'interest', 'tax']);
const NONE = fixed(0, 0);

function kindOf(roll: number): ActivityKind {
  let left = roll;
  for (const [kind, chance] of CHANCES) {
    if (left < chance) return kind;
    left -= chance;
  }
  return 'sweep';
}

const settledOn = (date: CalendarDate): CalendarDate => {
  let next = addDays(date, 1);
  while (previousBusinessDay(addDays(next, 1)) !== next) next = addDays(next, 1);
  return next;
};

/** What happened in the firm within the last two months, `total` transactions over all accounts. Same firm, same activity. */
export function createActivity(firm: Firm, total: number): FirmActivity {
  const random = firm.random('activity');
  const today = firm.date(1);
  const accounts = firm.accounts.length;
  const cash = firm.securities[CASH_INDEX];

  const dateOf = (number: number): CalendarDate => {
    const day = addDays(today, -random.below(DAYS_BACK, number, 1));
    return previousBusinessDay(addDays(day, 1));
  };
  const securityOf = (account: number, number: number): Security | undefined => {
    const slots = firm.slots.count(account);
    return firm.securities[firm.slots.security(account, slots < 2 ? 0 : random.between(1, slots - 1, number, 2))];
  };

  const one = (account: number, number: number): Activity | null => {
    const held = securityOf(account, number);
    if (!held || !cash) return null;
    const isCash = held.type === 'cash';
    let kind = isCash ? 'deposit' : kindOf(random.below(1000, number, 3));
    if (held.split && kind === 'interest') kind = 'split';
    const security = CASH_ONLY.has(kind) ? cash : held;
    const tradeDate = kind === 'split' ? today : dateOf(number);
    const base = { number, account, kind, security, tradeDate, settleDate: settledOn(tradeDate) };
    const between = (low: number, high: number, which: number): number => random.between(low, high, number, which);
    if (kind === 'split' && held.split) {
      const before = fixed(between(10, 900, 4), 0);
      return {
        ...base,
        units: minus(times(before, held.split.after, held.split.before), before),
        price: null,
        amount: fixed(0, 2),
      };
    }
    if (CASH_ONLY.has(kind) || INCOME.has(kind))
      return {
        ...base,
        units: NONE,
        price: null,
        amount: withLastDigit(fixed(between(800, kind === 'deposit' ? 9_000_000 : 90_000, 5), 2)),
      };
    const units =
      held.type === 'bond'
        ? fixed(between(1, 20, 6) * 5_000, 0)
        : held.type === 'fund'
          ? withLastDigit(fixed(between(1_000, 400_000, 7), 3))
          : fixed(between(1, 400, 8), 0);
    const price = withLastDigit(times(held.openingPrice, between(900, 1100, 9), 1000));
    return { ...base, units, price, amount: valueOf(units, price, held.power) };
  };

  return {
    total,
    ofAccount(account) {
      const first = Math.floor((account * total) / accounts);
      const last = Math.floor(((account + 1) * total) / accounts);
      const rows: Activity[] = [];
      for (let number = first; number < last; number += 1) {
        const row = one(account, number);
        if (row) rows.push(row);
      }
      return rows.toSorted((a, b) => (a.tradeDate < b.tradeDate ? -1 : a.tradeDate > b.tradeDate ? 1 : a.number - b.number));
    },
  };
}
