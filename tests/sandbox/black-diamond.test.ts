import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarDate } from '../../shared/model/date.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { blackDiamondGrant, openBlackDiamond } from './support/clients.ts';
import { exactJson } from './support/exact-json.ts';
import { send, type Reply } from './support/http.ts';
import { unzip } from './support/unzip.ts';

type Row = Readonly<Record<string, unknown>>;

let time = Date.UTC(2026, 10, 20, 12);
let sandbox: Sandbox;
let call: Awaited<ReturnType<typeof openBlackDiamond>>;
beforeAll(async () => {
  sandbox = await startSandbox({ accounts: 520, holdings: 9_000, today: calendarDate('2026-11-20'), now: () => time });
  call = await openBlackDiamond(sandbox);
});
afterAll(() => sandbox.close());

const post = (path: string, body: unknown): Promise<Reply> => call(path, { method: 'POST', body: JSON.stringify(body) });
const errorOf = async (change: Record<string, string>): Promise<readonly unknown[]> => {
  const reply = await blackDiamondGrant(sandbox, change);
  return [reply.status, reply.json<{ error: string }>().error];
};
async function batch(order: unknown): Promise<ReadonlyMap<string, string>> {
  const { id } = (await post('/batchV5', order)).json<{ id: string }>();
  let reply = await call(`/batch/${id}`);
  while (reply.status === 202) reply = await call(`/batch/${id}`);
  expect(reply.status).toBe(200);
  return unzip(reply.bytes);
}

describe('signing in', () => {
  it('takes user and partner in the form body and gives a token of 600 seconds', async () => {
    const token = (await blackDiamondGrant(sandbox)).json<Row>();
    expect(token).toMatchObject({ expires_in: '600', token_type: 'Bearer' });
    expect(String(token['access_token']).split('.').length).toBe(3);
  });

  it('words refusals as OAuth does', async () => {
    expect(await errorOf({ client_secret: 'x' })).toEqual([400, 'invalid_client']);
    expect(await errorOf({ password: 'x' })).toEqual([400, 'invalid_grant']);
    expect(await errorOf({ grant_type: 'client_credentials' })).toEqual([400, 'unauthorized_client']);
    expect(await errorOf({ grant_type: 'magic' })).toEqual([400, 'unsupported_grant_type']);
    expect(await errorOf({ grant_type: 'refresh_token', refresh_token: 'x' })).toEqual([400, 'invalid_grant']);
  });

  it('signs its tokens with their end in them, and knows one that was altered', async () => {
    const { access_token } = (await blackDiamondGrant(sandbox)).json<{ access_token: string }>();
    const [header = '', claims = '', signature = ''] = access_token.split('.');
    const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { iat: number; exp: number };
    expect(Math.round(read.exp - read.iat)).toBe(600);
    const longer = Buffer.from(JSON.stringify({ ...read, exp: read.exp + 1 })).toString('base64url');
    const call = await openBlackDiamond(sandbox);
    const statusOf = async (token: string) => (await call('/batch/1', { headers: { authorization: `Bearer ${token}` } })).status;
    expect([await statusOf(access_token), await statusOf(`${header}.${longer}.${signature}`)]).toEqual([404, 401]);
  });

  it('takes each refresh token once', async () => {
    const { refresh_token } = (await blackDiamondGrant(sandbox)).json<{ refresh_token: string }>();
    const next = (await blackDiamondGrant(sandbox, { grant_type: 'refresh_token', refresh_token })).json<{
      refresh_token: string;
    }>();
    expect(next.refresh_token).not.toBe(refresh_token);
    expect(await errorOf({ grant_type: 'refresh_token', refresh_token })).toEqual([400, 'invalid_grant']);
  });

  it('names the reason when the user is locked', async () => {
    const locked = await startSandbox({ accounts: 10, holdings: 60, blackDiamond: { userState: 'locked' } });
    try {
      expect((await blackDiamondGrant(locked)).json()).toEqual({ error: 'invalid_grant', error_description: 'user is locked' });
    } finally {
      await locked.close();
    }
  });
});

describe('errors', () => {
  it('check the subscription key before the token, in the gateway’s shape', async () => {
    const url = `${sandbox.black_diamond.baseUrl}/batch/1`;
    const missing = await send(url);
    expect(missing.status).toBe(401);
    expect(missing.json<Row>()).toMatchObject({
      statusCode: '401',
      message: expect.stringContaining('missing subscription key'),
    });
    const wrong = await send(url, { headers: { 'ocp-apim-subscription-key': 'x', authorization: 'Bearer x' } });
    expect(wrong.json<Row>()['message']).toContain('invalid subscription key');
  });

  it('say in the application’s shape, with a correlation id, that a token is missing or expired', async () => {
    const key = { 'ocp-apim-subscription-key': sandbox.black_diamond.credentials.subscriptionKey };
    const url = `${sandbox.black_diamond.baseUrl}/batch/1`;
    const missing = (await send(url, { headers: key })).json<Row>();
    expect(missing).toMatchObject({ code: '401', message: expect.stringContaining('token') });
    expect(missing['correlationID']).toMatch(/^[0-9a-f-]{36}$/);
    const soonOld = await openBlackDiamond(sandbox);
    time += 600_000;
    const expired = await soonOld('/batch/1');
    expect([expired.status, expired.json<Row>()['message']]).toEqual([401, 'The authorization token is expired.']);
    call = await openBlackDiamond(sandbox);
  });

  it('accepts the word bearer in any case', async () => {
    const { access_token } = (await blackDiamondGrant(sandbox)).json<{ access_token: string }>();
    expect((await call('/batch/1', { headers: { authorization: `bearer ${access_token}` } })).status).toBe(404);
  });
});

describe('batches', () => {
  it('answer 202 without a body until they are ready, then a ZIP', async () => {
    const { id } = (await post('/batchV5', { returnDate: '2026-11-20', batchFiles: ['accounts'] })).json<{ id: string }>();
    const replies = [await call(`/batch/${id}`), await call(`/batch/${id}`), await call(`/batch/${id}`)];
    expect(replies.map((reply) => reply.status)).toEqual([202, 202, 200]);
    expect(replies[0]?.bytes.length).toBe(0);
    expect(replies[2]?.headers.get('content-type')).toBe('application/zip');
    expect((await call(`/batch/${id}`)).bytes.equals(replies[2]?.bytes ?? Buffer.alloc(0))).toBe(true);
    expect((await call('/batch/1')).status).toBe(404);
  });

  it('hold 250 accounts in a file', async () => {
    const files = await batch({ batchFiles: ['accounts'] });
    expect([...files].map(([name, text]) => [name, exactJson<readonly unknown[]>(text).length])).toEqual([
      ['Accounts_1.json', 250],
      ['Accounts_2.json', 250],
      ['Accounts_3.json', 20],
    ]);
  });

  it('carry holdings, transactions and cost basis only when asked for', async () => {
    const first = async (order: object): Promise<Row> =>
      exactJson<readonly Row[]>((await batch({ batchFiles: ['accounts'], ...order })).get('Accounts_1.json') ?? '[]')[0] ?? {};
    const bare = await first({});
    expect(bare).not.toHaveProperty('Holdings');
    expect(bare).not.toHaveProperty('Transactions');
    const full = await first({ IncludeHoldings: true, includeTransactions: true });
    // Without a range a batch covers the last seven days.
    const dates = (full['Transactions'] as Row[]).map((row) => String(row['TradeDate']));
    expect(dates.filter((date) => date < '2026-11-13' || date > '2026-11-20')).toEqual([]);
    expect((full['Holdings'] as Row[])[0]).not.toHaveProperty('CostBasis');
    expect(((await first({ includeHoldings: true, includeCostBasis: true }))['Holdings'] as Row[])[1]?.['CostBasis']).toMatch(
      /^\d+\.\d\d$/,
    );
  });

  it('spell members as the platform does: Id, AccountId, AssetId, and cash as a row with Cash true', async () => {
    const [account] = exactJson<readonly Row[]>(
      (await batch({ batchFiles: ['Accounts'], includeHoldings: true })).get('Accounts_1.json') ?? '[]',
    );
    const cash = (account?.['Holdings'] as Row[] | undefined)?.[0];
    expect(account).toMatchObject({ Id: '5700001', AsOfDate: '2026-11-20', ClosedDate: null, LastReconciledDate: '2026-11-20' });
    expect(cash).toMatchObject({
      AccountId: '5700001',
      AssetId: '1',
      AssetName: 'Cash',
      DisplayCusip: null,
      Ticker: null,
      Price: '1',
      Cash: true,
    });
    expect(cash?.['Units']).toBe(cash?.['MarketValue']);
  });

  it('take dates in three forms, names in any case, and refuse forms and unknown entities', async () => {
    for (const returnDate of ['2026-11-19', '11-19-2026', '11/19/2026']) {
      const [account] = exactJson<readonly Row[]>(
        (await batch({ ReturnDate: returnDate, BatchFiles: ['ACCOUNTS'] })).get('Accounts_1.json') ?? '[]',
      );
      expect(account?.['AsOfDate']).toBe('2026-11-19');
    }
    expect((await post('/batchV5', { returnDate: 'soon', batchFiles: ['accounts'] })).status).toBe(400);
    expect((await post('/batchV5', { batchFiles: ['weather'] })).status).toBe(400);
    const form = await call('/batchV5', {
      method: 'POST',
      body: 'batchFiles=accounts',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form.status).toBe(415);
  });

  it('describe relationships, portfolios and assets, where an account can be in several portfolios', async () => {
    const files = await batch({ batchFiles: ['Relationships', 'Portfolios', 'Assets'] });
    const [relationship] = exactJson<readonly Row[]>(files.get('Relationships_1.json') ?? '[]');
    expect(relationship).toMatchObject({ Relationship: { ID: '8100001', Name: 'Alderbrook household' } });
    expect((relationship?.['ReferencedEntities'] as { Accounts: Row[] } | undefined)?.Accounts[0]).toMatchObject({
      ExternalID: '5700001',
      AccountDisplayNumber: sandbox.firm.accounts[0]?.number,
    });
    const portfolios = exactJson<readonly { Accounts: { ExternalID: string }[] }[]>(files.get('Portfolios_1.json') ?? '[]');
    const memberships = portfolios.flatMap((portfolio) => portfolio.Accounts.map((account) => account.ExternalID));
    expect(new Set(memberships).size).toBe(520);
    expect(memberships.length).toBeGreaterThan(520);
    expect(exactJson<readonly Row[]>(files.get('Assets_1.json') ?? '[]').length).toBe(sandbox.firm.securities.length);
  });

  it('end in an error with a correlation id when they fail', async () => {
    const failing = await startSandbox({ accounts: 10, holdings: 60, blackDiamond: { batchesFail: true, pollsUntilReady: 0 } });
    try {
      const ask = await openBlackDiamond(failing);
      const { id } = (await ask('/batchV5', { method: 'POST', body: '{"batchFiles":["accounts"]}' })).json<{ id: string }>();
      const reply = await ask(`/batch/${id}`);
      expect(reply.status).toBe(500);
      expect(reply.json<Row>()).toHaveProperty('correlationID');
    } finally {
      await failing.close();
    }
  });
});

describe('other routes', () => {
  it('answer one account’s holdings in camelCase, with what was asked to be included', async () => {
    const asked = {
      accountID: '5700001',
      asOf: '2026-11-20',
      onlyCurrentHoldings: true,
      limit: 100_000,
      include: { returnInfo: true, assets: true },
    };
    const { data } = (await post('/account/Query/HoldingDetailSearch', asked)).json<{ data: Row[] }>();
    expect(data.length).toBe(sandbox.plan.books.black_diamond.records(0, 1).length);
    expect(data[0]).toMatchObject({
      asset: { assetId: '1', cusip: null, ticker: null, identifier: null },
      returnInfo: { returnDate: '2026-11-20' },
    });
    const bare = (await post('/account/Query/HoldingDetailSearch', { ...asked, include: { assets: true }, limit: 2 })).json<{
      data: Row[];
    }>();
    expect(bare.data.map((row) => Object.keys(row))).toEqual([['asset'], ['asset']]);
    expect((await post('/account/Query/HoldingDetailSearch', { ...asked, accountID: '1' })).status).toBe(404);
  });

  it('list accounts the old way, pages counted from 1, empty past the end, without a subscription key', async () => {
    const { access_token } = (await blackDiamondGrant(sandbox)).json<{ access_token: string }>();
    const list = async (query: string): Promise<readonly Row[]> =>
      (
        await send(`${sandbox.black_diamond.baseUrl}/v1/account?${query}`, {
          headers: { authorization: `bearer ${access_token}` },
        })
      ).json();
    expect((await list('page=1&pageSize=max')).length).toBe(520);
    expect((await list('page=3&pageSize=250')).length).toBe(20);
    expect(await list('page=9&pageSize=250')).toEqual([]);
    expect((await list('page=1&pageSize=1'))[0]).toMatchObject({
      id: '5700001',
      accountNumber: sandbox.firm.accounts[0]?.number,
      taxMethodology: 'HighestCost',
    });
  });
});
