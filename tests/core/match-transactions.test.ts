import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchTransactions, type Happening } from '../../main/core/match-transactions.ts';
import { addDays, calendarDate } from '../../shared/model/date.ts';
import { dec, neg } from '../../shared/model/decimal.ts';

const happening = (more: Partial<Happening> = {}): Happening => ({
  accountId: 1,
  securityId: 7,
  currency: 'USD',
  kind: 'buy',
  date: calendarDate('2026-11-18'),
  quantity: dec('10'),
  cash: dec('-20'),
  ...more,
});
const pairs = (fresh: readonly Happening[], known: readonly Happening[]): [number, number][] => [
  ...matchTransactions(fresh, known),
];

describe('a transaction of a second source', () => {
  test('is the one the book knows when kind, day, units and cash are the same', () => {
    expect(pairs([happening()], [happening({ cash: dec('-21') }), happening()])).toEqual([[0, 1]]);
  });

  test('is the same under another word for its kind', () => {
    expect(pairs([happening({ kind: 'reinvest' })], [happening()])).toEqual([[0, 0]]);
  });

  test('is the same with another amount, when the units say so and nothing else could be meant', () => {
    expect(pairs([happening({ cash: dec('-20.05') })], [happening()])).toEqual([[0, 0]]);
    expect(pairs([happening({ cash: dec('-20.05') })], [happening(), happening({ cash: dec('-19') })])).toEqual([]);
    expect(pairs([happening({ cash: dec('-20.05') }), happening({ cash: dec('-20.06') })], [happening()])).toEqual([]);
  });

  test('is the same when booked up to three days apart, and not four', () => {
    const later = (days: number): Happening => happening({ date: addDays(calendarDate('2026-11-18'), days) });
    expect(pairs([later(3)], [happening()])).toEqual([[0, 0]]);
    expect(pairs([later(-3)], [happening()])).toEqual([[0, 0]]);
    expect(pairs([later(4)], [happening()])).toEqual([]);
  });

  test('is another one in another account, security, currency or direction', () => {
    const known = [happening()];
    expect(pairs([happening({ accountId: 2 })], known)).toEqual([]);
    expect(pairs([happening({ securityId: null })], known)).toEqual([]);
    expect(pairs([happening({ currency: 'EUR' })], known)).toEqual([]);
    expect(pairs([happening({ quantity: dec('-10'), cash: dec('20') })], known)).toEqual([]);
  });

  test('pairs repeats by count: two alike and one known leave one that is new', () => {
    expect(pairs([happening(), happening()], [happening()])).toEqual([[0, 0]]);
    expect(pairs([happening(), happening()], [happening(), happening()])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });
});

test('never ties two transactions to one, nor one that moves the other way, whatever comes', () => {
  const some = fc
    .record({
      kind: fc.constantFrom('buy', 'sell', 'fee'),
      days: fc.integer({ min: 0, max: 6 }),
      quantity: fc.constantFrom('0', '10', '20'),
      cash: fc.constantFrom('0', '5', '6'),
      out: fc.boolean(),
    })
    .map(({ kind, days, quantity, cash, out }) =>
      happening({
        kind,
        date: addDays(calendarDate('2026-11-16'), days),
        quantity: out ? neg(dec(quantity)) : dec(quantity),
        cash: out ? dec(cash) : neg(dec(cash)),
      }),
    );
  fc.assert(
    fc.property(fc.array(some, { maxLength: 8 }), fc.array(some, { maxLength: 8 }), (fresh, known) => {
      const found = pairs(fresh, known);
      expect(new Set(found.map(([, k]) => k)).size).toBe(found.length);
      for (const [f, k] of found) {
        const [a, b] = [fresh[f] as Happening, known[k] as Happening];
        expect(a.quantity === b.quantity || a.cash === b.cash).toBe(true);
        expect(a.quantity.startsWith('-')).toBe(b.quantity.startsWith('-'));
      }
      // Everything known comes back to itself.
      expect(matchTransactions(known, known).size).toBe(known.length);
    }),
    { numRuns: 300 },
  );
});
