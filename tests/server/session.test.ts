import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/ports/clock.ts';
import type { Instant } from '../../shared/model/date.ts';
import { startHost, type TestHost } from './support/host.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The machine’s clock, moved forward by the test. */
const movedClock = () => {
  let ahead = 0;
  return {
    pass: (ms: number) => void (ahead += ms),
    clock: {
      ...systemClock,
      now: () => new Date(Date.now() + ahead).toISOString() as Instant,
      monotonicMs: () => performance.now() + ahead,
    },
  };
};

let host: TestHost;
let time: ReturnType<typeof movedClock>;
beforeEach(async () => {
  time = movedClock();
  host = await startHost({ clock: time.clock });
});
afterEach(() => host.stop());

const codeOf = (url: string): string => url.split('#sign-in=')[1] ?? '';
const signIn = (code: string, headers: Record<string, string> = {}) =>
  host.send('/session', { method: 'POST', headers: { authorization: undefined, ...headers }, body: { code } });
const cookieOf = (response: Response): string => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const renew = (cookie: string, headers: Record<string, string | undefined> = {}) =>
  host.send('/session/renew', {
    method: 'POST',
    headers: { authorization: undefined, cookie, origin: host.url, ...headers },
    body: {},
  });
const granted = async (response: Response) => (await response.json()) as { accessToken: string; expiresInSeconds: number };
const callWith = async (token: string): Promise<number> =>
  (await host.send('/api/v1/info', { headers: { authorization: `Bearer ${token}` } })).status;

describe('the one-time link', () => {
  it('holds the code in the fragment, which browsers never send', () => {
    const link = new URL(host.signInUrl);
    expect([link.origin, link.pathname, link.search]).toEqual([host.url, '/', '']);
    expect(link.hash).toMatch(/^#sign-in=[\w-]{43}$/);
  });

  it('gives a short-lived access token and a cookie that scripts and other sites cannot use', async () => {
    const response = await signIn(codeOf(host.signInUrl));
    expect(response.status).toBe(200);
    const grant = await granted(response);
    expect(grant).toEqual({ accessToken: expect.stringMatching(/^[\w-]{43}$/) as string, expiresInSeconds: 900 });
    expect(response.headers.get('set-cookie')).toMatch(
      new RegExp(`^clearway_session_${host.port}=[\\w-]{43}; Path=/session; HttpOnly; SameSite=Strict$`),
    );
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await callWith(grant.accessToken)).toBe(200);
  });

  it('works once: the second use is 401, also when both come at the same time', async () => {
    const code = codeOf(host.signInUrl);
    const both = await Promise.all([signIn(code), signIn(code)]);
    expect(both.map((response) => response.status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    expect((await signIn(code)).status).toBe(401);
  });

  it('works for twelve hours', async () => {
    time.pass(12 * HOUR);
    expect((await signIn(codeOf(host.signInUrl))).status).toBe(401);
  });

  it.each([[''], ['A'.repeat(43)], ['__proto__'], [{ a: 1 }], [null]])(
    'a code that was never given (%j) is 401',
    async (code) => {
      expect((await signIn(code as string)).status).toBe(401);
    },
  );

  it('can be had anew with a bearer token only', async () => {
    const without = await host.send('/session/link', { method: 'POST', headers: { authorization: undefined }, body: {} });
    expect(without.status).toBe(401);
    const fresh = (await (await host.send('/session/link', { method: 'POST', body: {} })).json()) as { signInUrl: string };
    expect((await signIn(codeOf(fresh.signInUrl))).status).toBe(200);
    expect((await signIn(codeOf(host.signInUrl))).status).toBe(200);
  });
});

describe('the printed token', () => {
  it('can be exchanged for a session', async () => {
    const response = await host.send('/session', { method: 'POST', body: {} });
    expect(response.status).toBe(200);
    expect(await callWith((await granted(response)).accessToken)).toBe(200);
    expect((await renew(cookieOf(response))).status).toBe(200);
  });

  it('when wrong is 401 and sets no cookie; an access token is no substitute for it', async () => {
    const wrong = await host.send('/session', {
      method: 'POST',
      headers: { authorization: `Bearer ${'x'.repeat(43)}` },
      body: {},
    });
    expect([wrong.status, wrong.headers.get('set-cookie')]).toEqual([401, null]);
    const { accessToken } = await granted(await signIn(codeOf(host.signInUrl)));
    const other = await host.send('/session', { method: 'POST', headers: { authorization: `Bearer ${accessToken}` }, body: {} });
    expect(other.status).toBe(403);
  });
});

describe('the session cookie', () => {
  it('is not accepted by the API', async () => {
    const cookie = cookieOf(await signIn(codeOf(host.signInUrl)));
    const response = await host.send('/api/v1/info', { headers: { authorization: undefined, cookie } });
    expect(response.status).toBe(401);
    const asBearer = await callWith(cookie.split('=')[1] ?? '');
    expect(asBearer).toBe(401);
  });

  it('gets a new access token after a reload, and the earlier one stays good until it runs out', async () => {
    const first = await signIn(codeOf(host.signInUrl));
    const before = await granted(first);
    const after = await granted(await renew(cookieOf(first)));
    expect(after.accessToken).not.toBe(before.accessToken);
    expect([await callWith(before.accessToken), await callWith(after.accessToken)]).toEqual([200, 200]);
    time.pass(15 * MINUTE);
    expect([await callWith(before.accessToken), await callWith(after.accessToken)]).toEqual([401, 401]);
    expect((await renew(cookieOf(first))).status).toBe(200);
  });

  it('ends after twelve hours without use, and after seven days in any case', async () => {
    const cookie = cookieOf(await signIn(codeOf(host.signInUrl)));
    // 15 renewals 11 hours apart: 165 of the 168 hours of a week.
    for (let turn = 0; turn < 15; turn += 1) {
      time.pass(11 * HOUR);
      expect((await renew(cookie)).status).toBe(200);
    }
    time.pass(4 * HOUR);
    expect((await renew(cookie)).status).toBe(401);

    const fresh = (await (await host.send('/session/link', { method: 'POST', body: {} })).json()) as { signInUrl: string };
    const idle = cookieOf(await signIn(codeOf(fresh.signInUrl)));
    time.pass(12 * HOUR);
    expect((await renew(idle)).status).toBe(401);
  });

  it.each([
    ['without an Origin', { origin: undefined }, 403],
    ['from another origin', { origin: 'https://evil.com' }, 403],
    ['from another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['from a cross-site page', { 'sec-fetch-site': 'cross-site' }, 403],
    ['as a plain form', { 'content-type': 'text/plain' }, 415],
  ])('is not renewed %s', async (_what, headers, status) => {
    const cookie = cookieOf(await signIn(codeOf(host.signInUrl)));
    expect((await renew(cookie, headers)).status).toBe(status);
  });

  it.each([['unknown'], ['given twice'], ['of another port']])('%s is 401', async (kind) => {
    const [name = '', value = ''] = cookieOf(await signIn(codeOf(host.signInUrl))).split('=');
    const cookies = {
      unknown: `${name}=${'A'.repeat(43)}`,
      'given twice': `${name}=${value}; ${name}=${value}`,
      'of another port': `clearway_session_1=${value}`,
    };
    expect((await renew(cookies[kind as keyof typeof cookies])).status).toBe(401);
  });

  it('signing out ends the session and all its access tokens at once, and only those', async () => {
    const first = await signIn(codeOf(host.signInUrl));
    const { accessToken } = await granted(first);
    const other = await granted(await host.send('/session', { method: 'POST', body: {} }));
    const out = await host.send('/session', {
      method: 'DELETE',
      headers: { authorization: undefined, cookie: cookieOf(first), origin: host.url },
    });
    expect(out.status).toBe(200);
    expect(out.headers.get('set-cookie')).toContain('Max-Age=0');
    expect([await callWith(accessToken), (await renew(cookieOf(first))).status, await callWith(other.accessToken)]).toEqual([
      401, 401, 200,
    ]);
  });

  it('signing in again in the same browser ends the session before', async () => {
    const first = await signIn(codeOf(host.signInUrl));
    const { accessToken } = await granted(first);
    await host.send('/session', { method: 'POST', headers: { cookie: cookieOf(first) }, body: {} });
    expect([await callWith(accessToken), (await renew(cookieOf(first))).status]).toEqual([401, 401]);
  });

  it('cannot be signed out from another page', async () => {
    const first = await signIn(codeOf(host.signInUrl));
    const out = await host.send('/session', { method: 'DELETE', headers: { authorization: undefined, cookie: cookieOf(first) } });
    expect([out.status, (await renew(cookieOf(first))).status]).toEqual([403, 200]);
  });
});

it('guessing is slowed down', async () => {
  const statuses = [];
  for (let turn = 0; turn < 70; turn += 1) statuses.push((await signIn('A'.repeat(43))).status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
  expect(statuses[0]).toBe(401);
});

it('neither codes, tokens nor cookies reach the log', async () => {
  const response = await signIn(codeOf(host.signInUrl));
  const { accessToken } = await granted(response);
  const cookie = cookieOf(response);
  await renew(cookie);
  await callWith(accessToken);
  const log = host.logs.join('');
  for (const secret of [codeOf(host.signInUrl), accessToken, cookie.split('=')[1] ?? '-', host.token])
    expect(log).not.toContain(secret);
});

it('the session routes take 4 KB and no other methods', async () => {
  expect((await host.send('/session', { method: 'POST', body: { code: 'x'.repeat(5_000) } })).status).toBe(413);
  expect((await host.send('/session')).status).toBe(405);
  expect((await host.send('/session/renew')).status).toBe(405);
});
