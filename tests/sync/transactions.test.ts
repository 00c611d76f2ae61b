import { describe, expect, onTestFinished, test } from 'vitest';
import { join } from 'node:path';
import type { TransactionRecord } from '../../main/connectors/connector.ts';
import { DEFAULT_TOLERANCES } from '../../main/core/tolerance.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { createRecordBook } from '../../main/sync/record-book.ts';
import { createTransactionTies } from '../../main/sync/transaction-ties.ts';
import { mergeTransactions } from '../../main/sync/transactions.ts';
import { calendarDate } from '../../shared/model/date.ts';
import { dec } from '../../shared/model/decimal.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

const said = (externalId: string, more: Partial<TransactionRecord> = {}): TransactionRecord => ({
  externalId,
  accountExternalId: 'a',
  securityExternalId: 's',
  type: 'buy',
  tradeDate: calendarDate('2026-11-18'),
  settleDate: null,
  quantityDelta: dec('10'),
  price: dec('2'),
  cashDelta: dec('-20'),
  currency: null,
  memo: '',
  place: '/0',
  ...more,
});

function book() {
  const db = openWritable(join(tempFolder(), 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, MIGRATIONS);
  db.exec(`INSERT INTO batches (uid, kind, actor, at, summary) VALUES ('u', 'sync', 'x', '', '');
    INSERT INTO accounts (id, name, number, number_key, custodian, currency, created_batch) VALUES (7, 'Birch', '7', '7', '', 'EUR', 1);
    INSERT INTO securities (name, type, currency, multiplier, created_batch) VALUES ('Alder', 'stock', 'EUR', '1', 1)`);
  let operationId = 0;
  return {
    pass(
      records: readonly TransactionRecord[],
      from: string | null,
      acceptShrink = false,
      setAside: readonly string[] = [],
    ): void {
      operationId += 1;
      mergeTransactions(db, {
        connectionId: 1,
        operationId,
        records: records.map((record) => ({ record, payloadId: 1 })),
        from: from === null ? null : calendarDate(from),
        acceptShrink,
        isSetAside: (externalId) => setAside.includes(externalId),
        accountFor: () => 7,
        securityFor: () => 1,
        ties: createTransactionTies(
          db,
          createRecordBook(db, 'transaction', {
            connectionId: 1,
            operationId,
            batchId: 1,
            tolerances: DEFAULT_TOLERANCES,
            counts: { adopted: 0, conflictsOpened: 0, conflictsHealed: 0 },
            now: '2026-11-20T09:00:00.000Z',
          }),
          1,
        ),
      });
    },
    rows: () =>
      db
        .prepare('SELECT external_id, cash_delta, currency, valid_from_op, valid_to_op FROM source_transactions ORDER BY id')
        .raw()
        .all(),
  };
}

describe('transactions of a pass', () => {
  test('that it named but could not read stay as they were, alone or with their whole account', () => {
    const { pass, rows } = book();
    const [one, two, other] = [said('t1'), said('t2'), said('t3', { accountExternalId: 'b' })];
    pass([one, two, other], '2026-11-01');
    pass([], '2026-11-01', false, ['t1', 'b']);
    expect(rows().map((row) => [(row as unknown[])[0], (row as unknown[])[4]])).toEqual([
      ['t1', null],
      ['t2', 2],
      ['t3', null],
    ]);
  });

  test('are taken in once, in the currency of their security where the source names none', () => {
    const { pass, rows } = book();
    pass([said('t1'), said('t1'), said('t2', { currency: 'GBP' })], '2026-11-01');
    expect(rows()).toEqual([
      ['t1', '-20', 'EUR', 1, null],
      ['t2', '-20', 'GBP', 1, null],
    ]);
  });

  test('write nothing when nothing changed, and a new version when something did', () => {
    const { pass, rows } = book();
    pass([said('t1'), said('t2')], '2026-11-01');
    pass([said('t1'), said('t2')], '2026-11-01');
    expect(rows()).toHaveLength(2);
    pass([said('t1'), said('t2', { cashDelta: dec('-21') })], '2026-11-01');
    expect(rows()).toEqual([
      ['t1', '-20', 'EUR', 1, null],
      ['t2', '-20', 'EUR', 1, 3],
      ['t2', '-21', 'EUR', 3, null],
    ]);
  });

  test('end what the source no longer lists, but only inside the window that the pass covers', () => {
    const { pass, rows } = book();
    const old = said('old', { tradeDate: calendarDate('2026-10-01') });
    pass([old, said('t1'), said('t2')], '1970-01-01');
    pass([said('t1')], '2026-11-01');
    expect(rows()).toEqual([
      ['old', '-20', 'EUR', 1, null],
      ['t1', '-20', 'EUR', 1, null],
      ['t2', '-20', 'EUR', 1, 2],
    ]);
    pass([], null);
    expect(rows().filter((row) => (row as unknown[])[4] === null)).toHaveLength(2);
  });

  test('stop the pass when more than a fifth would be gone, unless a person accepted that', () => {
    const { pass, rows } = book();
    const all = Array.from({ length: 40 }, (_, i) => said(`t${i}`));
    pass(all, '2026-11-01');
    expect(() => pass(all.slice(0, 29), '2026-11-01')).toThrow('would remove 11 of 40 transactions');
    expect(rows().filter((row) => (row as unknown[])[4] === null)).toHaveLength(40);
    pass(all.slice(0, 29), '2026-11-01', true);
    expect(rows().filter((row) => (row as unknown[])[4] === null)).toHaveLength(29);
  });
});
