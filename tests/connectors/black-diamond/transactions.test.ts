import { describe, expect, it } from 'vitest';
import { createBlackDiamond } from '../../../main/connectors/black-diamond/connector.ts';
import { excerpt } from '../../../main/connectors/excerpt.ts';
import { pullAll } from '../doubles/rig.ts';
import { bdAccount, holding, startBlackDiamond } from './black-diamond-double.ts';

const transaction = (id: string, over: Readonly<Record<string, unknown>> = {}) => ({
  TransactionID: id,
  AssetID: 101,
  AccountId: '5700001',
  Action: 'Buy',
  TransactionType: 'Trade',
  Description: 'Purchase Apple',
  Units: 10,
  Price: 250,
  MarketValue: 2500,
  TradeDate: '2025-06-27',
  SettleDate: '2025-06-30',
  ExternalFlowAffect: 'NotExternalFlow',
  ...over,
});

async function read(
  transactions: readonly object[] | null,
  settings: Readonly<Record<string, string>> = { transactionDays: '60' },
) {
  const files = { 'a.json': JSON.stringify([bdAccount('5700001', [holding(1)], { Transactions: transactions })]) };
  const rig = await startBlackDiamond({ files }, settings);
  const pages = await pullAll(createBlackDiamond(rig.ports), rig.context);
  return {
    rig,
    pages,
    transactions: pages.flatMap((page) => page.transactions),
    quarantined: pages.flatMap((page) => page.quarantined),
  };
}

describe('Black Diamond: transactions', () => {
  it('reads a purchase of the batch with its signs and its place in the archive', async () => {
    const { transactions, pages, rig } = await read([transaction('95')]);
    expect(transactions).toEqual([
      {
        externalId: '95',
        accountExternalId: '5700001',
        securityExternalId: '101',
        type: 'buy',
        tradeDate: '2025-06-27',
        settleDate: '2025-06-30',
        quantityDelta: '10',
        cashDelta: '-2500',
        price: '250',
        currency: null,
        memo: 'Purchase Apple',
        place: 'a.json#/0/Transactions/0',
      },
    ]);
    const page = pages[0];
    expect(await excerpt(page?.raw ?? new Uint8Array(), 'application/zip', 'a.json#/0/Transactions/0')).toBe(
      JSON.stringify(transaction('95')),
    );
    // The last business day before 1 July 2025 is 30 June; the batch surely covers six days behind it.
    expect([rig.submitted[0]?.['includeTransactions'], page?.transactionsFrom]).toEqual([true, '2025-06-24']);
  });

  it.each([
    ['a sale, which comes as a magnitude', { Action: 'Sell' }, ['sell', '-10', '2500']],
    ['a withdrawal', { Action: 'Withdrawal', Units: 0, MarketValue: 80 }, ['withdrawal', '0', '-80']],
    ['a withdrawal sent negative', { Action: 'Withdrawal', Units: 0, MarketValue: -80 }, ['withdrawal', '0', '-80']],
    ['units received', { Action: 'Receive' }, ['transfer_in', '10', '0']],
    ['an unknown word with a flow', { Action: 'Wire', Units: 0, ExternalFlowAffect: 'Withdrawal' }, ['withdrawal', '0', '-2500']],
    ['an unknown word without', { Action: 'Sweep Adjust' }, ['other', '0', '0']],
    ['names in another case', { Action: 'Fee', units: 3, Units: 0, MarketValue: 5 }, ['fee', '0', '-5']],
  ])('%s', async (_what, over, expected) => {
    const [t] = (await read([transaction('1', over)])).transactions;
    expect([t?.type, t?.quantityDelta, t?.cashDelta]).toEqual(expected);
  });

  it('says so when an open account comes without the transactions asked for', async () => {
    const { quarantined } = await read(null);
    expect(quarantined.map((q) => [q.externalId, q.path, q.reason])).toEqual([
      ['5700001', 'Transactions', 'Transactions is missing although it was asked for and the account is open.'],
    ]);
    expect((await read(null, { transactionDays: '0' })).quarantined).toEqual([]);
  });

  it('sets bad records aside and does not ask for any when none are wanted', async () => {
    const { transactions, quarantined } = await read([
      transaction('1', { Units: '10' }),
      transaction('2', { TradeDate: null }),
      transaction('3', { AccountId: '999' }),
      transaction('4'),
      transaction('4'),
    ]);
    expect(transactions.map((t) => t.externalId)).toEqual(['4']);
    expect(quarantined.map((q) => [q.externalId, q.path])).toEqual([
      ['1', 'Units'],
      ['2', 'TradeDate'],
      ['3', 'AccountId'],
      ['4', 'TransactionID'],
    ]);
    for (const settings of [
      { transactionDays: '0' },
      { streams: 'tax_lots', transactionDays: '60' },
      { streams: 'none', transactionDays: '60' },
    ]) {
      const none = await read([], settings);
      expect([none.rig.submitted[0]?.['includeTransactions'], none.pages[0]?.transactionsFrom]).toEqual([false, undefined]);
    }
    const chosen = await read([], { streams: 'tax_lots, transactions', transactionDays: '60' });
    expect([chosen.rig.submitted[0]?.['includeTransactions'], chosen.pages[0]?.transactionsFrom === undefined]).toEqual([
      true,
      false,
    ]);
  });
});
