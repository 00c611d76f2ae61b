import { describe, expect, it } from 'vitest';
import { readOfx } from '../../../main/connectors/custodian-file/read-ofx.ts';
import { toSourcePage } from '../../../main/connectors/custodian-file/source-page.ts';
import {
  APPLE,
  bankTransaction,
  currencyTag,
  described,
  document,
  MICROSOFT,
  position,
  secId,
  statement,
  values,
  written,
  type Node,
} from './ofx-writer.ts';

const pageOf = (...parts: readonly Parameters<typeof statement>[0][]) => {
  const content = written(document(parts.map(statement), [described('STOCKINFO', secId(MICROSOFT), 'Microsoft')]));
  const file = readOfx(content);
  return { file, page: toSourcePage(file, content), content };
};
const lot = (tags: Readonly<Record<string, string | null>>, more: readonly Node[] = []): Node =>
  position('POSSTOCK', secId(APPLE), tags, more);
const idOf = (fitIds: readonly (readonly [string | null, string])[]): string[] =>
  pageOf({ transactions: fitIds.map(([fitId, amount]) => bankTransaction('INT', amount, fitId)) }).page.transactions.map((t) =>
    t.externalId.split('|').slice(1).join('|'),
  );

describe('the page of a file', () => {
  it('carries the bytes, is the last one and names only securities that records name', () => {
    const { page, content } = pageOf({ positions: [lot({})] });
    expect(page.raw).toBe(content);
    expect(page).toMatchObject({ next: null, contentType: 'application/x-ofx', expected: null });
    expect(page.securities.map((s) => s.externalId)).toEqual([`CUSIP:${APPLE}`]);
  });

  it('is the same when the same file is read again', () => {
    const parts = { positions: [lot({})], transactions: [bankTransaction('INT', '1', null)], cash: values({ AVAILCASH: '1' }) };
    expect(pageOf(parts).page).toEqual(pageOf(parts).page);
  });

  it('keeps ids apart that would join to the same text', () => {
    const ids = ['a|b', 'a'].map(
      (account) => pageOf({ account, broker: account === 'a' ? 'x|b' : 'x', positions: [lot({})] }).page.holdings[0]?.externalId,
    );
    expect(ids).toEqual([`x:a%7Cb|CUSIP:${APPLE}|LONG`, `x%7Cb:a|CUSIP:${APPLE}|LONG`]);
  });
});

describe('holdings from rows', () => {
  it('adds up lots and sub-accounts of one security, and names every line', () => {
    const { page, file } = pageOf({
      positions: [lot({ UNITS: '10', MKTVAL: '50' }), lot({ UNITS: '2.5', MKTVAL: '12.50', HELDINACCT: 'MARGIN' })],
    });
    // 10 + 2.5 = 12.5 units at 5; 50 + 12.50 = 62.50
    expect(page.holdings).toMatchObject([
      {
        quantity: '12.5',
        price: '5',
        marketValue: '62.5',
        costBasis: null,
        place: expect.stringMatching(/^line \d+; line \d+$/),
      },
    ]);
    expect(file.statements[0]?.warnings.join()).toContain('several rows of one security are added up to one holding');
  });

  it('has no price where the lots differ, and no value where one lot has none', () => {
    const { page, file } = pageOf({ positions: [lot({ UNITPRICE: '5' }), lot({ UNITPRICE: '6', MKTVAL: null })] });
    expect(page.holdings).toMatchObject([{ quantity: '20', price: null, marketValue: null }]);
    expect(file.statements[0]?.warnings.join()).toContain(`CUSIP:${APPLE} (5, 6)`);
  });

  it('keeps long and short apart, and currencies apart', () => {
    const { page } = pageOf({ positions: [lot({}), lot({ POSTYPE: 'SHORT' }), lot({}, [currencyTag('EUR', '1.1')])] });
    expect(page.holdings.map((h) => [h.externalId.split('|').slice(2).join('|'), h.quantity, h.currency])).toEqual([
      ['LONG', '10', 'USD'],
      ['SHORT', '-10', 'USD'],
      ['LONG|EUR', '10', 'EUR'],
    ]);
  });

  it('sets a holding aside when one of its lots was rejected, since the rest would be too small', () => {
    const { page } = pageOf({ positions: [lot({}), lot({ UNITS: 'ten' }), position('POSSTOCK', secId(MICROSOFT), {})] });
    expect(page.holdings.map((h) => h.securityExternalId)).toEqual([`CUSIP:${MICROSOFT}`]);
    expect(page.quarantined.map((q) => [q.externalId, q.path])).toEqual([
      [`larch.example:1001|CUSIP:${APPLE}|LONG`, 'POSSTOCK/UNITS'],
      [`larch.example:1001|CUSIP:${APPLE}|LONG`, 'INVPOSLIST'],
    ]);
    expect(page.quarantined[1]?.reason).toMatch(
      /^The holding of line \d+ was not taken: line \d+ belongs to the same holding and was rejected/,
    );
  });

  it('does so as well when the side of the rejected lot is not clear', () => {
    expect(pageOf({ positions: [lot({}), lot({ POSTYPE: null })] }).page.holdings).toEqual([]);
  });

  it('makes cash one holding per currency at price 1', () => {
    const { page } = pageOf({ cash: values({ AVAILCASH: '-12.34' }) });
    expect(page.holdings).toMatchObject([
      {
        externalId: 'larch.example:1001|cash:USD',
        securityExternalId: 'cash:USD',
        quantity: '-12.34',
        price: '1',
        marketValue: '-12.34',
      },
    ]);
    expect(page.securities).toMatchObject([
      { externalId: 'cash:USD', name: 'Cash (USD)', type: 'cash', multiplier: '1', currency: 'USD' },
    ]);
  });
});

describe('several statements in one file', () => {
  it('takes the holdings of the newest statement of an account and sets the older ones aside', () => {
    const { page } = pageOf(
      { asOf: '20231231', positions: [lot({ UNITS: '7', MKTVAL: '35' })] },
      { asOf: '20240131', positions: [lot({})] },
    );
    expect(page.accounts).toHaveLength(1);
    expect(page.holdings).toMatchObject([{ quantity: '10', asOf: '2024-01-31' }]);
    expect(page.quarantined).toMatchObject([
      { reason: expect.stringContaining('newer statement of the same account (2024-01-31)') },
    ]);
  });

  it('does not add up two statements of the same account and day', () => {
    const { page } = pageOf({ positions: [lot({})] }, { positions: [lot({})] });
    expect(page.holdings).toMatchObject([{ quantity: '10' }]);
    expect(page.quarantined).toMatchObject([
      { reason: expect.stringContaining('another statement of the same account and date') },
    ]);
  });

  it('keeps accounts apart', () => {
    const { page } = pageOf({ account: '1', positions: [lot({})] }, { account: '2', positions: [lot({})] });
    expect(page.accounts.map((a) => a.externalId)).toEqual(['larch.example:1', 'larch.example:2']);
    expect(page.holdings).toHaveLength(2);
  });

  it('counts a transaction of overlapping statements once, and a true repeat as often as one statement has it', () => {
    const twice = [bankTransaction('INT', '1', 'A'), bankTransaction('INT', '1', 'A')];
    const { page } = pageOf(
      { asOf: '20231231', transactions: twice },
      { transactions: [bankTransaction('INT', '1', 'A'), bankTransaction('INT', '2', 'B')] },
    );
    expect(page.transactions.map((t) => [t.externalId.split('|').slice(1).join('|'), t.cashDelta])).toEqual([
      ['A', '1'],
      ['A|2', '1'],
      ['B', '2'],
    ]);
  });
});

describe('ids of transactions', () => {
  it('are account and FITID', () => {
    expect(
      idOf([
        ['X1', '1'],
        ['X2', '2'],
      ]),
    ).toEqual(['X1', 'X2']);
  });

  it('number true repeats, so that a second reading finds as many', () => {
    expect(
      idOf([
        ['X1', '1'],
        ['X1', '1'],
        ['X1', '1'],
      ]),
    ).toEqual(['X1', 'X1|2', 'X1|3']);
  });

  it('tell different rows of one FITID apart by their content, in whatever order they stand', () => {
    const one = idOf([
      ['X1', '1'],
      ['X1', '2'],
    ]);
    expect(one).toEqual([expect.stringMatching(/^X1\|~[0-9a-f]{16}$/), expect.stringMatching(/^X1\|~[0-9a-f]{16}$/)]);
    expect(new Set(one).size).toBe(2);
    expect(
      idOf([
        ['X1', '2'],
        ['X1', '1'],
      ]),
    ).toEqual([...one].toReversed());
  });

  it('tell rows apart that differ in their memo only', () => {
    const { page } = pageOf({
      transactions: [
        bankTransaction('FEE', '-1', 'A', [['NAME', 'Wire fee']]),
        bankTransaction('FEE', '-1', 'A', [['NAME', 'Tax']]),
      ],
    });
    expect(page.transactions.map((t) => t.externalId)).toEqual([
      expect.stringContaining('|A|~'),
      expect.stringContaining('|A|~'),
    ]);
    expect(new Set(page.transactions.map((t) => t.externalId)).size).toBe(2);
  });

  it('flag both', () => {
    const { file } = pageOf({
      transactions: [bankTransaction('INT', '1', 'A'), bankTransaction('INT', '2', 'A'), bankTransaction('INT', '2', 'A')],
    });
    const warnings = file.statements[0]?.warnings.join('\n');
    expect(warnings).toContain('and 2 more: Different rows share one FITID');
    expect(warnings).toContain('The same row stands more than once in the statement; each is kept.');
  });

  it('are made of the content where there is no FITID, and cannot be forged by one', () => {
    const [none] = idOf([[null, '1']]);
    expect(none).toMatch(/^\|~[0-9a-f]{16}$/);
    expect(idOf([[none ?? '', '1']])[0]).not.toBe(none);
    expect(
      idOf([
        ['X1|2', '1'],
        ['X1', '1'],
        ['X1', '1'],
      ]),
    ).toEqual(['X1%7C2', 'X1', 'X1|2']);
  });

  it('stay when the custodian corrects the row', () => {
    expect(idOf([['X1', '1']])).toEqual(idOf([['X1', '1.10']]));
  });
});
