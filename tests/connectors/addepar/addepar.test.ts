import { describe, expect, it } from 'vitest';
import { createAddepar } from '../../../main/connectors/addepar/connector.ts';
import { excerpt } from '../../../main/connectors/excerpt.ts';
import { json } from '../doubles/http-double.ts';
import { everything, failureOf, pullAll, type Rig } from '../doubles/rig.ts';
import { columns, entity, holdingAccount, owns, security, STANDARD, startAddepar, type AddeparFirm } from './addepar-double.ts';

const pull = (rig: Rig, cursor: string | null = null) => pullAll(createAddepar(rig.ports), rig.context, cursor);
const read = async (firm: Partial<AddeparFirm>, settings = {}) => {
  const rig = await startAddepar(firm, settings);
  return { rig, ...everything(await pull(rig)) };
};
const oneRow = (over: Readonly<Record<string, unknown>>) =>
  read({ tree: [holdingAccount(10, [security(200, over), security(201)])] });

describe('Addepar: a pass', () => {
  it('reads accounts with households, securities and positions in canonical form', async () => {
    const { accounts, securities, holdings, quarantined } = await read({});
    expect(accounts[0]).toEqual({
      externalId: '10',
      name: 'Rivers IRA',
      number: '4471',
      custodian: '',
      currency: 'USD',
      household: { externalId: '1', name: 'Rivers' },
    });
    expect(accounts.map((a) => a.externalId)).toEqual(['10', '11']);
    expect(securities).toEqual([
      {
        externalId: '200',
        name: 'Apple',
        type: 'stock',
        ticker: null,
        cusip: '037833100',
        isin: 'US0378331005',
        sedol: null,
        figi: null,
        currency: 'USD',
        multiplier: '1',
      },
    ]);
    expect(holdings).toEqual([
      {
        externalId: '10:200',
        accountExternalId: '10',
        securityExternalId: '200',
        quantity: '100',
        price: '152.5',
        marketValue: '15250',
        costBasis: '9800',
        currency: 'USD',
        asOf: '2025-06-30',
        modifiedAt: null,
        place: '/data/attributes/total/children/0/children/0',
      },
    ]);
    expect(quarantined).toEqual([]);
  });

  it('announces the number of positions, ends with null and leads each position back to its bytes', async () => {
    const rig = await startAddepar();
    const pages = await pull(rig);
    expect(pages.map((page) => page.expected)).toEqual(pages.map(() => 1));
    const last = pages.at(-1);
    expect(last?.next).toBeNull();
    expect(
      JSON.parse((await excerpt(last?.raw ?? new Uint8Array(), last?.contentType ?? '', last?.holdings[0]?.place ?? '')) ?? ''),
    ).toEqual(security(200));
  });

  it('asks for the last business day unless told, in one query of documented columns', async () => {
    const { rig } = await read({});
    // 2025-07-01 is a Tuesday.
    expect((await startAddepar()).queries).toEqual([]);
    const { queries } = rig as Awaited<ReturnType<typeof startAddepar>>;
    expect(queries).toHaveLength(1);
    expect(queries[0]).toMatchObject({
      portfolio_type: 'FIRM_ACCOUNTS',
      portfolio_id: [1],
      start_date: '2025-06-30',
      end_date: '2025-06-30',
      hide_previous_holdings: true,
      groupings: [{ key: 'holding_account' }, { key: 'security' }],
    });
    const dated = await startAddepar({}, { asOf: '2025-03-31', portfolioType: 'FIRM' });
    expect(everything(await pull(dated)).holdings[0]?.asOf).toBe('2025-03-31');
    expect(dated.queries[0]).toMatchObject({ end_date: '2025-03-31', portfolio_type: 'FIRM' });
  });

  it('has values converted only when the connection states a currency, and takes the currency the reply names', async () => {
    const argumentsOf = (rig: Awaited<ReturnType<typeof startAddepar>>) =>
      Object.fromEntries((rig.queries[0]?.columns ?? []).map((c) => [c.key, Reflect.get(c, 'arguments')]));
    const plain = await startAddepar({ rewrite: (text) => text.replace(',"currency":"USD"', '') });
    expect(everything(await pull(plain)).holdings[0]?.currency).toBeNull();
    expect(argumentsOf(plain)).toMatchObject({ value: { accrued: 'none' } });
    expect(JSON.stringify(plain.queries)).not.toContain('currency');
    const stated = await startAddepar(
      { rewrite: (text) => text.replace('"currency":"USD"', '"currency":"CAD"') },
      { currency: 'CAD' },
    );
    expect(everything(await pull(stated)).holdings[0]?.currency).toBe('CAD');
    expect(argumentsOf(stated)).toMatchObject({
      price_per_share: { currency: 'CAD' },
      value: { currency: 'CAD', accrued: 'none' },
      cost_basis: { currency: 'CAD' },
    });
  });

  it('re-attaches its own prefix to the short form of links.next', async () => {
    const { rig, accounts } = await read({ entitiesPerPage: 2 });
    expect(accounts).toHaveLength(2);
    expect(rig.double.seen.filter((s) => s.path === '/api/v1/entities').map((s) => s.query.get('page[after]'))).toEqual([
      null,
      '2',
      '4',
      '6',
    ]);
  });

  it('stays far within 50 requests for a firm of 10,000 entities', async () => {
    const entities = Array.from({ length: 10_000 }, (_, i) => entity(i + 1000, 'STOCK'));
    const { rig } = await read({ entities: [...STANDARD.entities, ...entities], entitiesPerPage: 2000 });
    // 10,007 / 2,000 = 6 pages of entities, 1 of positions, 1 query
    expect(rig.double.seen).toHaveLength(8);
  });

  it('reads exponent form and keeps digits that no double can hold', async () => {
    const { holdings } = await read({
      tree: [holdingAccount(10, [security(200), security(201)])],
      rewrite: (text) => text.replace('"value":15250', '"value":4.37E8').replace('"shares":100', '"shares":1.234567890123456789'),
    });
    expect(holdings.map((h) => [h.quantity, h.marketValue])).toEqual([
      ['1.234567890123456789', '437000000'],
      ['100', '15250'],
    ]);
  });

  it('takes null for what is not known, and ids as numbers or text', async () => {
    const { holdings } = await read({
      tree: [
        holdingAccount(10, [{ ...security(200, { cost_basis: null, price_per_share: null, cusip: null }), entity_id: '200' }]),
      ],
    });
    expect(holdings[0]).toMatchObject({ externalId: '10:200', price: null, costBasis: null });
  });

  it('prices bonds per 100 of face and holds cash at price 1 without identifiers', async () => {
    const { securities, holdings } = await read({
      tree: [
        holdingAccount(10, [
          security(201, { shares: 50000, price_per_share: 98.5, value: 49250 }),
          security(202, { shares: null, price_per_share: null, value: -1250.75, cusip: null, isin: null }),
        ]),
      ],
    });
    expect(securities.map((s) => [s.type, s.multiplier, s.cusip])).toEqual([
      ['bond', '0.01', '037833100'],
      ['cash', '1', null],
    ]);
    // A margin debit is negative cash.
    expect(holdings.map((h) => [h.quantity, h.price, h.marketValue])).toEqual([
      ['50000', '98.5', '49250'],
      ['-1250.75', '1', '-1250.75'],
    ]);
  });

  it('holds what has no units by its value at price 1, only where Addepar says it is value-based', async () => {
    const fund = (ownership_type: string) => ({
      entities: [...STANDARD.entities, entity(300, 'PRIVATE_EQUITY_FUND', { ownership_type })],
      tree: [holdingAccount(10, [security(300, { shares: null, price_per_share: null, value: 5000 })])],
    });
    expect((await read(fund('VALUE_BASED'))).holdings[0]).toMatchObject({ quantity: '5000', price: '1', marketValue: '5000' });
    expect((await read(fund('SHARE_BASED'))).quarantined).toMatchObject([
      { externalId: '10:300', path: 'columns.shares', reason: 'columns.shares is missing.' },
    ]);
  });

  it('reads the newest ticker of a time-varying attribute', async () => {
    const ticker_symbol = [
      { date: null, value: 'OLD', weight: 1.0 },
      { date: '2024-01-01', value: 'NEW', weight: 1.0 },
    ];
    const { securities } = await read({
      entities: [...STANDARD.entities.filter((e) => Reflect.get(e, 'id') !== '200'), entity(200, 'STOCK', { ticker_symbol })],
    });
    expect(securities[0]?.ticker).toBe('NEW');
  });

  it('takes the custodian from the account’s own row where the query has that column', async () => {
    const { accounts } = await read({
      tree: [holdingAccount(10, [security(200)], { columns: { financial_service: 'Schwab' } })],
    });
    expect(accounts.map((a) => a.custodian)).toEqual(['Schwab', '']);
  });
});

describe('Addepar: the tree', () => {
  it('ties a security to the nearest account above it, through self-nesting and Directly Owned', async () => {
    const { holdings, quarantined } = await read({
      tree: [
        holdingAccount(10, [
          holdingAccount(11, [security(201)]),
          { name: 'Directly Owned', grouping: 'holding_account', columns: { value: null }, children: [security(200)] },
        ]),
      ],
    });
    expect(holdings.map((h) => h.externalId)).toEqual(['11:201', '10:200']);
    expect(quarantined).toEqual([]);
  });

  it('sets aside what an owner holds under no account', async () => {
    const { holdings, quarantined } = await read({
      tree: [
        { name: 'Directly Owned', grouping: 'holding_account', children: [security(200)] },
        holdingAccount(10, [security(201)]),
      ],
    });
    expect(holdings.map((h) => h.externalId)).toEqual(['10:201']);
    expect(quarantined).toMatchObject([
      { externalId: '200', path: 'holding_account', reason: expect.stringContaining('under no account') },
    ]);
  });

  it('sets aside what lost its place in the tree instead of passing it over or placing it elsewhere', async () => {
    const { grouping: _grouping, ...unplaced } = security(200);
    const { children: _children, ...closed } = holdingAccount(11, []);
    const { entity_id: _id, ...nameless } = holdingAccount(11, [security(202)]);
    const { holdings, quarantined } = await read({
      tree: [holdingAccount(10, [unplaced, security(201), closed, { ...nameless, name: 'Sleeve' }])],
    });
    expect(holdings.map((h) => h.externalId)).toEqual(['10:201']);
    expect(quarantined.map((q) => [q.externalId, q.path])).toEqual([
      ['10:200', 'grouping'],
      ['11', 'children'],
      ['202', 'holding_account'],
    ]);
  });

  it('stops where a tree nests deeper than any firm', async () => {
    let nested = holdingAccount(11, [security(201)]);
    for (let level = 0; level < 300; level += 1) nested = holdingAccount(11, [nested]);
    const { holdings, quarantined } = await read({ tree: [holdingAccount(10, [security(200), nested])] });
    expect(holdings.map((h) => h.externalId)).toEqual(['10:200']);
    expect(quarantined.map((q) => q.reason)).toEqual(['The tree is more than 100 levels deep here.']);
  });

  it('makes the account of a row that the entity list does not name', async () => {
    const { accounts } = await read({ tree: [holdingAccount(77, [security(200)], { name: 'Late account' })] });
    expect(accounts.find((a) => a.externalId === '77')).toMatchObject({ name: 'Late account', number: '', household: null });
  });

  it('uses the first of two rows for one security in one account and sets the second aside', async () => {
    const { holdings, quarantined } = await read({ tree: [holdingAccount(10, [security(200), security(200, { shares: 7 })])] });
    expect([holdings.map((h) => h.quantity), quarantined.length]).toEqual([['100'], 1]);
  });

  it('reads a firm without any position as one empty page', async () => {
    const rig = await startAddepar({ tree: [] });
    const pages = await pull(rig);
    expect([everything(pages).holdings, pages.at(-1)?.next, pages.at(-1)?.expected]).toEqual([[], null, 0]);
  });
});

describe('Addepar: bad records', () => {
  it.each([
    ['a number sent as text', { shares: '100' }, 'columns.shares', 'columns.shares should be a number but is text.'],
    [
      'a number sent as text in another column',
      { cost_basis: '9,800.00' },
      'columns.cost_basis',
      'columns.cost_basis should be a number but is text.',
    ],
    ['a CUSIP sent as number', { cusip: 37833100 }, 'columns.cusip', 'columns.cusip should be text but is a number.'],
  ])('sets aside %s and goes on', async (_name, over, path, reason) => {
    const { holdings, quarantined } = await oneRow(over);
    expect(holdings.map((h) => h.externalId)).toEqual(['10:201']);
    expect(quarantined).toEqual([{ externalId: '10:200', path, reason, raw: JSON.stringify(security(200, over)) }]);
  });

  it('sets aside a row without a column that was asked for: missing is not null', async () => {
    const { value: _left, ...rest } = columns();
    const { quarantined } = await read({ tree: [holdingAccount(10, [security(200, {}, { columns: rest })])] });
    expect(quarantined).toMatchObject([{ path: 'columns.value', reason: 'columns.value is missing.' }]);
  });

  it('does not guess what an unknown or unlisted security is', async () => {
    const { holdings, quarantined } = await read({
      entities: [...STANDARD.entities, entity(400, 'SPACE_ELEVATOR')],
      tree: [holdingAccount(10, [security(400), security(401), security(200)])],
    });
    expect(holdings.map((h) => h.externalId)).toEqual(['10:200']);
    expect(quarantined.map((q) => [q.externalId, q.path])).toEqual([
      ['10:400', 'model_type'],
      ['10:401', 'entity_id'],
    ]);
  });

  it('sets aside an entity that cannot be read, with the page it came on', async () => {
    const bad = { id: '12', type: 'entities', attributes: { display_name: 'No type' } };
    const { accounts, quarantined } = await read({ entities: [bad, ...STANDARD.entities] });
    expect([accounts.length, quarantined]).toEqual([
      2,
      [
        {
          externalId: '12',
          path: 'attributes.model_type',
          reason: 'attributes.model_type is missing.',
          raw: JSON.stringify(bad),
        },
      ],
    ]);
  });
});

describe('Addepar: licences, households and pages', () => {
  it('does without CUSIP and ISIN where the firm has no licence for them, and says so', async () => {
    const rig = await startAddepar({ unlicensed: ['cusip'] });
    const { securities, holdings } = everything(await pull(rig));
    expect([securities[0]?.cusip, securities[0]?.isin, holdings.length]).toEqual([null, null, 1]);
    expect(rig.queries).toHaveLength(3);
    expect(rig.logged.join()).toContain('Invalid attribute: cusip');
  });

  it('keeps CUSIP and ISIN where only the custodian column is refused', async () => {
    const rig = await startAddepar({ unlicensed: ['financial_service'] });
    expect(everything(await pull(rig)).securities[0]?.cusip).toBe('037833100');
    expect(rig.queries).toHaveLength(2);
  });

  it('reports a query that is refused with any columns, with Addepar’s first words and the way out', async () => {
    const rig = await startAddepar({ unlicensed: ['shares'] });
    const error = await failureOf(pull(rig));
    expect([error.kind, error.message]).toEqual([
      'bad_response',
      expect.stringMatching(/“Use jobs” to yes \(400\)\. It says: Invalid attribute: shares\.$/),
    ]);
  });

  it('goes without households when the key may not read ownership, or when told to', async () => {
    const barred = await read({ positions: null });
    expect([barred.accounts[0]?.household, barred.holdings.length]).toEqual([null, 1]);
    expect(barred.rig.logged.join()).toContain('Households cannot be read');
    const off = await read({}, { households: 'no' });
    expect(off.rig.double.seen.some((s) => s.path.endsWith('/positions'))).toBe(false);
  });

  it('names no household where an account hangs under several, and the one client where there is no household', async () => {
    const two = await read({
      entities: [...STANDARD.entities, entity(3, 'HOUSEHOLD')],
      positions: [owns(1, 10), owns(3, 10), owns(2, 11)],
    });
    expect(two.accounts.map((a) => a.household)).toEqual([null, { externalId: '2', name: 'Entity 2' }]);
    // A circle of owners ends the climb.
    expect((await read({ positions: [owns(2, 10), owns(11, 2), owns(2, 11)] })).accounts).toHaveLength(2);
  });

  const twelve = [10, 11].map((account) =>
    holdingAccount(
      account,
      Array.from({ length: 6 }, (_, i) => security(500 + i)),
    ),
  );
  const many = { entities: [...STANDARD.entities, ...Array.from({ length: 6 }, (_, i) => entity(500 + i, 'ETF'))], tree: twelve };

  it('splits one large reply into pages that share the same bytes, by identity', async () => {
    const rig = await startAddepar(many, { pageSize: '5' });
    const pages = (await pull(rig)).filter((page) => page.holdings.length > 0);
    expect(pages.map((page) => page.holdings.length)).toEqual([5, 5, 2]);
    expect(new Set(pages.map((page) => page.raw)).size).toBe(1);
  });

  it('resumes after any page with what was not staged, and the date it began with', async () => {
    const rig = await startAddepar(many, { pageSize: '5' });
    const pages = await pull(rig);
    const whole = everything(pages);
    const later = { ...rig.context, today: '2025-07-02' as typeof rig.context.today };
    for (const [index, page] of pages.entries()) {
      if (page.next === null) continue;
      const staged = everything(pages.slice(0, index + 1));
      const rest = everything(await pullAll(createAddepar(rig.ports), later, page.next));
      expect([...staged.holdings, ...rest.holdings]).toEqual(whole.holdings);
      expect([...staged.accounts, ...rest.accounts]).toEqual(whole.accounts);
    }
    expect(rig.queries.every((q) => q.end_date === '2025-06-30')).toBe(true);
  });

  it('asks for a new pass when the tree moved while the sync was stopped', async () => {
    const rig = await startAddepar(many, { pageSize: '5' });
    const cursor = (await pull(rig)).find((page) => page.holdings.length > 0)?.next ?? null;
    rig.firm.tree = [holdingAccount(10, [security(505), ...(twelve[0]?.children ?? []).slice(0, 5)]), ...twelve.slice(1)];
    expect((await failureOf(pull(rig, cursor))).kind).toBe('cursor_expired');
  });

  it('refuses a next link that leads to another host, and pages that go round in a circle', async () => {
    for (const [next, message] of [
      ['https://elsewhere.example/v1/entities', 'leads to another address'],
      ['/v1/entities?page[after]=0', 'go round in a circle'],
    ] as const) {
      const rig = await startAddepar({
        interfere: (seen) => (seen.path === '/api/v1/entities' ? json({ data: [], links: { next } }) : undefined),
      });
      const error = await failureOf(pull(rig));
      expect([error.kind, error.message]).toEqual(['bad_response', expect.stringContaining(message)]);
    }
  });
});
