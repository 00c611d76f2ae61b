import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { calendarDate } from '../../shared/model/date.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { addeparGet, addeparQuery, control, openBlackDiamond, openOrion } from './support/clients.ts';
import { send } from './support/http.ts';
import { unzip } from './support/unzip.ts';

let sandbox: Sandbox;
let orion: Awaited<ReturnType<typeof openOrion>>;
const ASSETS = '/Portfolio/Assets?hasValue=true&$top=50';

beforeAll(async () => {
  sandbox = await startSandbox({
    accounts: 30,
    holdings: 600,
    today: calendarDate('2026-11-20'),
    addepar: { rateScale: 100 },
    blackDiamond: { pollsUntilReady: 0 },
  });
  orion = await openOrion(sandbox);
});
afterEach(() => control(sandbox, { fault: 'reset' }));
afterAll(() => sandbox.close());

describe('the control interface', () => {
  it('is closed to whoever does not know the token, and says what it does not understand', async () => {
    const order = { method: 'POST', body: '{"fault":"reset"}', headers: { 'content-type': 'application/json' } };
    expect((await send(sandbox.control.url, order)).status).toBe(401);
    const known = { ...order, headers: { ...order.headers, 'x-sandbox-token': sandbox.control.token } };
    expect((await send(sandbox.control.url, known)).status).toBe(200);
    expect((await send(sandbox.control.url, { ...known, body: '{"fault":"earthquake"}' })).status).toBe(400);
    expect((await send(sandbox.control.url, { ...known, body: '{"fault":"html","platform":"other"}' })).status).toBe(400);
  });

  it('turns the switches of a platform', async () => {
    const url = sandbox.control.url.replace('/faults', '/settings');
    const turn = (cusips: unknown) =>
      send(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-sandbox-token': sandbox.control.token },
        body: JSON.stringify({ platform: 'orion', cusips }),
      });
    expect((await orion(ASSETS)).text).not.toContain('******');
    expect((await turn('masked')).status).toBe(200);
    expect((await orion(ASSETS)).text).toContain('"cusip":"******');
    expect((await turn(7)).status).toBe(400);
    expect((await turn('shown')).status).toBe(200);
  });
});

describe('faults', () => {
  it('strike as often as told, where told, after as many requests as told, and then stop', async () => {
    await control(sandbox, { platform: 'orion', fault: 'server_error', path: '/portfolio/ASSETS', times: 2, after: 1 });
    const statuses: number[] = [];
    for (const path of [ASSETS, '/Portfolio/Clients/Simple', ASSETS, ASSETS, ASSETS]) statuses.push((await orion(path)).status);
    expect(statuses).toEqual([200, 200, 500, 500, 200]);
  });

  it('answer 429 in each platform’s own way', async () => {
    await control(sandbox, { fault: 'too_many_requests', retryAfterSeconds: 7 });
    const addepar = await addeparGet(sandbox, '/v1/entities');
    expect([addepar.status, addepar.headers.get('x-ratelimit-retry-after')]).toEqual([429, '7']);
    const other = await orion(ASSETS);
    expect([other.status, other.headers.get('retry-after')]).toEqual([429, '7']);
    await control(sandbox, { fault: 'reset' });
    const blackDiamond = await openBlackDiamond(sandbox);
    await control(sandbox, { platform: 'black_diamond', fault: 'too_many_requests', retryAfterSeconds: 3 });
    expect((await blackDiamond('/batch/1')).json()).toMatchObject({ statusCode: '429' });
  });

  it('reset the connection before any reply', async () => {
    await control(sandbox, { platform: 'orion', fault: 'connection_reset' });
    await expect(orion(ASSETS)).rejects.toThrow(/fetch failed/);
    expect((await orion(ASSETS)).status).toBe(200);
  });

  it('cut the body short inside a complete reply', async () => {
    const whole = (await orion(ASSETS)).text;
    await control(sandbox, { platform: 'orion', fault: 'truncated_body' });
    const cut = await orion(ASSETS);
    expect(cut.status).toBe(200);
    expect(cut.text).toBe(whole.slice(0, Math.floor(whole.length / 2)));
  });

  it('let the connection die halfway through the body, streamed replies included', async () => {
    await control(sandbox, { platform: 'orion', fault: 'broken_body' });
    await expect(orion(ASSETS)).rejects.toThrow();
    await control(sandbox, { platform: 'addepar', fault: 'broken_body' });
    await expect(addeparQuery(sandbox)).rejects.toThrow();
    expect((await addeparQuery(sandbox)).status).toBe(200);
  });

  it('answer HTML with status 200', async () => {
    await control(sandbox, { platform: 'addepar', fault: 'html' });
    const reply = await addeparGet(sandbox, '/v1/entities');
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });

  it('answer late', async () => {
    await control(sandbox, { platform: 'orion', fault: 'slow', delayMs: 250 });
    const started = performance.now();
    await orion(ASSETS);
    expect(performance.now() - started).toBeGreaterThanOrEqual(240);
  });

  it('refuse a token once, but never the sign-in itself', async () => {
    await control(sandbox, { platform: 'orion', fault: 'expired_token' });
    const again = await openOrion(sandbox);
    expect((await again(ASSETS)).status).toBe(401);
    expect((await again(ASSETS)).status).toBe(200);
  });

  it('write a number as text, leave a member out, or make it null, in as many places as told', async () => {
    const members = async (): Promise<readonly (readonly [boolean, unknown])[]> => {
      const rows = JSON.parse((await orion(ASSETS)).text) as readonly Record<string, unknown>[];
      return rows
        .slice(0, 3)
        .map((row) => [
          'currentShares' in row,
          typeof row['currentShares'] === 'string' ? 'text' : row['currentShares'] === null ? null : 'as before',
        ]);
    };
    const plain = [true, 'as before'];
    await control(sandbox, { platform: 'orion', fault: 'number_as_string', places: 2 });
    expect(await members()).toEqual([[true, 'text'], [true, 'text'], plain]);
    await control(sandbox, { platform: 'orion', fault: 'missing_member' });
    expect((await members())[0]?.[0]).toBe(false);
    await control(sandbox, { platform: 'orion', fault: 'null_member' });
    expect(await members()).toEqual([[true, null], plain, plain]);
    expect(await members()).toEqual([plain, plain, plain]);
  });

  it('change the shape of files inside a batch as well', async () => {
    const call = await openBlackDiamond(sandbox);
    const { id } = (await call('/batchV5', { method: 'POST', body: '{"batchFiles":["accounts"],"includeHoldings":true}' })).json<{
      id: string;
    }>();
    await control(sandbox, { platform: 'black_diamond', fault: 'number_as_string', path: '/batch/', member: 'MarketValue' });
    const spoilt = (await unzip((await call(`/batch/${id}`)).bytes)).get('Accounts_1.json') ?? '';
    expect([...spoilt.matchAll(/"MarketValue":"/g)].length).toBe(1);
    await control(sandbox, { platform: 'black_diamond', fault: 'truncated_body', path: '/batch/' });
    await expect(unzip((await call(`/batch/${id}`)).bytes)).rejects.toThrow();
  });

  it('move a platform on by a business day, with new prices, until reset', async () => {
    const price = async (): Promise<readonly [string, string]> => {
      const row = (
        JSON.parse((await orion('/Portfolio/Assets?hasValue=true&$top=1&$skip=1')).text) as readonly Record<string, unknown>[]
      )[0];
      return [String(row?.['asOfDate']).slice(0, 10), String(row?.['currentPrice'])];
    };
    const before = await price();
    const reply = await control(sandbox, { platform: 'orion', fault: 'next_day' });
    expect(reply.json()).toEqual({ asOf: { black_diamond: '2026-11-20', orion: '2026-11-23', addepar: '2026-11-20' } });
    const after = await price();
    expect([before[0], after[0]]).toEqual(['2026-11-20', '2026-11-23']);
    expect(after[1]).not.toBe(before[1]);
    await control(sandbox, { fault: 'reset' });
    expect(await price()).toEqual(before);
  });

  it('answer with whole replies that are no data, and with bodies in wrong dress', async () => {
    const replyTo = async (fault: string) => {
      await control(sandbox, { platform: 'orion', fault });
      return orion(ASSETS);
    };
    const whole = await orion(ASSETS);
    const statuses: Record<string, number> = {
      html_error: 502,
      forbidden: 403,
      not_found: 404,
      gone: 410,
      empty_401: 401,
      redirect: 302,
    };
    for (const [fault, status] of Object.entries(statuses))
      expect([fault, (await replyTo(fault)).status]).toEqual([fault, status]);
    expect((await replyTo('empty_body')).bytes.length).toBe(0);
    expect((await replyTo('wrong_type')).headers.get('content-type')).toContain('text/plain');
    // Two bytes for every character, all of them ASCII here.
    expect((await replyTo('wrong_charset')).bytes.length).toBe(whole.bytes.length * 2);
    expect((await replyTo('byte_order_mark')).bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    expect((await replyTo('compressed_bomb')).bytes.length).toBe(16 * 2 ** 20);
    expect((await replyTo('wrapped_body')).text.startsWith('{"result":[')).toBe(true);
    await expect(replyTo('damaged_compression')).rejects.toThrow();
    const until = await replyTo('too_many_requests_until');
    expect(Date.parse(until.headers.get('retry-after') ?? '')).toBeGreaterThan(0);
    expect((await orion(ASSETS)).text).toBe(whole.text);
  });

  it('rename, repeat, nest and overflow a member', async () => {
    const textWith = async (fault: string): Promise<string> => {
      await control(sandbox, { platform: 'orion', fault });
      return (await orion(ASSETS)).text;
    };
    expect(await textWith('renamed_member')).toContain('"currentSharesNew":');
    expect(await textWith('repeated_member')).toMatch(/"currentShares":[\d.]+,"currentShares":7/);
    expect(await textWith('nested_member')).toContain('"currentShares":[[[[');
    expect(await textWith('huge_number')).toContain('"currentShares":1e999');
    expect(await textWith('new_word')).toContain('"currentShares":"Zephyrous"');
  });

  it('come as a script: the same seed gives the same faults, another seed others', async () => {
    const drawn = async (seed: string): Promise<readonly { fault: string; after: number }[]> => {
      const reply = await control(sandbox, { platform: 'orion', fault: 'script', seed, count: 40 });
      return reply.json<{ orders: readonly { fault: string; after: number }[] }>().orders;
    };
    const first = await drawn('alder');
    expect(first).toHaveLength(40);
    expect(await drawn('alder')).toEqual(first);
    expect(await drawn('birch')).not.toEqual(first);
    expect(new Set(first.map((order) => order.fault)).size).toBeGreaterThan(10);
    const refused = control(sandbox, { platform: 'orion', fault: 'script', seed: 'alder' });
    await expect(refused).rejects.toThrow();
  });
});
