import { describe, expect, test } from 'vitest';
import type { PerformanceRecord } from '../../main/connectors/connector.ts';
import { conflictReads } from '../../main/api/conflict-handlers.ts';
import { calendarDate } from '../../shared/model/date.ts';
import { dec } from '../../shared/model/decimal.ts';
import { testBook } from './sync-book.ts';

const october = (rate: string, more: Partial<PerformanceRecord> = {}): PerformanceRecord => ({
  externalId: `october ${more.fees ?? 'net'} ${more.period?.kind ?? 'month'}`,
  accountExternalId: 'acc-Birch',
  period: { kind: 'month', from: calendarDate('2026-09-30'), to: calendarDate('2026-10-31') },
  method: 'twr',
  fees: 'net',
  annualised: false,
  rate: dec(rate),
  beginValue: null,
  endValue: null,
  netFlows: null,
  currency: 'USD',
  place: '/0',
  ...more,
});

function twoSources() {
  const book = testBook();
  const orion = book.connection('Orion', 1);
  const addepar = book.connection('Addepar', 2, 'addepar');
  return {
    book,
    orion: (...performance: PerformanceRecord[]) => book.pass(orion, [{}], { performance }),
    addepar: (...performance: PerformanceRecord[]) => book.pass(addepar, [{}], { performance }),
    records: () => book.db.prepare('SELECT kind, from_date, on_date, rate FROM book_records ORDER BY id').raw().all(),
    open: () =>
      book.db
        .prepare(
          "SELECT field, reason, clearway, difference, impact, severity FROM conflicts WHERE record_id IS NOT NULL AND status = 'open'",
        )
        .raw()
        .all(),
  };
}

describe('the return of an account over a month', () => {
  test('stands once in the book, and rounding to a hundredth of a percent is no difference', () => {
    const { orion, addepar, records, open } = twoSources();
    orion(october('0.01234'));
    addepar(october('0.0123')); // 0.00004 apart; half of 0.0001 is allowed
    expect(records()).toEqual([['twr net', '2026-09-30', '2026-10-31', '0.01234']]);
    expect(open()).toEqual([]);
  });

  test('is in conflict beyond that; what a return is worth is not known, so it counts as medium', () => {
    const { orion, addepar, open, book } = twoSources();
    orion(october('0.0123'));
    addepar(october('0.0131')); // 0.0008 apart
    expect(open()).toEqual([['return', 'sources_disagree', '0.0123', '0.0008', null, 2]]);
    const { facets } = conflictReads['conflicts.facets'](book.db, { search: '', filters: [] });
    expect([facets.stream, facets.type]).toEqual([[{ value: 'performance', label: 'Performance', count: 1 }], []]);
    const id = String(book.one<number>('SELECT max(id) FROM conflicts'));
    book.resolve({ selection: { ids: [id] }, decision: { strategy: 'MANUAL_REVIEW', value: '0.0127' }, comment: '' });
    addepar(october('0.0131'));
    expect([book.one('SELECT rate FROM book_records'), open()]).toEqual(['0.0127', []]);
  });

  test('is not compared between gross and net, nor while its period still runs', () => {
    const { orion, addepar, records, open } = twoSources();
    orion(october('0.0123'), october('0.02', { period: { kind: 'mtd', from: null, to: calendarDate('2026-10-31') } }));
    addepar(
      october('0.0140', { fees: 'gross' }),
      october('0.03', { period: { kind: 'mtd', from: null, to: calendarDate('2026-10-31') } }),
    );
    expect(records().map((r) => (r as unknown[])[0])).toEqual(['twr net', 'twr gross']);
    expect(open()).toEqual([]);
  });
});
