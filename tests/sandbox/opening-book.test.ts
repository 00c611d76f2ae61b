import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarDate } from '../../shared/model/date.ts';
import type { OpeningBook } from '../../shared/model/opening-book.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { addeparGet, openBlackDiamond, openOrion } from './support/clients.ts';
import { sendOk } from './support/http.ts';

describe('the opening book', () => {
  let sandbox: Sandbox;
  let book: OpeningBook;
  beforeAll(async () => {
    sandbox = await startSandbox({ today: calendarDate('2026-11-20') });
    book = JSON.parse((await sendOk(sandbox.openingBook)).text) as OpeningBook;
  });
  afterAll(() => sandbox.close());

  it('is served as it is typed, as of the business day before the first report', () => {
    expect(book).toEqual(JSON.parse(JSON.stringify(sandbox.openingBookObject())));
    expect(book.asOf).toBe('2026-11-19');
  });

  it('names each platform’s own ids', async () => {
    const account = book.accounts[0];
    const security = book.securities[1];
    const entity = (await addeparGet(sandbox, `/v1/entities/${account?.platformIds.addepar}`)).json<{
      data: { attributes: Record<string, string> };
    }>();
    expect(entity.data.attributes).toMatchObject({ model_type: 'FINANCIAL_ACCOUNT', account_number: account?.number });
    const stock = (await addeparGet(sandbox, `/v1/entities/${security?.platformIds.addepar}`)).json<{
      data: { attributes: Record<string, string> };
    }>();
    expect(stock.data.attributes).toMatchObject({ model_type: 'STOCK', display_name: security?.name });
    const orion = await openOrion(sandbox);
    expect((await orion(`/Portfolio/Accounts/${account?.platformIds.orion}`)).json()).toMatchObject({ number: account?.number });
    expect((await orion(`/Global/Products/${security?.platformIds.orion}`)).json()).toMatchObject({
      cusip: security?.cusip,
      ticker: security?.ticker,
    });
    const blackDiamond = await openBlackDiamond(sandbox);
    const search = await blackDiamond('/account/Query/HoldingDetailSearch', {
      method: 'POST',
      body: JSON.stringify({ accountID: account?.platformIds.black_diamond, include: { assets: true } }),
    });
    const held = search.json<{ data: { asset: { assetId: string } }[] }>().data.map((row) => row.asset.assetId);
    const ids = book.holdings
      .filter((row) => row.accountKey === account?.key)
      .map((row) => book.securities.find(({ key }) => key === row.securityKey)?.platformIds.black_diamond);
    expect(held).toEqual(expect.arrayContaining(ids));
  });

  it('confirms nearly all links, but none of the accounts that look alike', () => {
    const complete = (ids: Readonly<Record<string, string>>): boolean =>
      ['black_diamond', 'orion', 'addepar'].every((platform) => platform in ids);
    expect(book.accounts.filter((account) => complete(account.platformIds as Record<string, string>)).length).toBe(250 - 3 - 2);
    expect(book.securities.filter((security) => complete(security.platformIds as Record<string, string>)).length).toBeGreaterThan(
      book.securities.length * 0.97,
    );
    const alike = book.accounts.filter((account) => account.number.endsWith('345678'));
    expect(alike.map((account) => account.platformIds)).toEqual([{}, {}]);
    expect(book.holdings.some((row) => alike.some((account) => account.key === row.accountKey))).toBe(false);
  });

  it('carries 40 edits by role, each of a position it holds', () => {
    expect(book.edits.length).toBe(40);
    const held = new Set(book.holdings.map((row) => `${row.accountKey} ${row.securityKey}`));
    for (const edit of book.edits) {
      expect(held.has(`${edit.accountKey} ${edit.securityKey}`)).toBe(true);
      expect(edit.by).toMatch(/ desk$/);
    }
  });

  it('leaves some costs unknown', () => {
    const unknown = book.holdings.filter((row) => row.costBasis === null && row.securityKey !== 'S000000');
    expect(unknown.length).toBe(18);
  });
});
