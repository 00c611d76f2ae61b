import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calendarDate } from '../../shared/model/date.ts';
import { cmp, dec, sum } from '../../shared/model/decimal.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { openOrion, orionPartner, orionToken } from './support/clients.ts';
import { send } from './support/http.ts';

type Row = Readonly<Record<string, string | null>>;

let time = Date.UTC(2026, 10, 20, 12);
let sandbox: Sandbox;
let call: Awaited<ReturnType<typeof openOrion>>;
beforeAll(async () => {
  sandbox = await startSandbox({ today: calendarDate('2026-11-20'), now: () => time });
  call = await openOrion(sandbox);
});
afterAll(() => sandbox.close());

const tokenUrl = (): string => `${sandbox.orion.baseUrl}/Security/Token`;
const basic = (): string =>
  `Basic ${Buffer.from(`${sandbox.orion.credentials.username}:${sandbox.orion.credentials.password}`).toString('base64')}`;
const rows = async (path: string): Promise<readonly Row[]> => (await call(path)).json<readonly Row[]>();

describe('signing in', () => {
  it('gives a token of 36,000.0 seconds for Basic, with a refresh token only for a partner', async () => {
    const plain = await send(tokenUrl(), { headers: { authorization: basic(), accept: 'application/json' } });
    expect(plain.text).toContain('"expires_in":36000.0');
    expect(plain.json()).not.toHaveProperty('refresh_token');
    expect((await orionToken(sandbox)).refresh_token).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes a refresh token once, as Bearer with the partner’s headers', async () => {
    const { refresh_token } = await orionToken(sandbox);
    const refresh = () =>
      send(tokenUrl(), {
        headers: { ...orionPartner(sandbox), accept: 'application/json', authorization: `Bearer ${refresh_token}` },
      });
    const first = await refresh();
    expect(first.status).toBe(200);
    expect(first.json<{ refresh_token: string }>().refresh_token).not.toBe(refresh_token);
    expect((await refresh()).status).toBe(401);
  });

  it('takes a refresh token as a form, but not together with a header', async () => {
    const form = async (headers: Record<string, string>) => {
      const { refresh_token } = await orionToken(sandbox);
      const { client_id = '', client_secret = '' } = orionPartner(sandbox);
      return send(tokenUrl(), {
        method: 'POST',
        headers: { accept: 'application/json', ...headers },
        body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token, client_id, client_secret }),
      });
    };
    expect((await form({})).status).toBe(200);
    const both = await form({ authorization: basic() });
    expect([both.status, both.text]).toEqual([401, '']);
  });

  it('answers XML to a token call that does not ask for JSON', async () => {
    const reply = await send(tokenUrl(), { headers: { authorization: basic(), accept: '*/*' } });
    expect(reply.headers.get('content-type')).toContain('xml');
    expect(reply.text).toMatch(/^<JwtToken><access_token>/);
  });

  it('accepts the word Session only, and answers 401 without a body', async () => {
    const { access_token } = await orionToken(sandbox);
    const url = `${sandbox.orion.baseUrl}/Portfolio/Accounts/Simple`;
    expect((await send(url, { headers: { authorization: `Session ${access_token}` } })).status).toBe(200);
    for (const authorization of [`Bearer ${access_token}`, 'Session nonsense', basic()]) {
      const reply = await send(url, { headers: { authorization } });
      expect([reply.status, reply.text]).toEqual([401, '']);
    }
  });

  it('forgets a session after ten hours and on sign-out', async () => {
    const { access_token } = await orionToken(sandbox);
    const headers = { authorization: `Session ${access_token}` };
    const status = async (): Promise<number> => (await send(`${sandbox.orion.baseUrl}/Authorization/User`, { headers })).status;
    expect(await status()).toBe(200);
    expect((await send(tokenUrl(), { method: 'DELETE', headers })).status).toBe(204);
    expect(await status()).toBe(401);
    const later = await openOrion(sandbox);
    time += 10 * 3_600_000;
    expect((await later('/Authorization/User')).status).toBe(401);
    time -= 10 * 3_600_000;
  });
});

describe('conventions', () => {
  it('ignores the case of routes and parameters', async () => {
    const lower = await call('/portfolio/assets?HASVALUE=TRUE&$TOP=2');
    expect(lower.status).toBe(200);
    expect(lower.text).toBe((await call('/Portfolio/Assets?hasValue=true&$top=2')).text);
  });

  it('answers HTML for an unknown route and JSON for a missing record', async () => {
    const route = await call('/Portfolio/Households');
    expect([route.status, route.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    const record = await call('/Portfolio/Accounts/99');
    expect(record.status).toBe(404);
    expect(record.json()).toEqual({ message: 'Accounts 99 was not found' });
  });

  it('sends X-OAS-CorrelationId with every reply, another one each time', async () => {
    const replies = await Promise.all([
      call('/Portfolio/Accounts/99'),
      call('/nowhere'),
      send(tokenUrl()),
      call('/Portfolio/Clients/Simple'),
    ]);
    const ids = replies.map((reply) => reply.headers.get('x-oas-correlationid'));
    expect(new Set(ids).size).toBe(4);
    expect(ids.every((id) => id?.length === 36)).toBe(true);
  });

  it('answers bare arrays and pages with $top and $skip, or top and skip, until a page is short', async () => {
    const all = await rows('/Portfolio/Assets?hasValue=true');
    const paged: Row[] = [];
    for (let skip = 0; ; skip += 2500) {
      const page = await rows(
        `/Portfolio/Assets?hasValue=true&${skip === 0 ? 'top' : '$top'}=2500&${skip === 0 ? 'skip' : '$skip'}=${skip}`,
      );
      paged.push(...page);
      if (page.length < 2500) break;
    }
    expect(paged).toEqual(all);
    expect(new Set(all.map((row) => row['id'])).size).toBe(all.length);
  });

  it('understands $filter, $select and $orderby', async () => {
    const found = await rows(
      "/Portfolio/Assets?hasValue=true&$filter=currentValue gt 250000.5 and productType eq 'Bond'&$select=id,currentValue&$orderby=currentValue desc",
    );
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((row) => Object.keys(row).join() === 'id,currentValue')).toBe(true);
    const values = found.map((row) => dec(row['currentValue'] ?? '0'));
    expect(values).toEqual(values.toSorted((a, b) => cmp(b, a)));
    expect((await call('/Portfolio/Assets?$filter=nonsense')).status).toBe(400);
  });
});

describe('positions', () => {
  it('show cost basis only when asked for', async () => {
    const [plain] = await rows('/Portfolio/Assets?hasValue=true&$top=2&$skip=1');
    const [asked] = await rows('/Portfolio/Assets?hasValue=true&includeCostBasis=true&$top=2&$skip=1');
    expect(plain).not.toHaveProperty('costBasis');
    expect(asked?.['costBasis']).toMatch(/^\d+\.\d+$/);
  });

  it('include closed ones without units unless hasValue=true is asked for', async () => {
    const all = await rows('/Portfolio/Assets');
    const held = await rows('/Portfolio/Assets?hasValue=true');
    const closed = all.filter((row) => row['currentShares'] === '0.0');
    expect(closed.length).toBeGreaterThan(50);
    expect(all.length - held.length).toBe(closed.length);
    expect(closed.every((row) => String(row['isActive']) === 'false')).toBe(true);
  });

  it('can be had as of an earlier date, in any of the written forms', async () => {
    const [now] = await rows('/Portfolio/Assets?accountId=700001&hasValue=true');
    const forms = await Promise.all(
      ['2026-11-19', '2026-11-19T00:00:00', '11-19-2026'].map((date) =>
        rows(`/Portfolio/Assets?accountId=700001&hasValue=true&asOfDate=${date}`),
      ),
    );
    expect(forms[0]?.[0]?.['asOfDate']).toBe('2026-11-19T00:00:00');
    expect(forms[1]).toEqual(forms[0]);
    expect(forms[2]).toEqual(forms[0]);
    expect(now?.['asOfDate']).toBe('2026-11-20T00:00:00');
    expect(await rows('/Portfolio/Accounts/700001/Assets/11-19-2026?hasValue=true')).toEqual(forms[0]);
    expect(await rows('/Portfolio/Assets?asOfDate=2019-01-02')).toEqual([]);
    expect((await call('/Portfolio/Assets?asOfDate=soon')).status).toBe(400);
  });

  it('mark cash by isCustodialCash, whatever its ticker', async () => {
    const cash = (await rows('/Portfolio/Assets?hasValue=true')).filter((row) => String(row['isCustodialCash']) === 'true');
    expect(cash.length).toBe(250);
    expect(cash[0]).toMatchObject({ ticker: 'CASH:CASH', name: 'Cash Asset', currentPrice: '1.0' });
    expect(cash.every((row) => row['currentShares'] === row['currentValue'])).toBe(true);
  });

  it('can be had by client, registration, account, product, id and list of accounts', async () => {
    const ofAccount = await rows('/Portfolio/Assets?accountId=700001&hasValue=true');
    expect(await rows('/Portfolio/Assets?registrationId=300001&hasValue=true')).toEqual(ofAccount);
    expect(await rows('/Portfolio/Accounts/700001/Assets?hasValue=true')).toEqual(ofAccount);
    const listed = await call('/Portfolio/Assets/List?hasValue=true', {
      method: 'POST',
      body: '[700001]',
      headers: { 'content-type': 'application/json' },
    });
    expect(listed.json()).toEqual(ofAccount);
    const ofClient = await rows('/Portfolio/Clients/10001/Assets?hasValue=true');
    expect(ofClient.length).toBeGreaterThan(ofAccount.length);
    const one = ofAccount[1];
    expect((await call(`/Portfolio/Assets/${one?.['id']}`)).json()).toEqual(one);
    const holders = await rows(`/Portfolio/Assets?hasValue=true&productId=${one?.['productId']}`);
    expect(new Set(holders.map((row) => row['ticker']))).toEqual(new Set([one?.['ticker']]));
  });

  it('are short in the reduced form, under other names', async () => {
    const [row] = await rows('/Portfolio/Accounts/700001/Assets/Value?hasValue=true');
    expect(Object.keys(row ?? {})).toEqual([
      'id',
      'productId',
      'ticker',
      'name',
      'assetClass',
      'accountNumber',
      'isCustodialCash',
      'isTradeExcluded',
      'shares',
      'price',
      'value',
    ]);
  });

  it('mask the CUSIP when the partner’s data scope is off', async () => {
    const masked = await startSandbox({
      accounts: 10,
      holdings: 120,
      today: calendarDate('2026-11-20'),
      orion: { cusips: 'masked' },
    });
    try {
      const asked = await openOrion(masked);
      const held = (await asked('/Portfolio/Assets?hasValue=true')).json<readonly Row[]>();
      const cusips = held.map((row) => row['cusip']).filter((cusip) => cusip !== null);
      expect(cusips.length).toBeGreaterThan(50);
      expect(cusips.every((cusip) => /^\*{6}.{3}$/.test(cusip ?? ''))).toBe(true);
      expect(held.some((row) => row['isin']?.startsWith('US'))).toBe(false);
    } finally {
      await masked.close();
    }
  });

  it('of the security without identifiers carry its ticker alone', async () => {
    const planted = sandbox.manifest.find((entry) => entry.kind === 'ticker_only');
    const ticker = sandbox.firm.securities.find((security) => security.key === planted?.securityKey)?.ticker ?? '';
    const [product] = await rows(`/Global/Products?exactTicker=${ticker}`);
    expect(product).toMatchObject({ ticker, cusip: null, isin: null });
  });
});

describe('clients, registrations, accounts and products', () => {
  it('belong together, and an account’s value is the sum of its positions', async () => {
    const account = (await call('/Portfolio/Accounts/700001')).json<Row>();
    expect(account).toMatchObject({
      clientId: '10001',
      registrationId: '300001',
      number: sandbox.firm.accounts[0]?.number,
      custodian: sandbox.firm.accounts[0]?.custodian,
    });
    const held = await rows('/Portfolio/Assets?accountId=700001&hasValue=true');
    const dollars = sandbox.firm.positions(0, 1).every((row) => row.security.currency === 'USD');
    const total = sum(held.map((row) => dec(row['currentValue'] ?? '0')));
    expect(dollars ? dec(account['currentValue'] ?? '0') === total : dec(account['currentValue'] ?? '0') !== total).toBe(true);
    expect((await rows('/Portfolio/Clients')).length).toBe(60);
    expect((await rows('/Portfolio/Accounts?clientId=10001')).map((row) => row['id'])).toEqual(
      (await rows('/Portfolio/Clients/10001/Accounts')).map((row) => row['id']),
    );
    expect((await rows('/Portfolio/Clients/10001/Registrations/Simple'))[0]?.['clientId']).toBe('0');
  });

  it('are found by ticker, by name and by list', async () => {
    const listed = await call('/Portfolio/Products/List/Ticker', {
      method: 'POST',
      body: '["AAPL","MSFT"]',
      headers: { 'content-type': 'application/json' },
    });
    expect(listed.json<readonly Row[]>().map((row) => row['cusip'])).toEqual(['037833100', '594918104']);
    expect((await rows('/Portfolio/Products/Search?search=apple&top=5'))[0]).toMatchObject({
      ticker: 'AAPL',
      productType: 'StockOrETF',
    });
  });
});

describe('open tax lots', () => {
  const all = () => rows('/Portfolio/OrionUnrealized');

  it('add up to the positions in units and cost, but for a few that do not on purpose', async () => {
    const lots = Map.groupBy(await all(), (lot) => lot['assetId'] ?? '');
    const assets = (await rows('/Portfolio/Assets?hasValue=true&includeCostBasis=true')).filter((asset) =>
      lots.has(asset['id'] ?? ''),
    );
    expect(assets).toHaveLength(lots.size);
    const total = (asset: Row, ...members: string[]) =>
      sum((lots.get(asset['id'] ?? '') ?? []).flatMap((lot) => members.map((member) => dec(lot[member] ?? ''))));
    const wrong = (asset: Row): boolean =>
      cmp(total(asset, 'longTermUnits', 'shortTermUnits'), dec(asset['currentShares'] ?? '')) !== 0 ||
      cmp(total(asset, 'longTermCost', 'shortTermCost'), dec(asset['costBasis'] ?? '')) !== 0;
    const odd = assets.filter(wrong).length;
    // About 12 in a thousand want a lot and 14 name another cost.
    expect(odd).toBeGreaterThan(assets.length / 100);
    expect(odd).toBeLessThan(assets.length / 25);
  });

  it('come in pages, by account and one by one, with ids beyond 32 bits', async () => {
    const lots = await all();
    expect(await rows('/Portfolio/OrionUnrealized?$top=7&$skip=20')).toEqual(lots.slice(20, 27));
    const [first] = lots;
    expect(Number(first?.['id'])).toBeGreaterThan(2 ** 32);
    expect((await call(`/Portfolio/OrionUnrealized/${first?.['id'] ?? ''}`)).json()).toEqual(first);
    const account = first?.['accountId'] ?? '';
    expect(await rows(`/Portfolio/OrionUnrealized?accountId=${account}`)).toEqual(
      lots.filter((lot) => lot['accountId'] === account),
    );
    expect((await call('/Portfolio/OrionUnrealized/1')).status).toBe(404);
  });
});
