import { describe, expect, it } from 'vitest';
import { excerpt } from '../../../main/connectors/excerpt.ts';
import { createOrion } from '../../../main/connectors/orion/connector.ts';
import { pullAll } from '../doubles/rig.ts';
import { asset, startOrion } from './orion-double.ts';

const transaction = (id: number, over: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    id,
    transDate: '2025-06-27T00:00:00',
    settleDate: '2025-06-30T00:00:00',
    transactionDescription: 'Bought Apple Inc',
    type: 'Buy',
    financialType: 'Exchange',
    transAmount: 1525.1,
    noUnits: 10,
    navPrice: 152.51,
    status: 'Complete',
    productId: 911,
    accountId: 7068,
    ...over,
  });

async function read(transactions: string[], settings: Readonly<Record<string, string>> = { transactionDays: '60' }) {
  const rig = await startOrion({ assets: [asset(1)], transactions }, settings);
  const pages = await pullAll(createOrion(rig.ports), rig.context);
  return {
    rig,
    pages,
    transactions: pages.flatMap((page) => page.transactions),
    quarantined: pages.flatMap((page) => page.quarantined),
  };
}
const one = async (over: Readonly<Record<string, unknown>>) => {
  const { transactions, quarantined } = await read([transaction(1, over)]);
  const [t] = transactions;
  return t ? [t.type, t.quantityDelta, t.cashDelta] : quarantined.map((q) => q.reason);
};

describe('Orion: transactions', () => {
  it('reads a purchase as more units and less cash, with its dates, price and place, and no currency of its own', async () => {
    const { transactions, pages } = await read([transaction(60_000_001)]);
    expect(transactions).toEqual([
      {
        externalId: '60000001',
        accountExternalId: '7068',
        securityExternalId: '911',
        type: 'buy',
        tradeDate: '2025-06-27',
        settleDate: '2025-06-30',
        quantityDelta: '10',
        price: '152.51',
        cashDelta: '-1525.1',
        currency: null,
        memo: 'Bought Apple Inc',
        place: '/0',
      },
    ]);
    const page = pages.find((p) => p.transactions.length > 0);
    expect(await excerpt(page?.raw ?? new Uint8Array(), 'application/json', '/0')).toBe(transaction(60_000_001));
  });

  it.each([
    ['a sale, units and amount negative', { type: 'Sell', noUnits: -4, transAmount: -610 }, ['sell', '-4', '610']],
    ['a dividend', { type: 'Cash Dividend', noUnits: 0, transAmount: 12.5 }, ['dividend', '0', '12.5']],
    ['a dividend taken back', { type: 'Cash Dividend', noUnits: 0, transAmount: -12.5 }, ['dividend', '0', '-12.5']],
    ['a fee', { type: 'Management Fee', noUnits: 0, transAmount: -99.01 }, ['fee', '0', '-99.01']],
    ['income that bought units', { type: 'Dividend Reinvest', noUnits: 1.234, transAmount: 50 }, ['reinvest', '1.234', '0']],
    ['units delivered', { type: 'Transfer Out', noUnits: -7, transAmount: -900 }, ['transfer_out', '-7', '0']],
    ['cash transferred in', { type: 'Transfer In', noUnits: 0, transAmount: 900 }, ['contribution', '0', '900']],
    ['a contribution in kind', { type: 'Contribution', noUnits: 3, transAmount: 450 }, ['transfer_in', '3', '0']],
    ['a split', { type: 'Split', noUnits: 30, transAmount: 0 }, ['split', '30', '0']],
    [
      'an own word, by its financial type',
      { type: 'Firm fee 7', financialType: 'MgmntFees', noUnits: 0, transAmount: -5 },
      ['fee', '0', '-5'],
    ],
  ])('%s', async (_what, over, expected) => {
    expect(await one(over)).toEqual(expected);
  });

  it('sets a sale with units that come in aside, because it is not clear which way they went', async () => {
    expect(await one({ type: 'Sell', noUnits: 4, transAmount: 610 })).toEqual([
      'noUnits 4 contradicts the type Sell, so it is not clear which way units went.',
    ]);
  });

  it('keeps a type nobody knows as other, counts nothing of it, and says what was sent', async () => {
    const sent = { type: 'Custodian Sweep', financialType: 'Other', noUnits: 0, transAmount: 120.5 };
    const { transactions, rig } = await read([transaction(1, sent), transaction(2, sent)]);
    expect(transactions.map((t) => [t.type, t.quantityDelta, t.cashDelta])).toEqual([
      ['other', '0', '0'],
      ['other', '0', '0'],
    ]);
    expect(transactions[0]?.memo).toBe(
      'Type “Custodian Sweep” is not mapped: units 0 and amount 120.5 as sent are not counted. Bought Apple Inc',
    );
    expect(rig.logged.join('\n')).toContain('{"types":{"Custodian Sweep":2}}');
    const named = await read([transaction(1, sent)], { transactionDays: '60', transactionTypes: 'custodian sweep = journal' });
    expect(named.transactions.map((t) => [t.type, t.cashDelta])).toEqual([['journal', '120.5']]);
  });

  it('keeps every digit, sets bad records aside, and leaves out what is not complete', async () => {
    const { transactions, quarantined } = await read([
      transaction(1).replace('1525.1', '15251234567890123.4567'),
      transaction(2, { status: 'Pending' }),
      transaction(3, { noUnits: '10' }),
      transaction(4, { transDate: 'yesterday' }),
      transaction(1),
    ]);
    expect(transactions.map((t) => [t.externalId, t.cashDelta])).toEqual([['1', '-15251234567890123.4567']]);
    expect(quarantined.map((q) => [q.externalId, q.path])).toEqual([
      ['3', 'noUnits'],
      ['4', 'transDate'],
      ['1', 'id'],
    ]);
  });

  it('sets aside a transaction of a status that is not documented, and leaves out the documented ones', async () => {
    const left = ['Pending', 'Rejected', 'Reversed', 'Inactive', 'PendingCorpAction', 'FutureAip'];
    const { transactions, quarantined } = await read([
      ...left.map((status, index) => transaction(index + 1, { status })),
      transaction(8, { status: 'Completed' }),
      transaction(9, { status: 'COMPLETE' }),
    ]);
    expect(transactions.map((t) => t.externalId)).toEqual(['9']);
    expect(quarantined.map((q) => [q.externalId, q.path])).toEqual([['8', 'status']]);
  });

  it('sets aside a trade without units or without an amount: null is not zero', async () => {
    const { transactions, quarantined } = await read([
      transaction(1, { noUnits: null }),
      transaction(2, { transAmount: null }),
      transaction(3),
    ]);
    expect(transactions.map((t) => t.externalId)).toEqual(['3']);
    expect(quarantined.map((q) => [q.externalId, q.path])).toEqual([
      ['1', 'noUnits'],
      ['2', 'transAmount'],
    ]);
  });

  it('asks for what was edited within the days of the setting, for all of it, or for none', async () => {
    const asked = async (settings: Readonly<Record<string, string>>) => {
      const { rig, pages } = await read([transaction(1)], settings);
      const seen = rig.double.seen.filter((request) => request.path.endsWith('/Transactions'));
      return [seen[0]?.query.get('editedStartDate'), pages.findLast((page) => page.transactionsFrom)?.transactionsFrom];
    };
    expect(await asked({ transactionDays: '60' })).toEqual(['2025-05-02', '2025-05-02']);
    expect(await asked({ transactionDays: '' })).toEqual(['2025-05-02', '2025-05-02']);
    expect(await asked({ transactionDays: 'all' })).toEqual([null, '1970-01-01']);
    expect(await asked({ transactionDays: '0' })).toEqual([undefined, undefined]);
  });

  it('resumes behind the page that was staged last, with the window it began with', async () => {
    const rig = await startOrion(
      { assets: [asset(1)], transactions: [1, 2, 3].map((id) => transaction(id)) },
      { transactionDays: '60', pageSize: '2' },
    );
    const connector = createOrion(rig.ports);
    const pages = await pullAll(connector, rig.context);
    const whole = pages.flatMap((page) => page.transactions).map((t) => t.externalId);
    expect(whole).toEqual(['1', '2', '3']);
    const at = pages.findIndex((page) => page.transactions.length > 0);
    const later = { ...rig.context, today: '2025-07-09' as never };
    const rest = await pullAll(connector, later, pages[at]?.next ?? null);
    expect(rest.flatMap((page) => page.transactions).map((t) => t.externalId)).toEqual(['3']);
    expect(rest.at(-1)?.transactionsFrom).toBe('2025-05-02');
  });

  it('reads positions all the same where the user may not read transactions, and says so', async () => {
    const rig = await startOrion(
      {
        assets: [asset(1)],
        interfere: (seen) => (seen.path.toLowerCase().endsWith('/transactions') ? { status: 403 } : undefined),
      },
      { transactionDays: '60' },
    );
    const pages = await pullAll(createOrion(rig.ports), rig.context);
    expect(pages.flatMap((page) => page.holdings)).toHaveLength(1);
    expect(pages.at(-1)).toMatchObject({ next: null, transactions: [] });
    // Nothing was listed, so nothing may be taken for gone.
    expect(pages.map((page) => page.transactionsFrom)).not.toContainEqual(expect.any(String));
    expect(pages.flatMap((page) => page.quarantined)).toMatchObject([
      { path: 'transactions', reason: expect.stringMatching(/^Orion does not let this user read transactions/) as string },
    ]);
  });
});
