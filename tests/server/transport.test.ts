import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHttpTransport, type HttpTransport } from '../../renderer/api/http-transport.ts';
import { createSession, type Session } from '../../renderer/api/session.ts';
import { browserClock } from '../../renderer/ports/clock.ts';
import { AppError, contract, type AppEvent, type Procedure, type ProcedureName } from '../../shared/contract/index.ts';
import { createClient } from '../../shared/contract/client.ts';
import { startHost, type TestHost } from './support/host.ts';

let host: TestHost;
let transports: HttpTransport[] = [];
beforeEach(async () => {
  host = await startHost();
});
afterEach(async () => {
  for (const transport of transports) transport.close();
  transports = [];
  await host.stop();
});

/** A browser as far as signing in is concerned: an address bar, a cookie jar, and an Origin on what it posts. */
const createBrowser = () => {
  const jar = new Map<string, string>();
  const requests: { path: string; headers: Headers }[] = [];
  let offline = false;
  const browserFetch: typeof fetch = async (input, init) => {
    if (offline) throw new TypeError('fetch failed');
    const path = String(input);
    const headers = new Headers(init?.headers);
    if (init?.method !== undefined && init.method !== 'GET') headers.set('origin', host.url);
    if (init?.credentials === 'same-origin' && path.startsWith('/session') && jar.size > 0) {
      headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    }
    requests.push({ path, headers });
    const response = await fetch(host.url + path, { ...init, headers });
    const [pair = ''] = (response.headers.get('set-cookie') ?? '').split(';');
    if (pair.includes('=')) jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    return response;
  };
  /** Opens an address in this browser: a new page, the same cookies. */
  const open = (address: string) => {
    const url = new URL(address);
    const shown: string[] = [];
    const session = createSession({
      fetch: browserFetch,
      clock: browserClock,
      location: { hash: url.hash, pathname: url.pathname, search: url.search },
      history: { replaceState: (_state: unknown, _title: string, next?: string | URL | null) => void shown.push(String(next)) },
    });
    const transport = createHttpTransport({ fetch: browserFetch, clock: browserClock, session });
    transports.push(transport);
    return { session, transport, client: createClient(transport), shown };
  };
  return { open, requests, jar, goOffline: (value: boolean) => void (offline = value) };
};

const settled = (session: Session): Promise<string> =>
  new Promise((resolve) => {
    const look = (): void => {
      const { status } = session.store.getState();
      if (status !== 'starting') resolve(status);
    };
    session.store.subscribe(look);
    look();
  });
const until = async (what: () => boolean): Promise<void> => {
  const end = performance.now() + 5_000;
  while (!what()) {
    if (performance.now() > end) throw new Error('It did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};
const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('signing in', () => {
  it('by the link: works, and the code is gone from the address at once', async () => {
    const page = createBrowser().open(`${host.signInUrl.replace('/#', '/conflicts?field=price#')}`);
    expect(page.shown).toEqual(['/conflicts?field=price']);
    expect(await settled(page.session)).toBe('signed_in');
    await page.client.call('app.info', {});
    expect(host.app.calls.at(-1)?.name).toBe('app.info');
  });

  it('survives a reload through the cookie, and the same link opened again in the same browser', async () => {
    const browser = createBrowser();
    expect(await settled(browser.open(host.signInUrl).session)).toBe('signed_in');
    expect(await settled(browser.open(host.url).session)).toBe('signed_in');
    expect(await settled(browser.open(host.signInUrl).session)).toBe('signed_in');
  });

  it('by a used link in another browser: signed out, with words that help', async () => {
    expect(await settled(createBrowser().open(host.signInUrl).session)).toBe('signed_in');
    const stranger = createBrowser().open(host.signInUrl);
    expect(await settled(stranger.session)).toBe('signed_out');
    expect(stranger.session.store.getState().message).toContain('used already');
  });

  it('by the token in the address, or pasted: works, and the token is in no later request', async () => {
    const browser = createBrowser();
    const page = browser.open(`${host.url}/#token=${host.token}`);
    expect(page.shown).toEqual(['/']);
    expect(await settled(page.session)).toBe('signed_in');
    await page.client.call('app.info', {});
    expect(browser.requests.at(-1)?.headers.get('authorization')).not.toContain(host.token);

    const other = createBrowser().open(host.url);
    expect(await settled(other.session)).toBe('signed_out');
    expect(await rejection(other.session.signInWithToken('wrong'))).toMatchObject({ code: 'unauthenticated' });
    expect(other.session.store.getState().status).toBe('signed_out');
    await other.session.signInWithToken(` ${host.token}\n`);
    expect(other.session.store.getState().status).toBe('signed_in');
  });

  it('without anything: signed out, and calls say so without reaching the program', async () => {
    const page = createBrowser().open(host.url);
    expect(await settled(page.session)).toBe('signed_out');
    expect(await rejection(page.client.call('app.info', {}))).toMatchObject({ code: 'unauthenticated' });
    expect(host.app.calls).toEqual([]);
  });

  it('out: the next call is refused, and a reload stays signed out', async () => {
    const browser = createBrowser();
    const page = browser.open(host.signInUrl);
    await settled(page.session);
    await page.session.signOut();
    expect(await rejection(page.client.call('app.info', {}))).toMatchObject({ code: 'unauthenticated' });
    expect(await settled(browser.open(host.url).session)).toBe('signed_out');
  });

  it('an access token that no longer counts is replaced unseen, once for many calls at a time', async () => {
    const browser = createBrowser();
    const page = browser.open(host.signInUrl);
    await settled(page.session);
    const token = await page.session.accessToken();
    page.session.refused(token);
    const before = browser.requests.filter((request) => request.path === '/session/renew').length;
    await Promise.all(Array.from({ length: 20 }, () => page.client.call('app.info', {})));
    expect(browser.requests.filter((request) => request.path === '/session/renew').length - before).toBe(1);
    expect(host.app.calls).toHaveLength(20);
  });

  it('the API is never sent the cookie', async () => {
    const browser = createBrowser();
    const page = browser.open(host.signInUrl);
    await settled(page.session);
    await page.client.call('app.info', {});
    const toApi = browser.requests.filter((request) => request.path.startsWith('/api/'));
    expect(toApi.length).toBeGreaterThan(0);
    expect(toApi.map((request) => request.headers.get('cookie'))).toEqual(toApi.map(() => null));
  });
});

describe('calls', () => {
  it('carry every kind of input of every procedure to the program unchanged', async () => {
    const page = createBrowser().open(host.signInUrl);
    await settled(page.session);
    const samples: Partial<Record<ProcedureName, unknown>> = {
      'portfolios.list': { search: 'null', limit: 3 },
      'portfolios.holdings': { id: 'p-1', offset: 5, sort: [{ column: 'account', direction: 'desc' }], search: '{"a":1}' },
      'conflicts.page': { filters: [{ column: 'account', operator: 'in', value: ['a&b', 'ü+ %2F'] }] },
      'holdings.groups': { by: 'account', search: '12' },
      'sync.operations': { connectionId: '12', limit: 1 },
      'audit.page': { before: 7 },
      'holdings.edit': {
        id: 'h1',
        field: 'quantity',
        value: '-12345678901234567890.123456789',
        expected: null,
        reason: 'Counted again',
      },
      'portfolios.create': { name: 'Birchwood family trust', accountIds: ['a1'] },
      'connections.disconnect': { id: 'c1' },
      'sync.all': {},
    };
    for (const [name, input] of Object.entries(samples)) {
      await page.transport.call(name as ProcedureName, input);
      const call = host.app.calls.at(-1);
      const procedure: Procedure = contract[name as ProcedureName];
      expect([call?.name, call?.input]).toEqual([name, procedure.input.parse(input)]);
    }
  });

  it('carry any text of a search unchanged', async () => {
    const page = createBrowser().open(host.signInUrl);
    await settled(page.session);
    const text = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter((each) => each.length <= 100);
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 50 }), async (search, limit) => {
        await page.client.call('search.everything', { text: search, limit });
        expect(host.app.calls.at(-1)?.input).toEqual({ text: search, limit });
      }),
      { numRuns: 150 },
    );
  });

  it('reject with the program’s own error: code, message, details, request id', async () => {
    const page = createBrowser().open(host.signInUrl);
    await settled(page.session);
    host.app.answer('batches.undo', (_input, { requestId }) => {
      throw new AppError('later_decisions', 'Three were decided again since.', { requestId, details: { blocked: 3 } });
    });
    const error = await rejection(page.client.call('batches.undo', { id: 'b1' }));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: 'later_decisions',
      message: 'Three were decided again since.',
      details: { blocked: 3 },
      requestId: host.app.calls.at(-1)?.context.requestId,
    });
  });

  it('can be given up', async () => {
    const page = createBrowser().open(host.signInUrl);
    await settled(page.session);
    host.app.answer('app.info', () => new Promise((resolve) => setTimeout(resolve, 300)));
    const stop = new AbortController();
    const call = rejection(page.client.call('app.info', {}, stop.signal));
    setTimeout(() => stop.abort(), 20);
    expect(await call).toMatchObject({ name: 'AbortError' });
  });

  it('that reach nobody say that the program is away', async () => {
    const browser = createBrowser();
    const page = browser.open(host.signInUrl);
    await settled(page.session);
    browser.goOffline(true);
    expect(await rejection(page.client.call('app.info', {}))).toMatchObject({ code: 'busy', details: { offline: true } });
    browser.goOffline(false);
    expect(await rejection(page.client.call('app.info', {}))).toBeNull();
  });
});

describe('events', () => {
  it('reach the screen, and after a gap everything counts as changed', async () => {
    const page = createBrowser().open(host.signInUrl);
    const seen: AppEvent[] = [];
    const unsubscribe = page.client.subscribe((event) => seen.push(event));
    await settled(page.session);
    const progress: AppEvent = { type: 'reconciliation_progressed', runId: 'r1', done: 1, total: 2, finished: false };
    await until(() => (host.app.emit(progress), seen.length > 0));
    expect(seen[0]).toEqual(progress);
    expect(seen.every((event) => event.type === 'reconciliation_progressed')).toBe(true);

    // The session ends and begins anew: the stream breaks and comes back.
    await page.session.signOut();
    seen.length = 0;
    host.app.emit(progress);
    await page.session.signInWithToken(host.token);
    await until(() => seen.length > 0);
    const topics = seen.flatMap((event) => (event.type === 'data_changed' ? event.topics : []));
    expect(topics).toEqual([
      'connections',
      'operations',
      'holdings',
      'conflicts',
      'batches',
      'reconciliation',
      'imports',
      'audit',
      'settings',
    ]);
    unsubscribe();
  });

  it('of a kind this page does not know are passed over', async () => {
    const page = createBrowser().open(host.signInUrl);
    const seen: AppEvent[] = [];
    page.client.subscribe((event) => seen.push(event));
    await settled(page.session);
    const known: AppEvent = { type: 'data_changed', topics: ['audit'] };
    await until(() => {
      host.app.emit({ type: 'invented_later', more: 1 } as never);
      host.app.emit(known);
      return seen.length > 0;
    });
    expect(seen[0]).toEqual(known);
  });
});
