import { expect, test } from 'vitest';
import type { TaxLotRecord } from '../../main/connectors/connector.ts';
import { calendarDate } from '../../shared/model/date.ts';
import { dec } from '../../shared/model/decimal.ts';
import { testBook } from './sync-book.ts';

const lot = (externalId: string, quantity: string, costBasis: string | null, day = '2021-05-12'): TaxLotRecord => ({
  externalId,
  positionExternalId: 'Birch/Alder',
  accountExternalId: 'acc-Birch',
  securityExternalId: 'sec-Alder',
  acquiredOn: calendarDate(day),
  heldFrom: null,
  term: null,
  quantity: dec(quantity),
  costBasis: costBasis === null ? null : dec(costBasis),
  marketValue: null,
  currency: 'USD',
  asOf: calendarDate('2026-11-20'),
  place: '/0',
});

test('lots of one day are one in the book, however a source splits them, and are in conflict where their sums differ', () => {
  const book = testBook();
  const [orion, addepar] = [book.connection('Orion', 1), book.connection('Addepar', 2, 'addepar')];
  const pass = (connection: number, ...taxLots: TaxLotRecord[]) => book.pass(connection, [{}], { taxLots });
  const records = () => book.db.prepare('SELECT on_date, quantity, cost_basis FROM book_records ORDER BY on_date').raw().all();
  const open = () =>
    book.db
      .prepare("SELECT field, clearway, difference FROM conflicts WHERE record_id IS NOT NULL AND status = 'open' ORDER BY field")
      .raw()
      .all();

  pass(orion, lot('1', '60', '600'), lot('2', '40', '410'), lot('3', '5', '55', '2023-01-09'));
  // 60 + 40 units at 600 + 410
  expect(records()).toEqual([
    ['2021-05-12', '100', '1010'],
    ['2023-01-09', '5', '55'],
  ]);
  pass(addepar, lot('a', '100', '1000'));
  // 1010 - 1000
  expect(open()).toEqual([['costBasis', '1010', '10']]);
  // A lot that Orion corrects moves the sum of its day: 60 + 39.
  pass(orion, lot('1', '60', '600'), lot('2', '39', '400'), lot('3', '5', '55', '2023-01-09'));
  expect(records()[0]).toEqual(['2021-05-12', '99', '1000']);
  expect(open()).toEqual([['quantity', '99', '1']]);
  // The other agrees: nothing is left to decide.
  pass(addepar, lot('a', '99', '1000'));
  expect(open()).toEqual([]);
  // The day of the third lot was wrong: it is another one now, and the old one is withdrawn.
  pass(orion, lot('1', '60', '600'), lot('2', '39', '400'), lot('3', '5', '55', '2023-01-10'));
  expect(book.db.prepare('SELECT on_date, status FROM book_records ORDER BY on_date').raw().all()).toEqual([
    ['2021-05-12', 'held'],
    ['2023-01-09', 'withdrawn'],
    ['2023-01-10', 'held'],
  ]);
});
