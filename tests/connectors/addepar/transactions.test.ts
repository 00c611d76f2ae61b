import { describe, expect, it } from 'vitest';
import { createAddepar } from '../../../main/connectors/addepar/connector.ts';
import { json } from '../doubles/http-double.ts';
import { pullAll } from '../doubles/rig.ts';
import { startAddepar } from './addepar-double.ts';

const row = (id: string | null, over: Readonly<Record<string, unknown>> = {}) => ({
  ...(id === null ? {} : { id }),
  type: 'transaction_query',
  attributes: {
    trade_date: '2025-06-27',
    settlement_date: '2025-06-30',
    type: 'buy',
    direct_owner: { name: 'Rivers IRA', entity_id: 10 },
    security: { name: 'Apple', entity_id: 200 },
    currency: 'USD',
    units: 10,
    price_per_share: 152.51,
    value: 1525.1,
    description: 'Bought',
    comments: null,
    ...over,
  },
});

async function read(rows: readonly object[], settings: Readonly<Record<string, string>> = {}) {
  const asked: Record<string, unknown>[] = [];
  const rig = await startAddepar(
    {
      interfere: (seen) => {
        if (seen.path !== '/api/v1/transactions/query') return undefined;
        asked.push((JSON.parse(seen.body) as { data: { attributes: Record<string, unknown> } }).data.attributes);
        return json({ meta: { columns: [] }, data: rows, included: [], links: { next: null } });
      },
    },
    { transactionDays: '60', ...settings },
  );
  const connector = createAddepar(rig.ports);
  const pages = await pullAll(connector, rig.context);
  return {
    asked,
    pages,
    again: (cursor: string | null) => pullAll(connector, rig.context, cursor),
    transactions: pages.flatMap((page) => page.transactions),
    quarantined: pages.flatMap((page) => page.quarantined),
  };
}

describe('Addepar: transactions', () => {
  it('reads a purchase with its signs, which the platform does not send', async () => {
    const { transactions, asked, pages } = await read([row('30000001')]);
    expect(transactions).toEqual([
      {
        externalId: '30000001',
        accountExternalId: '10',
        securityExternalId: '200',
        type: 'buy',
        tradeDate: '2025-06-27',
        settleDate: '2025-06-30',
        quantityDelta: '10',
        cashDelta: '-1525.1',
        price: '152.51',
        currency: 'USD',
        memo: 'Bought',
        place: '/data/0',
      },
    ]);
    // 1 July less 60 days.
    expect([asked[0]?.['start_date'], asked[0]?.['end_date'], pages.at(-1)?.transactionsFrom]).toEqual([
      '2025-05-02',
      '2025-07-01',
      '2025-05-02',
    ]);
  });

  it.each([
    ['a sale', { type: 'sell', units: 4, value: 610 }, ['sell', '-4', '610']],
    ['a dividend', { type: 'cash_dividend', units: null, value: 12.5 }, ['dividend', '0', '12.5']],
    ['tax', { type: 'tax_withholding', units: null, value: 3 }, ['tax_withheld', '0', '-3']],
    ['units received', { type: 'transfer_in', units: 5, value: 700 }, ['transfer_in', '5', '0']],
    ['a split', { type: 'stock_split', units: 30, value: 0 }, ['split', '30', '0']],
    ['a type too wide to say what it is', { type: 'corporate_action', units: 1, value: 2 }, ['other', '0', '0']],
  ])('%s', async (_what, over, expected) => {
    const [t] = (await read([row('1', over)])).transactions;
    expect([t?.type, t?.quantityDelta, t?.cashDelta]).toEqual(expected);
  });

  it('reads an account fee of the account that it names as owned', async () => {
    const fee = {
      type: 'account_fee_advisor',
      direct_owner: null,
      security: { name: 'Rivers IRA', entity_id: 10 },
      units: null,
      value: 99,
    };
    const [t] = (await read([row('1', fee)])).transactions;
    expect([t?.type, t?.accountExternalId, t?.securityExternalId, t?.cashDelta]).toEqual(['fee', '10', null, '-99']);
  });

  it('names rows without id by what they say, two equal ones apart, the same in every pass', async () => {
    const rows = [row(null), row(null), row('7')];
    const ids = async () => (await read(rows)).transactions.map((t) => t.externalId);
    expect(await ids()).toEqual(['row:10:200:2025-06-27:buy:10:1525.1', 'row:10:200:2025-06-27:buy:10:1525.1#2', '7']);
    expect(await ids()).toEqual(await ids());
  });

  it('sets rows aside that name no account or no date', async () => {
    const { transactions, quarantined } = await read([row('1', { direct_owner: null }), row('2', { trade_date: 'soon' })]);
    expect(transactions).toEqual([]);
    expect(quarantined.map((q) => [q.externalId, q.path])).toEqual([
      ['1', 'direct_owner'],
      ['2', 'trade_date'],
    ]);
  });

  it('hands the whole window out again when a pass is resumed in the middle of it', async () => {
    const { pages, again } = await read(
      ['1', '2', '3'].map((id) => row(id)),
      { pageSize: '2' },
    );
    const at = pages.findIndex((page) => page.transactions.length > 0);
    expect(pages.slice(at).map((page) => page.transactions.length)).toEqual([2, 1]);
    const rest = await again(pages[at]?.next ?? null);
    expect(rest.flatMap((page) => page.transactions).map((t) => t.externalId)).toEqual(['1', '2', '3']);
    expect(rest.flatMap((page) => page.holdings)).toEqual([]);
  });
});
