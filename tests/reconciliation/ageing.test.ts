import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessDaysBetween, addDays, calendarDate } from '../../shared/model/date.ts';
import { AGE_DAYS } from '../../main/reconciliation/break-rows.ts';
import { createTestBook } from './book.ts';

const one = { quantity: '100', price: '180', marketValue: '18000' };

/** Orion reports 90 of the 100 shares of one stock, without prices: one quantity break. */
function brokenBook() {
  const book = createTestBook();
  const orion = book.connection('orion', 'Orion');
  const holding = book.holding(book.account('Birchwood family trust', [orion]), book.security('Alder'), { quantity: '100' });
  const record = book.record(orion, holding, { quantity: '90' });
  const say = (quantity: string): void =>
    void book.db.prepare('UPDATE source_holdings SET quantity = ? WHERE id = ?').run(quantity, record);
  return { book, orion, holding, say };
}

describe('a break that is still there in the next run', () => {
  it('keeps the day it was first seen, counted in business days to the day of the run', () => {
    const { book } = brokenBook();
    expect(book.breaks(book.run()).map((b) => b.ageDays)).toEqual([0]); // Friday 14 March
    book.at('2025-03-17T08:00:00Z'); // Monday
    expect(book.breaks(book.run()).map((b) => b.ageDays)).toEqual([1]);
    book.at('2025-03-21T08:00:00Z'); // Friday again: Monday to Friday are five
    const last = book.run();
    expect(book.breaks(last).map((b) => b.ageDays)).toEqual([5]);
    expect(book.breaks('1').map((b) => b.ageDays)).toEqual([0]); // an old run stays as it was
  });

  it('keeps its age when the difference grows, but is another disagreement', () => {
    const { book, say } = brokenBook();
    const first = book.run();
    book.db.prepare("UPDATE breaks SET status = 'accepted' WHERE run_id = ?").run(Number(first));
    book.at('2025-03-17T08:00:00Z');
    expect(book.breaks(book.run()).map((b) => [b.ageDays, b.status])).toEqual([[1, 'accepted']]);
    say('80');
    expect(book.breaks(book.run()).map((b) => [b.ageDays, b.status])).toEqual([[1, 'open']]);
  });

  it('stays accepted when both sides move together', () => {
    const { book, say, holding } = brokenBook();
    book.db.prepare("UPDATE breaks SET status = 'accepted' WHERE run_id = ?").run(Number(book.run()));
    say('190');
    book.db.prepare("UPDATE holdings SET quantity = '200' WHERE id = ?").run(holding); // 190 - 200 = 90 - 100
    expect(book.breaks(book.run()).map((b) => b.status)).toEqual(['accepted']);
  });

  it('is not confused with the same break of another side, account or security', () => {
    const { book, orion } = brokenBook();
    book.run();
    book.at('2025-03-17T08:00:00Z');
    const addepar = book.connection('addepar', 'Addepar', 2);
    const other = book.holding(book.account('Rowan retirement', [orion, addepar]), book.security('Beech'), { quantity: '100' });
    book.record(orion, other, { quantity: '90' });
    book.record(addepar, other, { quantity: '90' });
    const ages = book.breaks(book.run()).map((b) => `${b.side} ${b.security} ${b.ageDays}`);
    expect(ages.toSorted()).toEqual(['Addepar Beech 0', 'Orion Alder 1', 'Orion Beech 0']);
  });

  it('starts anew as another class', () => {
    const { book, holding } = brokenBook();
    book.db.prepare('UPDATE holdings SET price = ?, market_value = ? WHERE id = ?').run(one.price, one.marketValue, holding);
    book.db.prepare('UPDATE source_holdings SET quantity = ?, price = ?, market_value = ?').run('90', '180', '16200');
    book.run();
    book.at('2025-03-17T08:00:00Z');
    book.db.prepare('UPDATE source_holdings SET quantity = ?, price = ?, market_value = ?').run('50', '360', '18000');
    expect(
      book
        .breaks(book.run())
        .map((b) => `${b.field} ${b.class} ${b.ageDays}`)
        .toSorted(),
    ).toEqual(['price corporate_action 0', 'quantity corporate_action 0']);
  });
});

describe('age in SQL', () => {
  it('agrees with the calendar for any two days', () => {
    const { book } = brokenBook();
    const age = book.db.prepare(`SELECT ${AGE_DAYS} FROM (SELECT ? AS started_at) r, (SELECT ? AS first_seen) b`).pluck();
    const day = fc.integer({ min: 0, max: 20_000 }).map((n) => addDays(calendarDate('1990-01-01'), n));
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 500 }), (first, later) => {
        const to = addDays(first, later);
        expect(age.get(`${to}T23:59:59Z`, `${first}T00:00:00Z`)).toBe(businessDaysBetween(first, to));
      }),
    );
  });
});
