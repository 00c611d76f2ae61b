import { describe, expect, it } from 'vitest';
import { createBlackDiamond } from '../../../main/connectors/black-diamond/connector.ts';
import { batchFileKind } from '../../../main/connectors/black-diamond/file-kind.ts';
import { excerpt } from '../../../main/connectors/excerpt.ts';
import { everything, pullAll, type Rig } from '../doubles/rig.ts';
import { bdAccount, FILES, holding, relationship, startBlackDiamond, type BlackDiamondFirm } from './black-diamond-double.ts';

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

  it('reads when the platform last reconciled an account, where it says so', async () => {
    const { accounts } = await read({
      files: {
        'x.json': JSON.stringify([
          bdAccount('1', [], { LastReconciledDate: '2025-09-26' }),
          bdAccount('2', [], { LastReconciledDate: null }),
          bdAccount('3', [], { LastReconciledDate: 'soon' }),
          bdAccount('4', []),
        ]),
      },
    });
    expect(accounts.map((a) => a.reconciledOn)).toEqual(['2025-09-26', undefined, undefined, undefined]);
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
