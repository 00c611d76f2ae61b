import { describe, expect, test } from 'vitest';
import type { TransactionRecord } from '../../main/connectors/connector.ts';
import { calendarDate } from '../../shared/model/date.ts';
import { conflictReads } from '../../main/api/conflict-handlers.ts';
import { dec } from '../../shared/model/decimal.ts';
import { testBook } from './sync-book.ts';

const said = (externalId: string, more: Partial<TransactionRecord> = {}): TransactionRecord => ({
  externalId,
  accountExternalId: 'acc-Birch',
  securityExternalId: 'sec-Alder',
  type: 'buy',
  tradeDate: calendarDate('2026-11-18'),
  settleDate: null,
  quantityDelta: dec('10'),
  price: dec('2'),
  cashDelta: dec('-20'),
  currency: 'USD',
  memo: '',
  place: '/0',
  ...more,
});

function twoSources() {
  const book = testBook();
  const orion = book.connection('Orion', 1);
  const addepar = book.connection('Addepar', 2, 'addepar');
  const pass = (connection: number, transactions: readonly TransactionRecord[]) =>
    book.pass(connection, [{}], { transactions, transactionsFrom: calendarDate('2026-11-01') });
  return {
    book,
    orion,
    addepar,
    pass,
    records: () =>
      book.db.prepare('SELECT kind, on_date, quantity, price, cash, status FROM book_records ORDER BY id').raw().all(),
    open: () =>
      book.db
        .prepare(
          `SELECT field, reason, base, clearway, sources, impact FROM conflicts WHERE record_id IS NOT NULL AND status IN ('open', 'review') ORDER BY field`,
        )
        .raw()
        .all(),
    conflict: () => String(book.one<number>("SELECT max(id) FROM conflicts WHERE record_id IS NOT NULL AND status = 'open'")),
    cash: () => book.one<string>('SELECT cash FROM book_records'),
  };
}

describe('a transaction that two sources report', () => {
  test('stands once in the book, and there is nothing to decide where they agree within tolerance', () => {
    const { pass, orion, addepar, records, open } = twoSources();
    pass(orion, [said('o1')]);
    pass(addepar, [said('a1', { cashDelta: dec('-20.01') })]); // 0.01 is the tolerance of cash
    expect(records()).toEqual([['buy', '2026-11-18', '10', '2', '-20', 'held']]);
    expect(open()).toEqual([]);
  });

  test('is in conflict where they differ, and Clearway holds what the better ranked one says', () => {
    const { pass, orion, addepar, open, records } = twoSources();
    const counts = pass(addepar, [said('a1', { cashDelta: dec('-20.05') })]);
    expect(counts.conflictsOpened).toBe(0);
    expect(pass(orion, [said('o1')]).conflictsOpened).toBe(1);
    expect(records()).toEqual([['buy', '2026-11-18', '10', '2', '-20', 'held']]);
    // 20.05 - 20 = 0.05
    expect(open()).toEqual([
      [
        'cash',
        'sources_disagree',
        null,
        '-20',
        JSON.stringify([
          [orion, '-20', '2026-11-18'],
          [addepar, '-20.05', '2026-11-18'],
        ]),
        '0.05',
      ],
    ]);
  });

  test('can be decided, undone and decided again; the decision is not asked for again by the same difference', () => {
    const { book, pass, orion, addepar, open, conflict, cash } = twoSources();
    pass(orion, [said('o1')]);
    pass(addepar, [said('a1', { cashDelta: dec('-20.05') })]);
    const preview = conflictReads['conflicts.preview'](book.db, {
      selection: { ids: [conflict()] },
      decision: { strategy: 'PLATFORM_WINS', connectionId: String(addepar) },
    });
    expect(preview).toMatchObject({
      settles: 1,
      totals: [],
      largest: [{ field: 'cash', before: '-20', after: '-20.05', impact: '-0.05' }],
    });
    const { batchId } = book.resolve({
      selection: { ids: [conflict()] },
      decision: { strategy: 'PLATFORM_WINS', connectionId: String(addepar) },
      comment: '',
    });
    expect([cash(), open()]).toEqual(['-20.05', []]);
    book.undo(batchId ?? '');
    expect([cash(), open().length]).toEqual(['-20', 1]);
    book.resolve({ selection: { ids: [conflict()] }, decision: { strategy: 'MANUAL_REVIEW', value: '-20.04' }, comment: '' });
    expect(cash()).toBe('-20.04');
    pass(orion, [said('o1')]);
    pass(addepar, [said('a1', { cashDelta: dec('-20.05') })]);
    expect([cash(), open()]).toEqual(['-20.04', []]);
    // A new difference asks again, and a person's value is not replaced.
    pass(orion, [said('o1', { cashDelta: dec('-21') })]);
    expect(cash()).toBe('-20.04');
    expect(open().map((c) => (c as unknown[]).slice(0, 4))).toEqual([['cash', 'both_changed', '-20', '-20.04']]);
  });

  test('follows the source that changed it where nobody else spoke, and heals when they agree again', () => {
    const { pass, orion, addepar, open, cash } = twoSources();
    pass(orion, [said('o1')]);
    pass(orion, [said('o1', { cashDelta: dec('-22') })]);
    expect([cash(), open()]).toEqual(['-22', []]);
    pass(addepar, [said('a1')]);
    expect(open()).toHaveLength(1);
    pass(addepar, [said('a1', { cashDelta: dec('-22') })]);
    expect(open()).toEqual([]);
  });

  test('is withdrawn when no source lists it any more, and stays where a person set a value', () => {
    const { book, pass, orion, addepar, records, conflict } = twoSources();
    pass(orion, [said('o1')]);
    pass(addepar, [said('a1')]);
    pass(orion, []);
    expect(records().map((r) => (r as unknown[])[5])).toEqual(['held']);
    pass(addepar, []);
    expect(records().map((r) => (r as unknown[])[5])).toEqual(['withdrawn']);
    pass(orion, [said('o1')]);
    expect(records().map((r) => (r as unknown[])[5])).toEqual(['held']);

    pass(addepar, [said('a1', { cashDelta: dec('-25') })]);
    book.resolve({ selection: { ids: [conflict()] }, decision: { strategy: 'MANUAL_REVIEW', value: '-24' }, comment: '' });
    pass(orion, []);
    pass(addepar, []);
    expect(records()).toEqual([['buy', '2026-11-18', '10', '2', '-24', 'held']]);
  });
});

test('a transaction waits for the link of its account, and a type that no table knows is not compared', () => {
  const { book, pass, orion, records } = twoSources();
  pass(orion, [
    said('o1', { accountExternalId: 'acc-Cedar' }),
    said('o2', { type: 'other', quantityDelta: dec('0'), cashDelta: dec('0') }),
  ]);
  expect(records()).toEqual([]);
  book.db
    .prepare(
      `INSERT INTO account_links (connection_id, external_id, account_id, reason, name, number, custodian, record)
       VALUES (?, 'acc-Cedar', 1, '', 'Cedar', '9', '', '{}')`,
    )
    .run(orion);
  pass(orion, [said('o1', { accountExternalId: 'acc-Cedar' })]);
  expect(records()).toEqual([['buy', '2026-11-18', '10', '2', '-20', 'held']]);
});
