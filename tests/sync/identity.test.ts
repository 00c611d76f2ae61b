import { describe, expect, test } from 'vitest';
import { DAY_1, accountRecord, securityRecord, testBook, type SyncBook } from './sync-book.ts';

const links = (book: SyncBook, kind: 'account' | 'security', connectionId: number) =>
  book
    .all<{ externalId: string; id: number | null; reason: string; suggestions: string }>(
      `SELECT external_id AS externalId, ${kind}_id AS id, reason, suggestions FROM ${kind}_links WHERE connection_id = ? ORDER BY external_id`,
      connectionId,
    )
    .map((l) => ({ ...l, suggestions: (JSON.parse(l.suggestions) as { id: number }[]).map((s) => s.id) }));
const accounts = (book: SyncBook): number => book.one('SELECT count(*) FROM accounts');
const securities = (book: SyncBook): number => book.one('SELECT count(*) FROM securities');

function twoPlatforms() {
  const book = testBook();
  return { book, orion: book.connection('Orion', 1), addepar: book.connection('Addepar', 2, 'addepar') };
}

describe('accounts', () => {
  test('are one when custodian and number agree once hyphens, case and leading zeros are dropped', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{}], { accounts: [accountRecord('Birch', { number: '0012-34AB', custodian: 'Fidelity' })] });
    book.pass(addepar, [{}], { accounts: [accountRecord('Birch', { number: '1234ab', custodian: 'FIDELITY' })] });
    expect([accounts(book), links(book, 'account', addepar)[0]?.reason]).toEqual([1, 'Same custodian and account number']);
  });

  test('with one number at two custodians are two', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{}], { accounts: [accountRecord('Birch', { number: '77' })] });
    book.pass(addepar, [{}], { accounts: [accountRecord('Birch', { number: '77', custodian: 'Schwab' })] });
    expect(accounts(book)).toBe(2);
  });

  test('whose numbers read the same in one pass are tied to nothing, and their positions wait and are counted', () => {
    const { book, orion } = twoPlatforms();
    const counts = book.pass(orion, [{ account: 'Birch' }, { account: 'Rowan' }], {
      accounts: [accountRecord('Birch', { number: '0077' }), accountRecord('Rowan', { number: '7-7' })],
    });
    expect(counts).toMatchObject({ added: 2, adopted: 0, unlinked: 2 });
    expect(links(book, 'account', orion).map((l) => l.id)).toEqual([null, null]);
    expect(book.one('SELECT count(*) FROM holdings')).toBe(0);
    expect(book.all('SELECT holding_id AS id FROM source_holdings')).toEqual([{ id: null }, { id: null }]);
  });

  test('with a masked number are suggested by their last characters at the same custodian, never tied', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{ account: 'Birch' }, { account: 'Rowan' }], {
      accounts: [accountRecord('Birch', { number: '90011234' }), accountRecord('Rowan', { number: '90015678' })],
    });
    const counts = book.pass(addepar, [{}], { accounts: [accountRecord('Birch', { number: '****1234' })] });
    expect([counts.unlinked, accounts(book)]).toEqual([1, 2]);
    expect(links(book, 'account', addepar)).toEqual([
      { externalId: 'acc-Birch', id: null, reason: 'The platform shows only the end of the account number', suggestions: [1] },
    ]);
  });

  test('without a custodian are suggested when the number is known, made when it is not', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{}], { accounts: [accountRecord('Birch', { number: '77' })] });
    book.pass(addepar, [{ account: 'Birch' }, { account: 'Rowan' }], {
      accounts: [
        accountRecord('Birch', { number: '77', custodian: '' }),
        accountRecord('Rowan', { number: '88', custodian: '' }),
      ],
    });
    expect(links(book, 'account', addepar).map((l) => [l.id, l.suggestions])).toEqual([
      [null, [1]],
      [2, []],
    ]);
  });

  test.each(['000', '', ' - '])('whose number says nothing (%j) match nothing', (number) => {
    const { book, orion } = twoPlatforms();
    book.pass(orion, [{}], { accounts: [accountRecord('Birch', { number })] });
    expect(links(book, 'account', orion)[0]).toMatchObject({ id: null, reason: 'The platform gives no usable account number' });
  });

  test('linked by hand join the book with the next sync, although nothing in their records changed', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{ price: '10' }], { accounts: [accountRecord('Birch', { number: '90011234' })] });
    const masked = { accounts: [accountRecord('Birch', { number: '****1234' })] };
    book.pass(addepar, [{ price: '11' }], masked);
    book.link(addepar, 'account', 'acc-Birch', 1);
    expect(book.conflicts()).toEqual([]);
    expect(book.pass(addepar, [{ price: '11' }], masked)).toMatchObject({ unlinked: 0, changed: 1, conflictsOpened: 1 });
    expect(book.conflicts()).toEqual([`Birch/Alder price sources_disagree: - | 10 | ${orion}=10 ${addepar}=11`]);
    expect(links(book, 'account', addepar)[0]).toMatchObject({ id: 1, reason: 'Linked by analyst', suggestions: [] });
  });

  test('a link that is changed by hand takes the positions along with the next sync', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{ account: 'Rowan', price: '10' }]);
    book.pass(addepar, [{ price: '11' }]);
    book.link(addepar, 'account', 'acc-Birch', 1);
    book.pass(addepar, [{ price: '11' }]);
    expect(book.position('Birch', 'Alder')?.[0]).toBe('held'); // nobody covers that account any more, so nobody says it is gone
    expect(book.conflicts()).toEqual([`Rowan/Alder price sources_disagree: - | 10 | ${orion}=10 ${addepar}=11`]);
  });

  test('two accounts of one connection cannot be tied to one of the book', () => {
    const { book, orion } = twoPlatforms();
    book.pass(orion, [{ account: 'Birch' }, { account: 'Rowan' }]);
    expect(() => book.link(orion, 'account', 'acc-Rowan', 1)).toThrow(/tied to it already/);
    expect(() => book.link(orion, 'account', 'acc-Elm', 1)).toThrow(/no longer reports/);
    expect(() => book.link(orion, 'account', 'acc-Rowan', 99)).toThrow(/no such account/);
  });
});

describe('securities', () => {
  test.each([
    ['ISIN', { cusip: null, isin: 'US0378331005' }, { cusip: null, isin: 'US0378331005' }],
    ['the CUSIP inside an ISIN', { cusip: '037833100' }, { cusip: null, isin: 'US0378331005' }],
    ['CUSIP', { cusip: '037833100' }, { cusip: '037833100' }],
    ['SEDOL', { cusip: null, sedol: '2046251' }, { cusip: null, sedol: '2046251' }],
    ['FIGI', { cusip: null, figi: 'BBG000B9XRY4' }, { cusip: null, figi: 'BBG000B9XRY4' }],
  ])('are one by %s', (_what, first, second) => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{}], { securities: [securityRecord('Alder', { ticker: 'AAA', ...first })] });
    book.pass(addepar, [{}], { securities: [securityRecord('Alder', { ticker: 'BBB', ...second })] });
    expect(securities(book)).toBe(1);
  });

  test('known by ticker alone are suggestions', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{ price: '10' }]);
    const tickerOnly = { securities: [securityRecord('Alder', { cusip: null })] };
    expect(book.pass(addepar, [{ price: '11' }], tickerOnly)).toMatchObject({ unlinked: 1, adopted: 0 });
    expect(book.conflicts()).toEqual([`Birch/Alder presence only_at_source: - | held | ${orion}=held ${addepar}=not_held`]);
    expect(links(book, 'security', addepar)).toEqual([
      {
        externalId: 'sec-Alder',
        id: null,
        reason: 'The platform gives a ticker but no CUSIP, ISIN, SEDOL or FIGI',
        suggestions: [1],
      },
    ]);
    book.link(addepar, 'security', 'sec-Alder', 1);
    book.pass(addepar, [{ price: '11' }], tickerOnly);
    expect(book.conflicts()).toEqual([`Birch/Alder price sources_disagree: - | 10 | ${orion}=10 ${addepar}=11`]);
  });

  test('not tied yet speak against closing a position of their account: a person is asked', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{}, { security: 'Cedar' }]);
    book.pass(addepar, [{}, { security: 'Cedar' }], { securities: [securityRecord('Alder', { cusip: null })] });
    book.pass(orion, [{ security: 'Cedar' }]);
    expect(book.position()?.[0]).toBe('held');
    expect(book.conflicts()).toEqual([
      `Birch/Alder presence missing_at_source: - | held | ${orion}=not_held ${addepar}=not_held`,
    ]);
  });

  test('can be made new by hand instead', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{ price: '10' }]);
    const tickerOnly = { securities: [securityRecord('Alder', { cusip: null })] };
    book.pass(addepar, [{ price: '11' }], tickerOnly);
    expect(book.link(addepar, 'security', 'sec-Alder')).toBe('2');
    book.pass(addepar, [{ price: '11' }], tickerOnly);
    expect([securities(book), book.one('SELECT count(*) FROM holdings')]).toEqual([2, 2]);
  });

  test('whose identifiers point at different securities are tied to none of them', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{ security: 'Alder' }, { security: 'Cedar' }], {
      securities: [securityRecord('Alder', { cusip: '037833100' }), securityRecord('Cedar', { cusip: null, sedol: '2046251' })],
    });
    book.pass(addepar, [{}], { securities: [securityRecord('Alder', { cusip: '037833100', sedol: '2046251' })] });
    expect(links(book, 'security', addepar)).toEqual([
      {
        externalId: 'sec-Alder',
        id: null,
        reason: 'Its identifiers belong to different securities of the book',
        suggestions: [1, 2],
      },
    ]);
  });

  test('cash goes by currency, whatever identifiers it carries', () => {
    const { book, orion, addepar } = twoPlatforms();
    book.pass(orion, [{ security: 'Cash' }], {
      securities: [securityRecord('Cash', { type: 'cash', cusip: null, ticker: null })],
    });
    book.pass(addepar, [{ security: 'Cash', quantity: '100' }], {
      securities: [securityRecord('Cash', { type: 'cash', cusip: '037833100', ticker: 'USD' })],
    });
    expect([securities(book), book.one('SELECT count(*) FROM holdings')]).toEqual([1, 1]);
  });
});

test('a record may name an account and a security that only an earlier pass described', () => {
  const { book, orion } = twoPlatforms();
  book.pass(orion, [{ price: '10' }], { asOf: DAY_1 });
  const operationId = book.stage(orion, [{ price: '11' }]);
  book.db.prepare('DELETE FROM account_links WHERE account_id IS NULL').run();
  book.merge(operationId);
  expect(book.position()?.[2]).toBe('11');
});

test('transactions are versioned: unchanged ones write nothing, changed ones keep the old version', () => {
  const { book, orion } = twoPlatforms();
  const transaction = {
    externalId: 't1',
    accountExternalId: 'acc-Birch',
    securityExternalId: 'sec-Alder',
    type: 'buy',
    tradeDate: '2026-11-18',
    settleDate: null,
    quantityDelta: '10',
    price: '10',
    cashDelta: '-100',
    currency: 'USD',
    memo: '',
    place: '/0',
  } as never as { memo: string };
  const pass = (memo: string) => book.pass(orion, [{}], { transactions: [{ ...transaction, memo } as never] });
  pass('first');
  pass('first');
  expect(book.one('SELECT count(*) FROM source_transactions')).toBe(1);
  pass('second');
  expect(
    book.all('SELECT memo, valid_to_op IS NULL AS current, account_id AS account FROM source_transactions ORDER BY id'),
  ).toEqual([
    { memo: 'first', current: 0, account: 1 },
    { memo: 'second', current: 1, account: 1 },
  ]);
});
