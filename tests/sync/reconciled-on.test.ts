import { expect, test } from 'vitest';
import { bookReads } from '../../main/api/book-reads.ts';
import { calendarDate } from '../../shared/model/date.ts';
import { testBook } from './sync-book.ts';

test('a position says when its source last reconciled the account, as of the latest pass, and nothing where it no longer says', () => {
  const book = testBook();
  const [first, second] = [book.connection('Willow', 1, 'black_diamond'), book.connection('Cedar', 2)];
  const position = { quantity: '10' };
  book.pass(first, [position], { accounts: [{ name: 'Birch', reconciledOn: calendarDate('2026-11-16') }] });
  book.pass(first, [position], { accounts: [{ name: 'Birch', reconciledOn: calendarDate('2026-11-19') }] });
  book.pass(second, [position], { accounts: [{ name: 'Birch', reconciledOn: calendarDate('2026-11-17') }] });
  book.pass(second, [position]);
  const { sources } = bookReads['holdings.get'](book.db, { id: String(book.holdingId()) });
  expect(sources.map((source) => [source.connectionName, source.reconciledOn])).toEqual([
    ['Willow', '2026-11-19'],
    ['Cedar', null],
  ]);
});
