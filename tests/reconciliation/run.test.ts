import { describe, expect, it } from 'vitest';
import { brief, createTestBook, TODAY, YESTERDAY, type TestBook } from './book.ts';

const one = { quantity: '100', price: '180', marketValue: '18000', costBasis: '9000' };

/** Orion, one account and one stock that both hold alike. */
function simpleBook() {
  const book = createTestBook();
  const orion = book.connection('orion', 'Orion');
  const account = book.account('Birchwood family trust', [orion]);
  return { book, orion, account };
}
const both = (book: TestBook, connection: number, holding: number, values = one, more = {}): void =>
  void book.record(connection, holding, values, more);

describe('a reconciliation run', () => {
  it('finds no break when both sides say the same, and counts what it compared', () => {
    const { book, orion, account } = simpleBook();
    both(book, orion, book.holding(account, book.security('Alder'), one));
    both(book, orion, book.holding(account, book.security('Beech'), one), { ...one, price: '180.004' }); // 0.004 <= 0.005
    const run = book.get(book.run());
    expect(run).toMatchObject({
      status: 'completed',
      compared: 2,
      matched: 2,
      breaks: 0,
      open: 0,
      scope: 'All accounts with Orion',
      asOf: TODAY,
    });
    expect(run.sides).toEqual([{ connectionId: '1', name: 'Orion', asOf: TODAY, asOfDiffers: false }]);
    expect(book.progress.at(-1)).toBe(1000);
  });

  it('stores class, sentence, size and severity of what differs beyond tolerance', () => {
    const { book, orion, account } = simpleBook();
    both(book, orion, book.holding(account, book.security('Alder', { ticker: 'ALD' }), one), {
      ...one,
      quantity: '170',
      marketValue: '30600',
    });
    const [quantity, value] = book.breaks(book.run()).toSorted((a, b) => (a.field > b.field ? -1 : 1));
    expect(quantity).toMatchObject({
      field: 'quantity',
      class: 'quantity',
      clearway: '100',
      other: '170',
      difference: '70',
      impact: '12600',
      severity: 'high', // 70 x 180
      sentence: 'Clearway has 100 shares, Orion 170 shares.',
      side: 'Orion',
      ticker: 'ALD',
      account: 'Birchwood family trust',
      status: 'open',
    });
    expect(value).toMatchObject({ field: 'marketValue', difference: '12600', impact: '12600' }); // 30600 - 18000
  });

  it('adds up several records of one position and recognises a duplicate', () => {
    const { book, orion, account } = simpleBook();
    const lots = book.holding(account, book.security('Alder'), one);
    const half = { quantity: '50', price: '180', marketValue: '9000', costBasis: '4500' };
    both(book, orion, lots, half, { externalId: 'lot-1' });
    both(book, orion, lots, half, { externalId: 'lot-2' }); // 50 + 50 = 100
    const doubled = book.holding(account, book.security('Beech'), one);
    both(book, orion, doubled, one, { externalId: 'twice-1' });
    both(book, orion, doubled, one, { externalId: 'twice-2' }); // 100 + 100 = 200
    const run = book.run();
    expect(brief(book.breaks(run))).toEqual([
      'costBasis duplicate 9000 18000',
      'marketValue duplicate 18000 36000',
      'quantity duplicate 100 200',
    ]);
    expect(book.get(run)).toMatchObject({ compared: 2, matched: 1 });
  });

  it('uses the previous version of the source as the base for a stale price', () => {
    const { book, orion, account } = simpleBook();
    const holding = book.holding(account, book.security('Alder'), { ...one, price: '181.2', marketValue: '18120' });
    both(book, orion, holding, { ...one, price: '179' }, { asOf: '2025-03-12', validTo: 9, externalId: 'old' });
    both(book, orion, holding, one, { asOf: YESTERDAY, validTo: 10, externalId: 'older' });
    both(book, orion, holding, one);
    expect(brief(book.breaks(book.run()))).toEqual(['marketValue stale_price 18120 18000', 'price stale_price 181.2 180']);
  });

  it('falls back on the agreed base, then on the opening book', () => {
    const { book, orion, account } = simpleBook();
    const moved = { quantity: '100', price: '181.2', marketValue: '18120' };
    const agreed = book.holding(account, book.security('Alder'), moved);
    book.insert('holding_bases', { holding_id: agreed, connection_id: orion, field: 'price', value: '180' });
    both(book, orion, agreed, one);
    const opening = book.holding(account, book.security('Beech'), one, { openingBase: JSON.stringify({ ...one, price: '180' }) });
    both(book, orion, opening, { ...one, price: '181.2', marketValue: '18120' });
    const unknown = book.holding(account, book.security('Cedar'), moved);
    both(book, orion, unknown, one);
    const found = book.breaks(book.run()).filter((b) => b.field === 'price');
    expect(found.map((b) => `${b.security} ${b.class}`).toSorted()).toEqual([
      'Alder stale_price',
      'Beech stale_price',
      'Cedar price_source',
    ]);
  });

  it('does not compare amounts of two currencies, and says so', () => {
    const { book, orion, account } = simpleBook();
    both(book, orion, book.holding(account, book.security('Alder'), one), one, { currency: 'EUR' });
    const [found, ...rest] = book.breaks(book.run());
    expect(rest).toEqual([]);
    expect(found).toMatchObject({
      class: 'unexplained',
      difference: null,
      sentence: 'Clearway states this position in USD, Orion in EUR; the amounts cannot be compared.',
    });
  });
});

describe('positions that one side alone holds', () => {
  it('missing and extra, with the value of the position as impact', () => {
    const { book, orion, account } = simpleBook();
    book.holding(account, book.security('Alder'), { ...one, marketValue: '9999' });
    both(book, orion, book.holding(account, book.security('Beech'), {}, { status: 'not_held' }), {
      ...one,
      quantity: '7',
      marketValue: '250000',
    });
    const rows = book.breaks(book.run());
    expect(brief(rows)).toEqual(['presence extra not_held held', 'presence missing held not_held']);
    expect(rows.map((b) => [b.class, b.severity, b.impact])).toEqual([
      ['extra', 'critical', '250000'],
      ['missing', 'medium', '9999'],
    ]);
  });

  it('account_mapping: the same quantity of the same security sits in another account', () => {
    const { book, orion, account } = simpleBook();
    const other = book.account('Rowan retirement', [orion]);
    const alder = book.security('Alder');
    book.holding(account, alder, one);
    both(book, orion, book.holding(other, alder, {}, { status: 'not_held' }));
    const rows = book.breaks(book.run());
    expect(rows.map((b) => b.class)).toEqual(['account_mapping', 'account_mapping']);
    expect(rows.find((b) => b.clearway === 'held')?.sentence).toBe(
      'Clearway has 100 shares of Alder in Birchwood family trust, Orion has the same 100 shares in Rowan retirement: the account is tied to the wrong one.',
    );
  });

  it('account_mapping does not fit another quantity', () => {
    const { book, orion, account } = simpleBook();
    const other = book.account('Rowan retirement', [orion]);
    const alder = book.security('Alder');
    book.holding(account, alder, one);
    both(book, orion, book.holding(other, alder, {}, { status: 'not_held' }), { ...one, quantity: '101' });
    expect(
      book
        .breaks(book.run())
        .map((b) => b.class)
        .toSorted(),
    ).toEqual(['extra', 'missing']);
  });

  it.each([
    ['CUSIP', { cusip: '02079K305' }, { cusip: '02079K107' }, true],
    ['ticker', { ticker: 'BRK.B' }, { ticker: 'BRK/A' }, true],
    ['ticker', { ticker: 'BRK.B' }, { ticker: 'BRKB' }, true],
    ['nothing', { ticker: 'F', cusip: '345370860' }, { ticker: 'FB', cusip: '30303M102' }, false],
  ])('identifier: one security under two identifiers, by %s', (_, mine, theirs, fits) => {
    const { book, orion, account } = simpleBook();
    book.holding(account, book.security('Alder', mine), one);
    both(book, orion, book.holding(account, book.security('Alder class A', theirs), {}, { status: 'not_held' }));
    expect(
      book
        .breaks(book.run())
        .map((b) => b.class)
        .toSorted(),
    ).toEqual(fits ? ['identifier', 'identifier'] : ['extra', 'missing']);
  });

  it('identifier: a security that is not tied to the book, and that its identifiers suggest', () => {
    const { book, orion, account } = simpleBook();
    const alder = book.security('Alder', { ticker: 'ALD' });
    book.holding(account, alder, one);
    book.insert('security_links', {
      connection_id: orion,
      external_id: 'p|1',
      security_id: null,
      reason: 'Ticker only',
      name: 'Alder Holdings',
      detail: 'ALD',
      record: '{}',
      suggestions: JSON.stringify([{ id: alder, reason: 'Same ticker ALD' }]),
    });
    book.record(orion, null, one, { account: `a${account}`, security: 'p|1' });
    const rows = book.breaks(book.run());
    expect(rows.map((b) => [b.class, b.clearway, b.security, b.securityId])).toEqual([
      ['identifier', 'not_held', 'Alder Holdings', null],
      ['identifier', 'held', 'Alder', String(alder)],
    ]);
    expect(book.page({ id: '1', search: 'holdings' }).total).toBe(2); // the sentences name it
  });

  it('a side’s position in an untied security is extra, and one in an unknown account is not compared', () => {
    const { book, orion, account } = simpleBook();
    both(book, orion, book.holding(account, book.security('Alder'), one));
    book.record(orion, null, one, { account: `a${account}`, security: 'unknown', externalId: 'x1' });
    book.record(orion, null, one, { account: 'nobody', security: 'unknown', externalId: 'x2' });
    const rows = book.breaks(book.run());
    expect(rows.map((b) => [b.class, b.security, b.type, b.accountId])).toEqual([['extra', 'unknown', 'other', String(account)]]);
  });

  it('says nothing about accounts that the side does not know', () => {
    const { book, orion, account } = simpleBook();
    both(book, orion, book.holding(account, book.security('Alder'), one));
    book.holding(book.account('Elsewhere', []), book.security('Beech'), one);
    expect(book.get(book.run())).toMatchObject({ compared: 1, breaks: 0 });
  });

  it('takes a position of nothing as not held', () => {
    const { book, orion, account } = simpleBook();
    book.holding(account, book.security('Alder'), { quantity: '0', marketValue: '0' });
    both(book, orion, book.holding(account, book.security('Beech'), {}, { status: 'not_held' }), {
      quantity: '0',
      price: '1',
      marketValue: '0',
      costBasis: '0',
    });
    expect(book.get(book.run())).toMatchObject({ compared: 0, breaks: 0 });
  });
});

describe('cash', () => {
  const usd = (book: TestBook, name = 'US dollar') => book.security(name, { type: 'cash' });
  const cash = (amount: string) => ({ quantity: amount, price: '1', marketValue: amount });

  it('is compared as a total per account and currency', () => {
    const { book, orion, account } = simpleBook();
    const dollars = book.holding(account, usd(book), cash('1500'));
    const sweep = book.holding(account, usd(book, 'Sweep'), {}, { status: 'not_held' });
    book.record(orion, dollars, cash('1000'));
    book.record(orion, sweep, cash('500')); // 1000 + 500 = 1500
    expect(book.get(book.run())).toMatchObject({ compared: 1, matched: 1, breaks: 0 });
  });

  it('breaks with the difference of the totals, and a cent is tolerated', () => {
    const { book, orion, account } = simpleBook();
    book.record(orion, book.holding(account, usd(book), cash('1500')), cash('1500.01'));
    const euros = book.holding(account, book.security('Euro', { type: 'cash', currency: 'EUR' }), cash('20'), {
      currency: 'EUR',
    });
    book.record(orion, euros, cash('2020.5'), { currency: 'EUR' });
    const rows = book.breaks(book.run());
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      field: 'cash',
      class: 'cash',
      clearway: '20',
      other: '2020.5',
      difference: '2000.5',
      impact: '2000.5',
      currency: 'EUR',
      severity: 'medium',
      sentence: 'Total cash in EUR: Clearway has 20.00, Orion has 2,020.50.',
    });
  });

  it('counts cash that one side does not report as zero', () => {
    const { book, orion, account } = simpleBook();
    book.holding(account, usd(book), cash('-12.5'));
    both(book, orion, book.holding(account, book.security('Alder'), one));
    const [found] = book.breaks(book.run());
    expect(found).toMatchObject({ class: 'cash', clearway: '-12.5', other: null, difference: '12.5', type: 'cash' });
    expect(found?.sentence).toBe('Total cash in USD: Clearway has -12.50, Orion reports none.');
  });
});

describe('dates and scope', () => {
  it('flags a side whose date is not that of Clearway’s newest values', () => {
    const { book, orion, account } = simpleBook();
    const addepar = book.connection('addepar', 'Addepar', 2);
    book.insert('account_links', {
      connection_id: addepar,
      external_id: 'x',
      account_id: account,
      reason: '',
      name: '',
      number: '',
      custodian: '',
      record: '{}',
    });
    const holding = book.holding(account, book.security('Alder'), one);
    both(book, orion, holding);
    book.operation(addepar, YESTERDAY);
    both(book, addepar, holding, one, { asOf: YESTERDAY });
    const run = book.get(book.run());
    expect(run.sides).toEqual([
      { connectionId: String(orion), name: 'Orion', asOf: TODAY, asOfDiffers: false },
      { connectionId: String(addepar), name: 'Addepar', asOf: YESTERDAY, asOfDiffers: true },
    ]);
    expect(run).toMatchObject({ asOf: null, compared: 2, scope: 'All accounts with Orion and Addepar' });
  });

  it('compares only records of the side’s date and says how many were left out', () => {
    const { book, orion, account } = simpleBook();
    const second = book.account('Rowan retirement', [orion]);
    both(book, orion, book.holding(account, book.security('Alder'), one));
    both(book, orion, book.holding(second, book.security('Beech'), one), { ...one, quantity: '1' }, { asOf: YESTERDAY });
    book.holding(second, book.security('Cedar'), one); // its account is of another date: silence says nothing
    expect(book.get(book.run())).toMatchObject({
      compared: 1,
      matched: 1,
      breaks: 0,
      scope: 'All accounts with Orion; 1 position of another date left out',
    });
  });

  it('keeps to the date that was asked for', () => {
    const { book, orion, account } = simpleBook();
    both(book, orion, book.holding(account, book.security('Alder'), one));
    expect(() => book.start({ asOf: YESTERDAY as never })).toThrow('None of the sides has positions as of 2025-03-13.');
    expect(book.get(book.run({ asOf: TODAY as never }))).toMatchObject({
      asOf: TODAY,
      scope: 'All accounts with Orion as of 2025-03-14',
      compared: 1,
    });
  });

  it('a custodian statement speaks for the accounts in it alone', () => {
    const book = createTestBook();
    const statement = book.connection('custodian_file', 'Custodian statements');
    const inIt = book.account('Birchwood family trust', [statement]);
    const notInIt = book.account('Rowan retirement', [statement]);
    book.record(statement, book.holding(inIt, book.security('Alder'), one), one, { account: `a${inIt}` });
    book.holding(inIt, book.security('Beech'), one);
    book.holding(notInIt, book.security('Cedar'), one);
    expect(book.breaks(book.run()).map((b) => [b.class, b.security])).toEqual([['missing', 'Beech']]);
  });

  it('compares only the accounts and connections asked for', () => {
    const { book, orion, account } = simpleBook();
    const second = book.account('Rowan retirement', [orion]);
    const addepar = book.connection('addepar', 'Addepar', 2);
    for (const [place, name] of [
      [account, 'Alder'],
      [second, 'Beech'],
    ] as const) {
      const holding = book.holding(place, book.security(name), one);
      both(book, orion, holding, { ...one, quantity: '90' });
      both(book, addepar, holding, { ...one, quantity: '80' });
      book.holding(place, book.security(`${name} bond`), one);
    }
    const run = book.run({ accountIds: [String(second)], connectionIds: [String(orion)] });
    expect(brief(book.breaks(run))).toEqual(['presence missing held not_held', 'quantity quantity 100 90']);
    expect(book.get(run)).toMatchObject({ scope: '1 account with Orion', compared: 2, matched: 0 });
    expect(() => book.start({ accountIds: ['999'] })).toThrow('One of the accounts does not exist any more.');
    expect(() => book.start({ connectionIds: ['999'] })).toThrow('One of the connections does not exist any more.');
  });

  it('cannot start before anything was synced', () => {
    const { book } = simpleBook();
    expect(() => book.start()).toThrow('There is nothing to compare with yet.');
  });

  it('uses the firm’s tolerances, or those of the run', () => {
    const { book, orion, account } = simpleBook();
    both(book, orion, book.holding(account, book.security('Alder'), one), { ...one, quantity: '101' });
    const loose = { ...book.get(book.run()).tolerances, quantity: { absolute: '1', relative: '0' } } as never;
    expect(book.breaks(book.run({ tolerances: loose }))).toEqual([]);
    expect(book.breaks(book.run())).toHaveLength(1);
    book.insert('settings', { key: 'tolerances', value: JSON.stringify(loose) });
    expect(book.breaks(book.run())).toEqual([]);
  });
});

describe('pairing', () => {
  it('is the same when the records lie far apart in the table, among versions of others', () => {
    const { book, orion, account } = simpleBook();
    const addepar = book.connection('addepar', 'Addepar', 2);
    const holdings = ['Alder', 'Beech', 'Cedar'].map((name) => book.holding(account, book.security(name), one));
    for (const [i, holding] of holdings.entries()) {
      both(book, orion, holding, i === 1 ? { ...one, quantity: '90' } : one);
      // 40 closed versions between the records: more than 16 rows for each of the three
      for (let n = 0; n < 40; n += 1)
        both(
          book,
          n % 2 === 0 ? orion : addepar,
          holding,
          { ...one, quantity: '1' },
          { externalId: `${i}-${n}`, validTo: 5, asOf: YESTERDAY },
        );
    }
    const run = book.run({ connectionIds: [String(orion)] });
    expect(brief(book.breaks(run))).toEqual(['quantity quantity 100 90']);
    expect(book.get(run)).toMatchObject({ compared: 3, matched: 2 });
  });

  it('takes a record as paired once a person has tied its security, before the next sync', () => {
    const { book, orion, account } = simpleBook();
    const alder = book.security('Alder');
    book.holding(account, alder, one);
    book.insert('security_links', {
      connection_id: orion,
      external_id: 'p1',
      security_id: alder,
      reason: 'Linked by analyst',
      name: 'Alder',
      detail: '',
      record: '{}',
    });
    book.record(orion, null, { ...one, quantity: '90' }, { account: `a${account}`, security: 'p1' });
    expect(brief(book.breaks(book.run()))).toEqual(['quantity quantity 100 90']);
  });
});

describe('the life of a run', () => {
  it('keeps nothing of a run that was stopped', () => {
    const { book, orion, account } = simpleBook();
    both(book, orion, book.holding(account, book.security('Alder'), one), { ...one, quantity: '90' });
    const id = book.start();
    book.cancel();
    expect(() => book.compare(id)).toThrow('The reconciliation was stopped; nothing of it was kept.');
    expect(book.get(id)).toMatchObject({ status: 'running', breaks: 0 });
  });

  it('is not done twice', () => {
    const { book, orion, account } = simpleBook();
    both(book, orion, book.holding(account, book.security('Alder'), one), { ...one, quantity: '90' });
    const id = book.run();
    expect(() => book.compare(id)).toThrow('This run has ended already; start a new one.');
    expect(book.breaks(id)).toHaveLength(1);
  });
});
