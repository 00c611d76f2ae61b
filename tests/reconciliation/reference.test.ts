import { describe, expect, it } from 'vitest';
import { createTestBook, TODAY, YESTERDAY, type TestBook } from './book.ts';
import { referenceRun } from './reference.ts';

/** A small linear congruential generator: the same book for the same seed. */
function dice(seed: number) {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.trunc((state / 2 ** 32) * below);
  };
  return {
    next,
    one: <T>(items: readonly [T, ...T[]]): T => items[next(items.length)] ?? items[0],
    chance: (percent: number): boolean => next(100) < percent,
  };
}

const canonical = (units: number, scale: number): string => {
  const text = String(Math.abs(units)).padStart(scale + 1, '0');
  const fraction = text.slice(text.length - scale).replace(/0+$/, '');
  const sign = units < 0 ? '-' : '';
  return `${sign}${text.slice(0, text.length - scale)}${fraction === '' ? '' : `.${fraction}`}`;
};

/** Fills a book with positions of which `noise` percent are disturbed in every way that pairing has to cope with. */
function fillRandomly(book: TestBook, positions: number, noise: number, seed: number): number {
  const { next, one, chance } = dice(seed);
  const orion = book.connection('orion', 'Orion');
  const perAccount = 20;
  const securities = Array.from({ length: 300 }, (_, i) =>
    book.security(`Security ${i}`, { type: one(['stock', 'fund', 'bond'] as const) }),
  );
  const cash = ['USD', 'USD', 'EUR'].map((currency, i) => book.security(`Cash ${i}`, { type: 'cash', currency }));
  book.db.transaction(() => {
    for (let a = 0; a < Math.ceil(positions / perAccount); a += 1) {
      const account = book.account(`Account ${a}`, chance(97) ? [orion] : []);
      const otherDate = chance(noise / 4) ? YESTERDAY : TODAY;
      const start = next(securities.length);
      for (let i = 0; i < perAccount; i += 1) {
        const isCash = i < 2 || (i === 2 && chance(30));
        const security = isCash ? (cash[i] ?? 0) : (securities[(start + i) % securities.length] ?? 0);
        const units = next(1_000_000) - 20_000;
        const price = isCash ? 100 : 100 + next(50_000);
        const value = {
          quantity: canonical(units, 2),
          price: isCash ? '1' : canonical(price, 2),
          marketValue: canonical(units * price, 4),
          costBasis: chance(80) ? canonical(units * 95, 2) : null,
        };
        const disturbed = chance(noise);
        const kind = disturbed ? next(9) : -1;
        const held = kind === 0 || kind === 8 ? 'not_held' : 'held';
        const mine = kind === 7 ? { ...value, marketValue: null } : value;
        const currency = isCash && i === 2 ? 'EUR' : 'USD';
        const holding = book.holding(account, security, mine, { status: held, currency });
        if (kind === 1 || kind === 8) continue; // Clearway alone, or nobody
        const nudge = one([0, 1, 99, 101, 5_000, 500_000] as const);
        const theirs =
          kind === 2 || (kind === 5 && chance(50))
            ? { ...value, quantity: canonical(units + nudge, 2) }
            : kind === 3
              ? { ...value, price: canonical(price * 100 + nudge, 4), marketValue: canonical(units * price + nudge, 4) }
              : kind === 4
                ? { ...value, marketValue: canonical(units * price + nudge, 4), costBasis: canonical(units * 95 + nudge, 2) }
                : value;
        const say = (asOf: string, part: string, values = theirs): void =>
          void book.record(orion, holding, values, {
            externalId: `${account}-${i}-${part}`,
            asOf,
            account: `a${account}`,
            currency,
          });
        if (kind === 5) say(chance(50) ? YESTERDAY : TODAY, 'twice');
        if (kind === 6) say(YESTERDAY, 'late');
        else say(otherDate, 'only');
        if (chance(noise))
          book.record(orion, holding, value, { externalId: `${account}-${i}-only`, asOf: YESTERDAY, validTo: 3, currency });
      }
    }
  })();
  return orion;
}

function check(positions: number, noise: number, seed: number): { breaks: number; compared: number } {
  const book = createTestBook();
  const orion = fillRandomly(book, positions, noise, seed);
  const id = book.run();
  const found = book.db
    .prepare(
      `SELECT b.account_id || ' ' || CASE b.field WHEN 'cash' THEN b.currency ELSE b.security_id END || ' ' || b.field FROM breaks b WHERE b.run_id = ?`,
    )
    .pluck()
    .all(Number(id)) as string[];
  const expected = referenceRun(book, orion, TODAY);
  expect(found.toSorted()).toEqual(expected.breaks);
  const run = book.get(id);
  expect(run.compared).toBe(expected.compared);
  const units = new Set(expected.breaks.map((b) => b.replace(/(quantity|price|marketValue|costBasis|presence)$/, '')));
  expect(run.matched).toBe(expected.compared - units.size);
  return { breaks: found.length, compared: run.compared };
}

describe('a run against the plain way of doing it', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('finds the same breaks in a small and very disturbed book (%i)', (seed) => {
    expect(check(600, 60, seed).breaks).toBeGreaterThan(50);
  });

  it('finds the same breaks among 100,000 positions', () => {
    const { breaks, compared } = check(100_000, 1, 42);
    expect(breaks).toBeGreaterThan(300);
    expect(compared).toBeGreaterThan(80_000);
  }, 240_000);
});
