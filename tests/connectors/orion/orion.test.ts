import { describe, expect, it } from 'vitest';
import { excerpt } from '../../../main/connectors/excerpt.ts';
import { createOrion } from '../../../main/connectors/orion/connector.ts';
import { everything, failureOf, pullAll, type Rig } from '../doubles/rig.ts';
import { account, asset, startOrion, USER } from './orion-double.ts';

const pull = async (rig: Rig, cursor: string | null = null) => pullAll(createOrion(rig.ports), rig.context, cursor);
const firstHolding = async (over: Readonly<Record<string, unknown>>) => {
  const rig = await startOrion({ assets: [asset(1, over)] });
  const { holdings, securities, quarantined } = everything(await pull(rig));
  return { rig, holding: holdings[0], security: securities[0], quarantined };
};
/** A single asset whose JSON is edited as text. */
const editedAsset = async (from: string | RegExp, to: string) => {
  const rig = await startOrion({ assets: [asset(1).replace(from, to), asset(2)] });
  return everything(await pull(rig));
};

describe('Orion: a pass', () => {
  it('reads households, accounts, securities and positions in canonical form', async () => {
    const rig = await startOrion({ assets: [asset(50020)] });
    const pages = await pull(rig);
    expect(everything(pages)).toEqual({
      accounts: [
        {
          externalId: '7068',
          name: 'Account 7068',
          number: '007068-1',
          custodian: 'Schwab',
          currency: 'USD',
          household: { externalId: '1836', name: 'Rivers' },
        },
      ],
      securities: [
        {
          externalId: '911',
          name: 'Apple Inc',
          type: 'stock',
          ticker: 'AAPL',
          cusip: '037833100',
          isin: null,
          sedol: null,
          figi: null,
          currency: 'USD',
          multiplier: '1',
        },
      ],
      holdings: [
        {
          externalId: '50020',
          accountExternalId: '7068',
          securityExternalId: '911',
          quantity: '100',
          price: '152.5',
          marketValue: '15250',
          costBasis: '9800',
          currency: null,
          asOf: '2025-06-30',
          modifiedAt: '2025-06-30T04:10:00.000Z',
          place: '/0',
        },
      ],
      quarantined: [],
    });
    expect(pages.at(-1)?.next).toBeNull();
    expect(pages.slice(0, -1).every((page) => page.next !== null)).toBe(true);
  });

  it('names a currency only where the connection states one: Orion itself names none', async () => {
    const rig = await startOrion({ assets: [asset(1)] }, { currency: 'cad' });
    const { accounts, securities, holdings } = everything(await pull(rig));
    expect([accounts[0]?.currency, securities[0]?.currency, holdings[0]?.currency]).toEqual(['CAD', 'CAD', 'CAD']);
    const wrong = await startOrion({ assets: [asset(1)] }, { currency: 'dollars' });
    expect((await failureOf(pull(wrong))).message).toContain('The setting “Currency”');
  });

  it('leads every position back to its bytes', async () => {
    const assets = Array.from({ length: 7 }, (_, i) => asset(i + 1));
    const rig = await startOrion({ assets }, { pageSize: '3' });
    for (const page of await pull(rig)) {
      for (const holding of page.holdings) {
        expect(await excerpt(page.raw, page.contentType, holding.place)).toBe(assets[Number(holding.externalId) - 1]);
      }
    }
  });

  it('keeps every digit of numbers that no double can hold', async () => {
    const { holdings } = await editedAsset('"currentShares":100', '"currentShares":12345678901234567.12345678');
    expect(holdings.map((h) => h.quantity)).toEqual(['12345678901234567.12345678', '100']);
  });

  it('reads exponent form as the plain number it is', async () => {
    const { holdings } = await editedAsset('"currentValue":15250', '"currentValue":1.525E4');
    expect(holdings.map((h) => h.marketValue)).toEqual(['15250', '15250']);
  });

  it('keeps shorts negative, and prices bonds per 100 of face and options per 100 units', async () => {
    const short = await firstHolding({ currentShares: -100, currentValue: -15250 });
    expect(short.holding).toMatchObject({ quantity: '-100', marketValue: '-15250' });
    // 50,000 face x 98.5 x 0.01 = 49,250
    const bond = await firstHolding({ productType: 'Bond', currentShares: 50000, currentPrice: 98.5, currentValue: 49250 });
    expect([bond.security?.type, bond.security?.multiplier, bond.holding?.quantity]).toEqual(['bond', '0.01', '50000']);
    const option = await firstHolding({ productType: 'Option' });
    expect([option.security?.type, option.security?.multiplier]).toEqual(['option', '100']);
  });

  it('tells cash by isCustodialCash and holds it at price 1 under Orion’s own product id, without identifiers', async () => {
    const cash = await firstHolding({
      isCustodialCash: true,
      productId: 3,
      name: 'Cash Asset',
      ticker: 'CASH:CASH',
      cusip: null,
      currentShares: 50.25,
      currentPrice: 1,
      currentValue: 50.25,
    });
    expect(cash.security).toMatchObject({ externalId: '3', type: 'cash', ticker: null, cusip: null, multiplier: '1' });
    expect(cash.holding).toMatchObject({ quantity: '50.25', price: '1', marketValue: '50.25' });
  });

  it('treats a masked CUSIP as absent without a word', async () => {
    const { security, quarantined } = await firstHolding({ cusip: '*****3100' });
    expect([security?.cusip, security?.ticker, quarantined]).toEqual([null, 'AAPL', []]);
  });

  it('notes a CUSIP that fails its check digit only when nothing else identifies the security, and keeps the position', async () => {
    const with_ = await firstHolding({ cusip: '037833109' });
    expect([with_.security?.cusip, with_.quarantined]).toEqual([null, []]);
    const without = await firstHolding({ cusip: '037833109', ticker: null });
    expect(without.holding?.quantity).toBe('100');
    expect(without.quarantined).toMatchObject([
      { externalId: 'product 911', path: 'cusip', reason: expect.stringContaining('fails its check digit') },
    ]);
  });

  it('puts the lost leading zero of a CUSIP back and logs it', async () => {
    const { rig, security } = await firstHolding({ cusip: '37833100' });
    expect(security?.cusip).toBe('037833100');
    expect(rig.logged.join()).toContain('Put the leading zero of a CUSIP back');
  });

  it('reads "never" as no modification time, and local times by the declared offset', async () => {
    expect((await firstHolding({ editedDate: '0001-01-01T00:00:00-06:00' })).holding?.modifiedAt).toBeNull();
    const rig = await startOrion({ assets: [asset(1)] }, { timeOffset: '-06:00' });
    expect(everything(await pull(rig)).holdings[0]?.modifiedAt).toBe('2025-06-30T10:10:00.000Z');
  });

  it('makes the account of a position that the account list does not hold from what the position says', async () => {
    const { rig } = await firstHolding({});
    const other = await startOrion({ assets: [asset(1, { accountId: 9, accountNumber: '999', custodian: 'Fidelity' })] });
    expect(everything(await pull(other)).accounts.find((a) => a.externalId === '9')).toEqual({
      externalId: '9',
      name: '999',
      number: '999',
      custodian: 'Fidelity',
      currency: 'USD',
      household: { externalId: '1836', name: 'Rivers' },
    });
    expect(everything(await pull(rig)).accounts).toHaveLength(1);
  });
});

describe('Orion: bad records', () => {
  const cases: readonly [string, string | RegExp, string, { path: string; reason: string }][] = [
    [
      'a number sent as text',
      '"currentShares":100',
      '"currentShares":"100"',
      { path: 'currentShares', reason: 'currentShares should be a number but is text.' },
    ],
    ['a missing member', '"currentShares":100,', '', { path: 'currentShares', reason: 'currentShares is missing.' }],
    [
      'null where a number must be',
      '"currentShares":100',
      '"currentShares":null',
      { path: 'currentShares', reason: 'currentShares is null.' },
    ],
    [
      'a number beyond all bounds',
      '"currentValue":15250',
      '"currentValue":1e400',
      { path: 'currentValue', reason: 'currentValue is a number too large or too small to keep exactly.' },
    ],
    [
      'an unknown product type',
      'StockOrETF',
      'Crypto',
      { path: 'productType', reason: 'productType has the value “Crypto”, which this connector does not know.' },
    ],
    [
      'a date that is none',
      '2025-06-30T00:00:00","productType',
      '06/30/2025","productType',
      { path: 'asOfDate', reason: 'asOfDate is not a date.' },
    ],
  ];
  it.each(cases)('sets aside %s with its bytes and goes on with the rest of the page', async (_name, from, to, expected) => {
    const { holdings, quarantined } = await editedAsset(from, to);
    expect(holdings.map((h) => h.externalId)).toEqual(['2']);
    expect(quarantined).toEqual([{ externalId: '1', raw: asset(1).replace(from, to), ...expected }]);
  });

  it('tolerates null for members that may be unknown', async () => {
    const { holding, quarantined } = await firstHolding({
      currentPrice: null,
      currentValue: null,
      costBasis: null,
      ticker: null,
      custodian: null,
      editedDate: null,
    });
    expect(holding).toMatchObject({ price: null, marketValue: null, costBasis: null, modifiedAt: null });
    expect(quarantined).toEqual([]);
  });

  it('keeps at most 4,000 characters of a bad record and survives records that are no objects', async () => {
    const rig = await startOrion({ assets: [asset(1, { name: 'x'.repeat(9000), id: null }), '17', 'null', asset(4)] });
    const { holdings, quarantined } = everything(await pull(rig));
    expect(holdings.map((h) => h.externalId)).toEqual(['4']);
    expect(quarantined.map((q) => [q.externalId, q.path, q.raw.length])).toEqual([
      [null, 'id', 4000],
      [null, '', 2],
      [null, '', 4],
    ]);
  });

  it('uses the first of two positions with one id and sets the second aside', async () => {
    const rig = await startOrion({ assets: [asset(1), asset(1, { currentShares: 7 })] });
    const { holdings, quarantined } = everything(await pull(rig));
    expect([holdings.map((h) => h.quantity), quarantined.map((q) => q.reason)]).toEqual([
      ['100'],
      ['Orion sent this position twice in one pass; the first one is used.'],
    ]);
  });
});

describe('Orion: paging', () => {
  const seven = Array.from({ length: 7 }, (_, i) => asset(i + 1));
  const ids = (pages: Awaited<ReturnType<typeof pull>>) => everything(pages).holdings.map((h) => h.externalId);
  const ALL = ['1', '2', '3', '4', '5', '6', '7'];

  it('follows $top and $skip to the end, each page beginning with the last record of the one before', async () => {
    const rig = await startOrion({ assets: seven }, { pageSize: '3' });
    expect(ids(await pull(rig))).toEqual(ALL);
    const skips = rig.double.seen
      .filter((s) => s.path.endsWith('/Assets'))
      .map((s) => [s.query.get('$top'), s.query.get('$skip')]);
    expect(skips).toEqual([
      ['3', '0'],
      ['4', '2'],
      ['4', '5'],
      ['4', '6'],
    ]);
  });

  it('loses nothing when the server cuts pages shorter than asked', async () => {
    const rig = await startOrion({ assets: seven, cap: 2 }, { pageSize: '5000' });
    expect(ids(await pull(rig))).toEqual(ALL);
  });

  it('notices records that moved between two pages and asks for a new pass', async () => {
    for (const change of [(assets: string[]) => assets.shift(), (assets: string[]) => assets.unshift(asset(0))]) {
      const rig = await startOrion(
        {
          assets: [...seven],
          interfere: (seen, call) => {
            if (seen.path.endsWith('/Assets') && call === 2) change(rig.firm.assets);
            return undefined;
          },
        },
        { pageSize: '3' },
      );
      const error = await failureOf(pull(rig));
      expect([error.kind, error.message]).toEqual(['cursor_expired', expect.stringContaining('changed while it was being read')]);
    }
  });

  it('notices a server that ignores $skip: an error for a full page, the whole list for a short one', async () => {
    const full = await startOrion({ assets: seven, ignoresSkip: true }, { pageSize: '3' });
    const error = await failureOf(pull(full));
    expect([error.kind, error.message]).toEqual(['bad_response', expect.stringContaining('the second page repeats the first')]);
    const short = await startOrion(
      { assets: seven, accounts: [account(7068), account(7069)], ignoresSkip: true },
      { pageSize: '50' },
    );
    expect(ids(await pull(short))).toEqual(ALL);
    expect(short.logged.join()).toContain('ignores $skip');
  });

  it('follows the list past records without a readable id', async () => {
    const assets = [asset(1), asset(2, { id: null }), asset(3, { id: null }), asset(4), asset(5, { id: null })];
    for (const pageSize of ['1', '2', '3', '5', '6']) {
      const rig = await startOrion({ assets }, { pageSize });
      const { holdings, quarantined } = everything(await pull(rig));
      expect([pageSize, holdings.map((h) => h.externalId), quarantined.length]).toEqual([pageSize, ['1', '4'], 3]);
    }
  });

  it('resumes after any page with the positions that were not staged, and with no account twice', async () => {
    const rig = await startOrion({ assets: seven, accounts: [account(7068), account(7069), account(7070)] }, { pageSize: '2' });
    const pages = await pull(rig);
    const whole = everything(pages);
    for (const [index, page] of pages.entries()) {
      if (page.next === null) continue;
      const staged = everything(pages.slice(0, index + 1));
      const rest = everything(await pull(rig, page.next));
      expect([...staged.holdings, ...rest.holdings].map((h) => h.externalId)).toEqual(whole.holdings.map((h) => h.externalId));
      expect([...staged.accounts, ...rest.accounts]).toEqual(whole.accounts);
    }
  });

  it('asks for a new pass when the list moved while the sync was stopped, or the cursor is from elsewhere', async () => {
    const rig = await startOrion({ assets: [...seven] }, { pageSize: '3' });
    const cursor = (await pull(rig)).find((page) => page.holdings.length > 0)?.next ?? null;
    rig.firm.assets.shift();
    expect((await failureOf(pull(rig, cursor))).kind).toBe('cursor_expired');
    expect((await failureOf(pull(rig, '{"page":2}'))).kind).toBe('cursor_expired');
  });

  it('requests the next page while the current one is being handled', async () => {
    const rig = await startOrion({ assets: seven }, { pageSize: '3' });
    const atFirstPage: number[] = [];
    for await (const page of createOrion(rig.ports).pull(rig.context, null)) {
      if (page.holdings.length > 0 && atFirstPage.length === 0) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        atFirstPage.push(rig.double.seen.filter((s) => s.path.endsWith('/Assets')).length);
      }
    }
    expect(atFirstPage).toEqual([2]);
  });
});

describe('Orion: signing in and refusals', () => {
  it('signs in with Basic and partner headers, then calls with the Session prefix', async () => {
    const rig = await startOrion({});
    expect(await createOrion(rig.ports).test(rig.context)).toBe('Signed in and able to read accounts.');
    expect(rig.double.seen.map((s) => [s.path, String(s.headers['authorization']).split(' ')[0]])).toEqual([
      ['/api/v1/security/token', 'Basic'],
      ['/api/v1/Portfolio/Accounts', 'Session'],
    ]);
  });

  it('signs in again once when the session ends in the middle', async () => {
    const rig = await startOrion(
      { assets: Array.from({ length: 7 }, (_, i) => asset(i + 1)), sessionCalls: 6 },
      { pageSize: '3' },
    );
    expect(everything(await pull(rig)).holdings).toHaveLength(7);
    expect(rig.double.seen.filter((s) => s.path.endsWith('/security/token'))).toHaveLength(2);
  });

  it('reports wrong credentials as refused, with an empty 401 body, without repeating or showing them', async () => {
    const rig = await startOrion({});
    const error = await failureOf(
      pullAll(createOrion(rig.ports), { ...rig.context, credentials: { ...USER, password: 'hidden-guess' } }),
    );
    expect([error.kind, rig.double.seen.length]).toEqual(['unauthorised', 1]);
    expect(error.message).toContain('refused the user name and password');
    expect(JSON.stringify([error.message, rig.logged])).not.toContain('hidden-guess');
  });

  it('reports a session refused from its first call as refused', async () => {
    const rig = await startOrion({ sessionCalls: 0 });
    const error = await failureOf(pull(rig));
    expect([error.kind, error.correlationId]).toEqual(['unauthorised', 'oas-1']);
  });

  it('names the credential that is not filled in', async () => {
    const rig = await startOrion({});
    const error = await failureOf(
      pullAll(createOrion(rig.ports), { ...rig.context, credentials: { ...USER, clientSecret: ' ' } }),
    );
    expect([error.kind, error.message, rig.double.seen.length]).toEqual([
      'unauthorised',
      'Partner client secret is not filled in. Enter it in the settings of this connection.',
      0,
    ]);
  });

  it('names the ways of a second factor that a program cannot give, and what to do', async () => {
    const rig = await startOrion({});
    const http = {
      send: async () => ({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: new TextEncoder().encode(
          '{"access_token":null,"two_factor_opts":[{"type":"Email","value":"r***@example.com"},{"type":"Sms","value":"***12"},{"type":"New"}]}',
        ),
      }),
    };
    const error = await failureOf(pullAll(createOrion(rig.ports), { ...rig.context, http }));
    expect([error.kind, error.message]).toEqual([
      'unauthorised',
      'Orion asks this user for a second factor by e-mail or text message, which only a person can give. Sign in with the browser, or use a service user with the API/Integrations role.',
    ]);
  });

  const answers = [
    [
      'a web page with status 200',
      { headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' },
      'bad_response',
      'web page instead of data',
    ],
    [
      'a web page that claims to be JSON',
      { headers: { 'content-type': 'application/json' }, body: ' <!DOCTYPE html><p>' },
      'bad_response',
      'web page instead of data',
    ],
    ['XML', { headers: { 'content-type': 'application/xml' }, body: '<a/>' }, 'bad_response', 'where JSON is documented'],
    [
      'an object where a list is documented',
      { headers: { 'content-type': 'application/json' }, body: '{"items":[]}' },
      'bad_response',
      'should be a list but is an object',
    ],
    ['JSON cut short', { headers: { 'content-type': 'application/json' }, body: '[{"id":1' }, 'bad_response', 'cannot be read'],
    [
      'bytes that are no UTF-8',
      { headers: { 'content-type': 'application/json' }, body: Uint8Array.of(0x22, 0xff, 0x22) },
      'bad_response',
      'not UTF-8',
    ],
    [
      '403',
      { status: 403, headers: { 'content-type': 'application/json' }, body: '{"message":"No rights"}' },
      'forbidden',
      'It says: No rights.',
    ],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example' } }, 'bad_response', 'redirected'],
    [
      '400',
      { status: 400, headers: { 'content-type': 'application/json' }, body: '{"message":"bad filter"}' },
      'bad_response',
      'bad filter',
    ],
  ] as const;
  it.each(answers)('reports %s for what it is', async (_name, reply, kind, message) => {
    const rig = await startOrion({ interfere: (seen) => (seen.path.endsWith('/Assets') ? reply : undefined) });
    const error = await failureOf(pull(rig));
    expect([error.kind, error.message, error.correlationId]).toEqual([kind, expect.stringContaining(message), 'oas-1']);
  });

  it('goes on after a passing failure in the middle', async () => {
    let failures = 2;
    const rig = await startOrion({ assets: [asset(1)], interfere: () => (failures-- > 0 ? { status: 500 } : undefined) });
    expect(everything(await pull(rig)).holdings).toHaveLength(1);
  });

  it('stops when the pass is stopped', async () => {
    const rig = await startOrion({ assets: [asset(1), asset(2), asset(3)] }, { pageSize: '1' });
    const reading = (async () => {
      for await (const page of createOrion(rig.ports).pull(rig.context, null)) if (page.holdings.length > 0) rig.stop.abort();
    })();
    expect((await failureOf(reading)).kind).toBe('aborted');
  });
});
