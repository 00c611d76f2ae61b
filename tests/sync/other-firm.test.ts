import { expect, test } from 'vitest';
import { testBook, type Says } from './sync-book.ts';

const held = (...accounts: string[]): Says[] => accounts.map((account) => ({ account, price: '10' }));
const TABLES = ['holdings', 'source_holdings', 'accounts', 'account_links', 'conflicts', 'sync_operations', 'staged_pages'];

test('a sign-in that leads to another firm is noticed before anything of it is written', () => {
  const book = testBook();
  const orion = book.connection('Orion', 1);
  book.pass(orion, held('Birch', 'Cedar'));
  const id = book.stage(orion, held('Fjord', 'Lagoon', 'Delta'));
  const before = book.dump(TABLES);
  expect(() => book.merge(id)).toThrow(
    /^None of the 2 accounts of this connection, such as Birch, is among the 3 that the platform lists now, such as Fjord\./,
  );
  expect(book.dump(TABLES)).toEqual(before);
});

test('accepting that positions are gone does not let another firm in', () => {
  const book = testBook();
  const orion = book.connection('Orion', 1);
  book.pass(orion, held('Birch', 'Cedar'));
  const id = book.stage(orion, held('Fjord', 'Lagoon'), { acceptShrink: true });
  expect(() => book.merge(id)).toThrow(/another firm/);
});

test('one account that is still listed makes it the same firm', () => {
  const book = testBook();
  const orion = book.connection('Orion', 1);
  book.pass(orion, held('Birch', 'Cedar'));
  expect(book.pass(orion, held('Cedar', 'Fjord', 'Lagoon'))).toMatchObject({ added: 2, removed: 1 });
});

test('accounts that kept their numbers under other ids are the same firm', () => {
  const book = testBook();
  const orion = book.connection('Orion', 1);
  book.pass(orion, held('Birch', 'Cedar'));
  const renumbered = [
    { externalId: 'acc-Fjord', name: 'Fjord', number: 'N-BIRCH' },
    { externalId: 'acc-Lagoon', name: 'Lagoon', number: 'N-CEDAR' },
  ];
  expect(book.pass(orion, held('Fjord', 'Lagoon'), { accounts: renumbered })).toMatchObject({ added: 2 });
});

test('a firm with a single account may replace it', () => {
  const book = testBook();
  const orion = book.connection('Orion', 1);
  book.pass(orion, held('Birch'));
  expect(book.pass(orion, held('Fjord'))).toMatchObject({ added: 1, removed: 1 });
});

test('a connection is not held against another one that lists other accounts', () => {
  const book = testBook();
  book.pass(book.connection('Orion', 1), held('Birch', 'Cedar'));
  expect(book.pass(book.connection('Addepar', 2, 'addepar'), held('Fjord', 'Lagoon'))).toMatchObject({ added: 2 });
});
