import { describe, expect, it } from 'vitest';
import { createBlackDiamond } from '../../../main/connectors/black-diamond/connector.ts';
import { batchFileKind } from '../../../main/connectors/black-diamond/file-kind.ts';
import { excerpt } from '../../../main/connectors/excerpt.ts';
import { everything, failureOf, pullAll, type Rig } from '../doubles/rig.ts';
import { zipOf } from '../doubles/zip-of.ts';
import {
  bdAccount,
  FILES,
  holding,
  LOGIN,
  relationship,
  startBlackDiamond,
  type BlackDiamondFirm,
} from './black-diamond-double.ts';

const pull = (rig: Rig, cursor: string | null = null) => pullAll(createBlackDiamond(rig.ports), rig.context, cursor);
const read = async (firm: Partial<BlackDiamondFirm>, settings = {}) => {
  const rig = await startBlackDiamond(firm, settings);
  return { rig, ...everything(await pull(rig)) };
};
const withHoldings = (...holdings: readonly object[]) =>
  read({ files: { 'x.json': JSON.stringify([bdAccount('5700001', holdings)]) } });

describe('Black Diamond: a pass', () => {
  it('reads accounts with their relationship, securities and positions in canonical form', async () => {
    const { accounts, securities, holdings, quarantined } = await read({});
    expect({ accounts, securities, holdings, quarantined }).toEqual({
      accounts: [
        {
          externalId: '5700001',
          name: 'Trust 5700001',
          number: '0012-345678',
          custodian: 'Example Clearing',
          currency: 'USD',
          household: { externalId: '900', name: 'Rivers' },
        },
      ],
      securities: [
        {
          externalId: '101',
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
          externalId: '1',
          accountExternalId: '5700001',
          securityExternalId: '101',
          quantity: '50',
          price: '250',
          marketValue: '12500',
          costBasis: null,
          currency: null,
          asOf: '2025-09-30',
          modifiedAt: null,
          place: 'part-b.json#/0/Holdings/0',
        },
      ],
      quarantined: [],
    });
  });

  it('asks for accounts with holdings and relationships of the last business day, and polls until the archive is there', async () => {
    const rig = await startBlackDiamond({ pollsUntilReady: 3 });
    await pull(rig);
    expect(rig.submitted).toEqual([
      {
        returnDate: '2025-06-30',
        batchFiles: ['Accounts', 'Relationships'],
        includeHoldings: true,
        includeTransactions: false,
        SendToFTP: false,
      },
    ]);
    expect(rig.slept).toEqual([1000, 1500, 2250]);
    const dated = await startBlackDiamond({}, { asOf: '2025-03-31', dateFormat: 'MM-DD-YYYY' });
    await pull(dated);
    expect(dated.submitted[0]?.['returnDate']).toBe('03-31-2025');
  });

  it('leads every position back to its bytes in the archive, all pages sharing one archive by identity', async () => {
    const rig = await startBlackDiamond(
      {
        files: {
          'a.json': JSON.stringify([
            bdAccount('1', [holding(1, { AccountId: '1' })]),
            bdAccount('2', [holding(2, { AccountId: '2' })]),
          ]),
        },
      },
      { pageSize: '1' },
    );
    const pages = await pull(rig);
    expect(pages.map((page) => [page.holdings.length, page.next === null])).toEqual([
      [1, false],
      [1, true],
    ]);
    expect(new Set(pages.map((page) => page.raw)).size).toBe(1);
    for (const page of pages) {
      const [held] = page.holdings;
      expect(JSON.parse((await excerpt(page.raw, page.contentType, held?.place ?? '')) ?? '')).toMatchObject({
        Id: held?.externalId,
      });
    }
  });

  it('tells files by content, whatever their names and order, and ignores kinds it did not ask for', async () => {
    const { accounts, rig } = await read({
      files: {
        'Relationships_1.json': FILES['part-b.json'],
        'zzz.txt': FILES['part-a.json'],
        'Accounts_9.json': '[{"PortfolioId":1,"Name":"P"}]',
        'empty.json': ' [ ]',
      },
    });
    expect(accounts.map((a) => a.household?.name)).toEqual(['Rivers']);
    expect(rig.logged.join()).toContain('Accounts_9.json');
  });

  it('tells a file by its beginning even when the first record is longer than what is looked at', () => {
    const text = JSON.stringify([
      bdAccount(
        '1',
        Array.from({ length: 500 }, (_, i) => holding(i)),
      ),
    ]);
    for (const length of [60, 200, 5000, text.length])
      expect([length, batchFileKind(text.slice(0, length))]).toEqual([length, 'accounts']);
    expect(batchFileKind(JSON.stringify([relationship('1', 'R', [])]))).toBe('relationships');
    for (const other of ['', '[', '[]', '[1]', '{"Id":', 'PK', '[{"Id":1,"Name":"x"}]'])
      expect(batchFileKind(other)).toBe('other');
  });

  it('maps member names of any case, down to the place of the bytes', async () => {
    const lower = (value: object): object => Object.fromEntries(Object.entries(value).map(([key, v]) => [key.toLowerCase(), v]));
    const { AssetId: _a, ...rest } = holding(1);
    const spelled = { ...rest, AssetID: 101 };
    const files = {
      'a.json': JSON.stringify([{ ...lower(bdAccount('5700001', null)), holdings: [lower(spelled), spelled] }]),
      'r.json': JSON.stringify([
        { relationship: { id: '900', name: 'Rivers' }, referencedentities: { accounts: [{ externalid: '5700001' }] } },
      ]),
    };
    const rig = await startBlackDiamond({ files: { ...files, 'a.json': files['a.json'].replace('"Id":"1"', '"Id":"2"') } });
    const pages = await pull(rig);
    const { accounts, holdings, quarantined } = everything(pages);
    expect([accounts[0]?.household?.name, holdings.map((h) => [h.externalId, h.securityExternalId]), quarantined]).toEqual([
      'Rivers',
      [
        ['1', '101'],
        ['2', '101'],
      ],
      [],
    ]);
    expect(holdings[0]?.place).toBe('a.json#/0/holdings/0');
    expect(await excerpt(pages[0]?.raw ?? new Uint8Array(), 'application/zip', 'a.json#/0/holdings/1')).toContain(
      '"AssetID":101',
    );
  });

  it('gives a magnitude MarketValue the sign of the units, and refuses one that contradicts it', async () => {
    const { holdings, quarantined } = await withHoldings(
      holding(1, { Units: -50 }),
      holding(2, { Units: -50, MarketValue: -12500 }),
      holding(3),
      holding(4, { MarketValue: -12500 }),
    );
    expect(holdings.map((h) => [h.quantity, h.marketValue])).toEqual([
      ['-50', '-12500'],
      ['-50', '-12500'],
      ['50', '12500'],
    ]);
    expect(quarantined).toMatchObject([
      { externalId: '4', path: 'MarketValue', reason: 'MarketValue contradicts the sign of the quantity.' },
    ]);
  });

  it('holds rows with Cash = true as cash at price 1 without identifiers', async () => {
    const { holdings, securities } = await withHoldings(
      holding(2, {
        AssetId: 1,
        AssetName: 'Cash',
        DisplayCusip: null,
        Ticker: 'CASH',
        Units: 50.5,
        Price: 1,
        MarketValue: 50.5,
        Cash: true,
      }),
    );
    expect(securities[0]).toMatchObject({ externalId: '1', type: 'cash', ticker: null, cusip: null });
    expect(holdings[0]).toMatchObject({ quantity: '50.5', price: '1', marketValue: '50.5' });
  });

  it('reads issue types by its table, then by the connection’s own, and counts the rest as other, once noted', async () => {
    const rows = ['Corporate Bond', 'ETF', 'Municipal', 'Option', null].map((IssueType, i) =>
      holding(i + 1, { IssueType, AssetId: 200 + i }),
    );
    const plain = await withHoldings(...rows, holding(9, { IssueType: 'Municipal', AssetId: 300 }));
    expect(plain.securities.map((s) => s.type)).toEqual(['bond', 'etf', 'other', 'option', 'other', 'other']);
    expect(plain.rig.logged.filter((line) => line.includes('municipal'))).toHaveLength(1);
    const own = await read(
      { files: { 'x.json': JSON.stringify([bdAccount('5700001', rows)]) } },
      { issueTypes: 'Municipal = bond, Nonsense=planet' },
    );
    expect(own.securities.map((s) => [s.type, s.multiplier])).toEqual([
      ['bond', '0.01'],
      ['etf', '1'],
      ['bond', '0.01'],
      ['option', '100'],
      ['other', '1'],
    ]);
  });

  it('keeps every digit, in plain and exponent form', async () => {
    const text = JSON.stringify([bdAccount('5700001', [holding(1)])])
      .replace('"Units":50', '"Units":0.123456789012345678')
      .replace('"MarketValue":12500', '"MarketValue":1.25E4');
    const { holdings } = await read({ files: { 'x.json': text } });
    expect(holdings[0]).toMatchObject({ quantity: '0.123456789012345678', marketValue: '12500' });
  });

  it('names no household for an account of several relationships', async () => {
    const { accounts } = await read({
      files: {
        'a.json': JSON.stringify([bdAccount('1', []), bdAccount('2', [])]),
        'r.json': JSON.stringify([
          relationship('900', 'Rivers', ['1', '2']),
          relationship('901', 'Lakes', ['1']),
          { Relationship: { ID: null } },
        ]),
      },
    });
    expect(accounts.map((a) => a.household)).toEqual([null, { externalId: '900', name: 'Rivers' }]);
  });

  it('loses nothing in a firm of several files, pages and thousands of holdings', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 3 }, (_, file) => [
        `${file}.json`,
        JSON.stringify(
          Array.from({ length: 250 }, (__, i) => {
            const id = `${file}-${i}`;
            return bdAccount(
              id,
              Array.from({ length: 30 }, (___, h) => holding(file * 100_000 + i * 100 + h, { AccountId: id })),
            );
          }),
        ),
      ]),
    );
    const rig = await startBlackDiamond({ files });
    const pages = await pull(rig);
    // 3 files x 250 accounts x 30 = 22,500; a file of 7,500 makes a page of 4,980 (166 accounts) and one of 2,520.
    expect(pages.map((page) => page.holdings.length)).toEqual([4980, 2520, 4980, 2520, 4980, 2520]);
    expect(new Set(everything(pages).holdings.map((h) => h.externalId)).size).toBe(22_500);
    expect(everything(pages).accounts).toHaveLength(750);
  });
});

describe('Black Diamond: bad records', () => {
  it.each([
    ['a number sent as text', { Units: '50' }, 'Units', 'Units should be a number but is text.'],
    ['null units', { Units: null }, 'Units', 'Units is null.'],
    ['a missing member', { Cash: undefined }, 'Cash', 'Cash is missing.'],
    ['a date of another form', { AsOfDate: '09/30/2025' }, 'AsOfDate', 'AsOfDate is not a date.'],
    [
      'another account’s holding',
      { AccountId: '1' },
      'AccountId',
      'AccountId names another account than the one the holding stands under.',
    ],
  ])('sets aside %s with its bytes and goes on', async (_name, over, path, reason) => {
    const { holdings, quarantined } = await withHoldings(holding(1, over), holding(2));
    expect(holdings.map((h) => h.externalId)).toEqual(['2']);
    expect(quarantined).toEqual([{ externalId: '1', path, reason, raw: JSON.stringify(holding(1, over)) }]);
  });

  it('tolerates null for optional members', async () => {
    const { holdings, quarantined } = await withHoldings(
      holding(1, { Price: null, MarketValue: null, Ticker: null, DisplayCusip: null, AssetName: null, IssueType: null }),
    );
    expect([holdings[0]?.price, holdings[0]?.marketValue, quarantined]).toEqual([null, null, []]);
  });

  it('says so when an open account comes without the holdings asked for; a closed one may', async () => {
    const { accounts, quarantined } = await read({
      files: { 'x.json': JSON.stringify([bdAccount('1', null), bdAccount('2', null, { ClosedDate: '2024-01-31' })]) },
    });
    expect([accounts.length, quarantined.map((q) => [q.externalId, q.path])]).toEqual([2, [['1', 'Holdings']]]);
  });

  it('uses the first of two holdings with one id', async () => {
    const { holdings, quarantined } = await withHoldings(holding(1), holding(1, { Units: 7 }));
    expect([holdings.map((h) => h.quantity), quarantined.length]).toEqual([['50'], 1]);
  });

  it('falls back to the long number and the custodial name', async () => {
    const { accounts } = await read({
      files: { 'x.json': JSON.stringify([bdAccount('1', [], { AccountNumber: null, Name: ' ', CustodialAccountName: 'Oak' })]) },
    });
    expect(accounts[0]).toMatchObject({ number: '0012345678', name: 'Oak' });
  });
});

describe('Black Diamond: tokens', () => {
  it('signs in with the secret in the form body, sends bearer token and subscription key, and proves access', async () => {
    const rig = await startBlackDiamond();
    expect(await createBlackDiamond(rig.ports).test(rig.context)).toBe('Signed in; the subscription key is accepted.');
    expect(Object.fromEntries(rig.forms[0] ?? [])).toEqual({
      grant_type: 'password',
      client_id: 'partner',
      client_secret: 's3cret',
      username: 'user',
      password: 'p&ss=word',
    });
    expect(rig.double.seen[0]?.headers['authorization']).toBeUndefined();
    const unknownAccount = await startBlackDiamond({
      interfere: () => ({ status: 404, headers: { 'content-type': 'application/json' }, body: '{"message":"No such account"}' }),
    });
    expect(await createBlackDiamond(unknownAccount.ports).test(unknownAccount.context)).toContain('Signed in');
  });

  it('renews the token ahead of its end during a long job, by refresh token, keeping the batch', async () => {
    const rig = await startBlackDiamond({ life: 60, pollsUntilReady: 8 }, { pollSeconds: '5' });
    expect(everything(await pull(rig)).holdings).toHaveLength(1);
    const grants = rig.forms.map((form) => form.get('grant_type'));
    expect(grants[0]).toBe('password');
    expect(grants.length).toBeGreaterThan(2);
    expect(new Set(grants.slice(1))).toEqual(new Set(['refresh_token']));
    // Each refresh token is used once: the one of the answer before.
    expect(rig.forms.slice(1).map((form) => form.get('refresh_token'))).toEqual(
      grants.slice(1).map((_, i) => `refresh-${i + 1}`),
    );
    expect(rig.submitted).toHaveLength(1);
  });

  it('renews a token the server no longer knows, once, keeping the batch', async () => {
    const rig = await startBlackDiamond({ forgetAfter: 3, pollsUntilReady: 3 });
    expect(everything(await pull(rig)).holdings).toHaveLength(1);
    expect([rig.forms.length, rig.submitted.length]).toEqual([2, 1]);
  });

  it('goes back to the password when the refresh token is refused', async () => {
    const rig = await startBlackDiamond({ forgetAfter: 3, pollsUntilReady: 3, refreshRefused: true });
    expect(everything(await pull(rig)).holdings).toHaveLength(1);
    expect(rig.forms.map((form) => form.get('grant_type'))).toEqual(['password', 'refresh_token', 'password']);
  });

  it('never sends the password where that is switched off', async () => {
    const settings = { allowPasswordGrant: 'no' };
    const rig = await startBlackDiamond({}, settings);
    await pullAll(createBlackDiamond(rig.ports), { ...rig.context, credentials: { ...LOGIN, refreshToken: 'stored-refresh' } });
    expect(rig.forms.every((form) => form.get('grant_type') === 'refresh_token' && !form.has('password'))).toBe(true);
    const refused = await startBlackDiamond({ refreshRefused: true }, settings);
    const error = await failureOf(
      pullAll(createBlackDiamond(refused.ports), {
        ...refused.context,
        credentials: { ...LOGIN, refreshToken: 'stored-refresh' },
      }),
    );
    expect([error.kind, error.message, refused.forms.length]).toEqual([
      'unauthorised',
      expect.stringContaining('refused the refresh token'),
      1,
    ]);
    const none = await startBlackDiamond({}, settings);
    expect([(await failureOf(pull(none))).message, none.double.seen.length]).toEqual([
      expect.stringContaining('there is no refresh token'),
      0,
    ]);
  });

  it('tells a refused user, a refused partner and a refused subscription key apart, without repeating or showing them', async () => {
    const cases = [
      [{ password: 'hidden-guess' }, 'refused the user name and password (The user is locked)'],
      [{ clientSecret: 'hidden-guess' }, 'refused the client id and secret'],
      [{ subscriptionKey: 'hidden-guess' }, 'refused the subscription key'],
    ] as const;
    for (const [wrong, message] of cases) {
      const rig = await startBlackDiamond();
      const error = await failureOf(createBlackDiamond(rig.ports).test({ ...rig.context, credentials: { ...LOGIN, ...wrong } }));
      expect([error.kind, error.message]).toEqual(['unauthorised', expect.stringContaining(message)]);
      expect(JSON.stringify([error.message, rig.logged])).not.toContain('hidden-guess');
      expect(rig.forms).toHaveLength(1);
    }
  });

  it('does not take a failing token server for refused credentials', async () => {
    const rig = await startBlackDiamond();
    const http = { send: async () => ({ status: 503, headers: {}, body: new Uint8Array() }) };
    const error = await failureOf(createBlackDiamond(rig.ports).test({ ...rig.context, http }));
    expect(error.kind).toBe('unavailable');
  });
});

describe('Black Diamond: the batch', () => {
  it.each([[{ id: 'b-1' }], [{ ID: 'b-1', status: 'Queued' }], [{ BatchId: 'b-1' }], ['b-1']])(
    'reads the batch id from %j',
    async (submitAnswer) => {
      expect((await read({ submitAnswer })).holdings).toHaveLength(1);
    },
  );

  const two = {
    'a.json': JSON.stringify([
      bdAccount('1', [holding(1, { AccountId: '1' })]),
      bdAccount('2', [holding(2, { AccountId: '2' })]),
    ]),
    'b.json': JSON.stringify([bdAccount('3', [holding(3, { AccountId: '3' })])]),
  };

  it('resumes after any page from the same batch with what was not staged', async () => {
    const rig = await startBlackDiamond({ files: two }, { pageSize: '1' });
    const pages = await pull(rig);
    const whole = everything(pages);
    for (const [index, page] of pages.entries()) {
      if (page.next === null) continue;
      const staged = everything(pages.slice(0, index + 1));
      const rest = everything(await pull(rig, page.next));
      expect([...staged.holdings, ...rest.holdings]).toEqual(whole.holdings);
      expect([...staged.accounts, ...rest.accounts]).toEqual(whole.accounts);
    }
    expect(rig.submitted).toHaveLength(1);
  });

  it('asks for a new pass when the batch is gone, or was made anew with other files', async () => {
    const rig = await startBlackDiamond({ files: two }, { pageSize: '1' });
    const cursor = (await pull(rig))[0]?.next ?? null;
    rig.firm.files = { 'other.json': two['b.json'] };
    expect((await failureOf(pull(rig, cursor))).kind).toBe('cursor_expired');
    rig.firm.batchGone = true;
    expect((await failureOf(pull(rig, cursor))).kind).toBe('cursor_expired');
  });

  it('reports a failed job with the platform’s correlation id', async () => {
    const rig = await startBlackDiamond({
      interfere: (seen) =>
        seen.path.startsWith('/batch/')
          ? {
              status: 500,
              headers: { 'content-type': 'application/json' },
              body: '{"message":"Job failed","code":500,"correlationID":"corr-7"}',
            }
          : undefined,
    });
    const error = await failureOf(pull(rig));
    expect([error.kind, error.correlationId, error.message]).toEqual([
      'unavailable',
      'corr-7',
      expect.stringContaining('It says: Job failed.'),
    ]);
  });

  it('gives up on a batch that is never ready after four hours', async () => {
    const rig = await startBlackDiamond({ pollsUntilReady: 1_000_000 });
    const error = await failureOf(pull(rig));
    expect([error.kind, error.message]).toEqual(['unavailable', expect.stringContaining('within 4 hours')]);
    expect(rig.double.seen.length).toBeLessThan(400);
  });

  const whole = zipOf(FILES);
  const archives: readonly [string, () => Promise<Uint8Array>, string][] = [
    ['a truncated archive', async () => (await whole).subarray(0, -30), 'damaged or was cut off'],
    ['an archive cut inside a file', async () => (await whole).subarray(0, 80), 'damaged or was cut off'],
    ['a bomb', async () => zipOf({ 'x.json': Buffer.alloc(3_000_000, '[') }), 'packed more tightly than real data can be'],
    ['an archive without accounts', async () => zipOf({ 'r.json': FILES['part-a.json'] }), 'holds no account file'],
    [
      'a file that is not JSON',
      async () => zipOf({ 'x.json': `${FILES['part-b.json']}]` }),
      'x.json of Black Diamond’s batch cannot be read as JSON',
    ],
    ['a web page with status 200', async () => new TextEncoder().encode('<html>Sign in</html>'), 'web page instead of data'],
    [
      'JSON where the archive should be',
      async () => new TextEncoder().encode('{"message":"Not yet"}'),
      'where a ZIP archive is documented. It says: Not yet.',
    ],
  ];
  it.each(archives)('refuses %s as a whole, staging nothing of it', async (_name, archive, message) => {
    const rig = await startBlackDiamond({ archive: await archive() });
    const pages: unknown[] = [];
    const reading = (async () => {
      for await (const page of createBlackDiamond(rig.ports).pull(rig.context, null)) pages.push(page);
    })();
    const error = await failureOf(reading);
    expect([error.kind, error.message, pages.length]).toEqual(['bad_response', expect.stringContaining(message), 0]);
  });

  it('accepts a user who sees no accounts', async () => {
    const rig = await startBlackDiamond({ files: { 'a.json': '[]' } });
    expect((await pull(rig)).map((page) => [page.accounts.length, page.next])).toEqual([[0, null]]);
  });
});
