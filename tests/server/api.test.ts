import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError, ERROR_STATUS, contract, errorBody, procedureNames, type ErrorCode } from '../../shared/contract/index.ts';
import { startHost, type TestHost } from './support/host.ts';
import { sendRaw } from './support/raw.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startHost();
});
afterAll(() => host.stop());
beforeEach(() => {
  host.app.calls.length = 0;
});

const failure = async (response: Response) => errorBody.parse(await response.json()).error;
const concrete = (path: string): string => `/api/v1${path.replace(/:\w+/g, 'x1')}`;

describe('the bearer token', () => {
  it.each([
    ['missing', undefined],
    ['wrong', `Bearer ${'A'.repeat(43)}`],
    ['empty', 'Bearer '],
    ['of another scheme', 'Basic dXNlcjpwYXNz'],
    ['with a space before it', 'Bearer  x'],
  ])('%s: 401, and nothing runs', async (_what, authorization) => {
    const response = await host.send('/api/v1/info', { headers: { authorization } });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await failure(response)).toMatchObject({ code: 'unauthenticated' });
    expect(host.app.calls).toEqual([]);
  });

  it('cut short, lengthened or changed in one character: 401', async () => {
    const flipped = (host.token.startsWith('A') ? 'B' : 'A') + host.token.slice(1);
    for (const token of [host.token.slice(0, -1), `${host.token}A`, flipped]) {
      expect((await host.send('/api/v1/info', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401);
    }
  });

  it('in the query string or in a cookie counts for nothing', async () => {
    const inQuery = await host.send(`/api/v1/info?token=${host.token}&access_token=${host.token}`, {
      headers: { authorization: undefined },
    });
    const inCookie = await host.send('/api/v1/info', {
      headers: { authorization: undefined, cookie: `clearway_session_${host.port}=${host.token}` },
    });
    expect([inQuery.status, inCookie.status]).toEqual([401, 401]);
  });

  it('is asked for at every route of the API before anything is said about the request', async () => {
    const statuses = await Promise.all(
      procedureNames.map(async (name) => {
        const { method, path } = contract[name].http;
        const sendsBody = method === 'POST' || method === 'PUT';
        return (
          await host.send(concrete(path), {
            method,
            headers: { authorization: undefined },
            ...(sendsBody ? { text: 'not json' } : {}),
          })
        ).status;
      }),
    );
    expect(new Set(statuses)).toEqual(new Set([401]));
    const others = await Promise.all(
      ['/api/v1/nowhere', '/api/v1/events', '/api/v1/openapi.json', '/api/v1'].map((path) =>
        host.send(path, { headers: { authorization: undefined } }),
      ),
    );
    expect(others.map((response) => response.status)).toEqual([401, 401, 401, 401]);
  });
});

describe('routes', () => {
  it('every procedure is reached at its own method and path, in the name of the host’s actor', async () => {
    for (const name of procedureNames) {
      const { method, path } = contract[name].http;
      const sendsBody = method === 'POST' || method === 'PUT';
      const response = await host.send(concrete(path), { method, ...(sendsBody ? { body: {} } : {}) });
      // The input is mostly incomplete, so either the procedure ran or its own schema refused it.
      expect([name, [200, 400].includes(response.status)]).toEqual([name, true]);
      if (response.status === 400) expect(await failure(response)).toMatchObject({ code: 'invalid_input' });
      else expect(host.app.calls.at(-1)).toMatchObject({ name, context: { actor: { id: 'local', role: 'admin' } } });
    }
  });

  it('methods an address does not use get 405 and the ones it does', async () => {
    const used = new Map<string, Set<string>>();
    for (const name of procedureNames) {
      const { method, path } = contract[name].http;
      used.set(path, (used.get(path) ?? new Set()).add(method));
    }
    for (const [path, methods] of used) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].filter((each) => !methods.has(each))) {
        const sendsBody = method === 'POST' || method === 'PUT';
        const response = await host.send(concrete(path), { method, ...(sendsBody ? { body: {} } : {}) });
        expect([method, path, response.status, response.headers.get('allow')]).toEqual([
          method,
          path,
          405,
          [...methods].join(', '),
        ]);
      }
    }
    expect(host.app.calls).toEqual([]);
  });

  it.each(['/api/v1/nowhere', '/api/v1/', '/api/v1/info/', '/api/v1/INFO', '/api/v1/portfolios/a/b/c', '/api/v1//info'])(
    '%s is nothing: 404',
    async (path) => {
      const response = await host.send(path);
      expect([response.status, (await failure(response)).code]).toEqual([404, 'not_found']);
    },
  );

  it('a GET never reaches a command', async () => {
    const commandPaths = procedureNames
      .filter((name) => contract[name].kind === 'command')
      .map((name) => concrete(contract[name].http.path));
    for (const path of commandPaths) await host.send(path);
    expect(host.app.calls.map((call) => contract[call.name].kind).filter((kind) => kind === 'command')).toEqual([]);
  });
});

describe('input of a GET', () => {
  it('takes texts as they stand and everything else as JSON', async () => {
    const filters = [{ column: 'account', operator: 'in', value: ['a&b=c', 'd+e %'] }];
    const query = new URLSearchParams({ search: '12', limit: '5', filters: JSON.stringify(filters) });
    expect((await host.send(`/api/v1/portfolios/p-1/conflicts?${query}`)).status).toBe(200);
    expect(host.app.calls.at(-1)).toMatchObject({
      name: 'portfolios.conflicts',
      input: { id: 'p-1', search: '12', limit: 5, offset: 0, filters },
    });
  });

  it.each([
    ['broken JSON', '/api/v1/conflicts?limit=five', 'limit is not valid JSON'],
    ['JSON of the wrong kind', '/api/v1/conflicts?limit=%225%22', 'limit'],
    ['a repeated member', '/api/v1/conflicts?limit=5&limit=6', 'limit is given more than once'],
    ['an unknown member', '/api/v1/conflicts?colour=red', 'colour'],
    ['a path member given again', '/api/v1/portfolios/p1?id=p2', 'id stands in the path'],
    ['__proto__', '/api/v1/conflicts?__proto__=%7B%22limit%22%3A1%7D', '__proto__'],
    ['constructor', '/api/v1/conflicts?constructor=1', 'constructor'],
    ['an escaped __proto__', '/api/v1/conflicts?%5F_proto__=1', '__proto__'],
    ['__proto__ inside a value', '/api/v1/conflicts?filters=%5B%7B%22__proto__%22%3A%7B%7D%7D%5D', '__proto__'],
    ['a broken percent sign', '/api/v1/conflicts?search=%E0%A4%A', 'percent'],
    ['an id that is none', '/api/v1/portfolios/..%2f..%2fetc', 'id'],
  ])('%s: 400 that says so', async (_what, path, words) => {
    const response = await host.send(path);
    expect(response.status).toBe(400);
    expect(await failure(response)).toMatchObject({ code: 'invalid_input', message: expect.stringContaining(words) as string });
    expect(host.app.calls).toEqual([]);
    expect(({} as Record<string, unknown>)['limit']).toBeUndefined();
  });

  it('with a body is refused', async () => {
    const answer = await sendRaw(
      host.port,
      `GET /api/v1/info HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nAuthorization: Bearer ${host.token}\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
    );
    expect(answer.status).toBe(400);
  });
});

describe('input of a write', () => {
  it.each([
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json2',
    'text/json',
    'application/json; charset=latin1',
  ])('content type %s: 415, and nothing runs', async (type) => {
    const answer = await sendRaw(
      host.port,
      `POST /api/v1/sync-operations HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nAuthorization: Bearer ${host.token}\r\n${type === undefined ? '' : `Content-Type: ${type}\r\n`}Content-Length: 2\r\nConnection: close\r\n\r\n{}`,
    );
    expect(answer.status).toBe(415);
    expect(host.app.calls).toEqual([]);
  });

  it('takes path members from the path and the rest from the body', async () => {
    const body = { strategy: 'CLEARWAY_WINS', comment: 'As agreed' };
    expect((await host.send('/api/v1/portfolios/p1/conflicts/c2/resolve', { method: 'PUT', body })).status).toBe(200);
    expect(host.app.calls.at(-1)).toMatchObject({
      name: 'portfolios.resolveConflict',
      input: { id: 'p1', conflictId: 'c2', ...body },
    });
  });

  it('an empty body is an empty object', async () => {
    expect((await host.send('/api/v1/sync-operations', { method: 'POST', text: '' })).status).toBe(200);
    expect(host.app.calls.at(-1)).toMatchObject({ name: 'sync.all', input: {} });
  });

  it.each([
    ['no JSON', '{', 'not valid JSON'],
    ['a list', '[]', 'JSON object'],
    ['a text', '"x"', 'JSON object'],
    ['null', 'null', 'JSON object'],
    ['an unknown member', '{"name":"Birch","accountIds":[],"admin":true}', 'admin'],
    ['__proto__', '{"name":"Birch","__proto__":{"polluted":1}}', '__proto__'],
    ['an escaped __proto__', '{"name":"Birch","\\u005f_proto__":{"polluted":1}}', '__proto__'],
    ['constructor deep inside', '{"name":"Birch","accountIds":[{"constructor":{"prototype":{}}}]}', 'constructor'],
    ['nesting without end', `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'nested'],
  ])('%s: 400 that says so', async (_what, text, words) => {
    const response = await host.send('/api/v1/portfolios', { method: 'POST', text });
    expect(response.status).toBe(400);
    expect(await failure(response)).toMatchObject({ code: 'invalid_input', message: expect.stringContaining(words) as string });
    expect(host.app.calls).toEqual([]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('bytes that are not UTF-8 are refused instead of guessed at', async () => {
    const response = await fetch(`${host.url}/api/v1/portfolios`, {
      method: 'POST',
      headers: { authorization: `Bearer ${host.token}`, 'content-type': 'application/json' },
      body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    });
    expect([response.status, (await failure(response)).message]).toEqual([400, 'The body is not valid UTF-8.']);
  });

  it('a path member given again in the body, or a query string on a write, is refused', async () => {
    expect((await host.send('/api/v1/batches/b1/undo', { method: 'POST', body: { id: 'b2' } })).status).toBe(400);
    expect((await host.send('/api/v1/sync-operations?x=1', { method: 'POST', body: {} })).status).toBe(400);
    expect(host.app.calls).toEqual([]);
  });

  it('1 MB is the most for a body, 30 MB for a file, and a declared size is refused without being read', async () => {
    const over = JSON.stringify({ name: 'x'.repeat(1_048_576) });
    const response = await host.send('/api/v1/portfolios', { method: 'POST', text: over });
    expect([response.status, (await failure(response)).code]).toEqual([413, 'too_large']);
    const declared = await sendRaw(
      host.port,
      `POST /api/v1/imports/preview HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nAuthorization: Bearer ${host.token}\r\nContent-Type: application/json\r\nContent-Length: ${30 * 1_048_576 + 1}\r\n\r\n{`,
    );
    expect(declared.status).toBe(413);
    expect(host.app.calls).toEqual([]);
  });

  it('a custodian file of 20 MB passes', async () => {
    // 20 MB is 20,971,520 bytes; base64 makes 4 characters of 3 bytes: 27,962,028.
    const content = Buffer.alloc(20 * 1_048_576, 'a').toString('base64');
    expect(content.length).toBe(27_962_028);
    const response = await host.send('/api/v1/imports/preview', { method: 'POST', body: { fileName: 'statement.ofx', content } });
    expect(response.status).toBe(200);
    expect(host.app.calls.map((call) => (call.input as { content: string }).content.length)).toEqual([27_962_028]);
  });

  it('a chunked body that goes on past the limit is cut', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const answer = await sendRaw(
      host.port,
      `POST /api/v1/portfolios HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nAuthorization: Bearer ${host.token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(20)}`,
    );
    expect(answer.status).toBe(413);
  });
});

describe('errors', () => {
  it.each(Object.entries(ERROR_STATUS) as [ErrorCode, number][])(
    '%s answers with status %i and the contract’s error body',
    async (code, status) => {
      host.app.answer('settings.get', (_input, { requestId }) => {
        throw new AppError(code, `About ${code}`, { requestId, details: { left: 3 } });
      });
      const response = await host.send('/api/v1/settings');
      expect(response.status).toBe(status);
      expect(await failure(response)).toEqual({
        code,
        message: `About ${code}`,
        details: { left: 3 },
        requestId: response.headers.get('x-request-id'),
      });
    },
  );

  it('what nobody expected stays in the log: the caller gets an id that leads there', async () => {
    host.app.answer('settings.get', () => {
      throw new TypeError('SELECT secret_ref FROM connections failed at /home/ops/clearway.db');
    });
    const response = await host.send('/api/v1/settings');
    const error = await failure(response);
    expect([response.status, error.code]).toEqual([500, 'internal']);
    expect(error.message).not.toMatch(/SELECT|home|TypeError/);
    const line = host.logs.find((text) => text.includes(error.requestId) && text.includes('secret_ref'));
    expect(line).toBeDefined();
  });
});

describe('load', () => {
  it('1,000 requests at the same time all get their own answer', async () => {
    host.app.answer('search.everything', async (input) => {
      await new Promise((resolve) => setImmediate(resolve));
      return { items: [{ kind: 'account', id: 'a', label: (input as { text: string }).text, detail: '' }] };
    });
    const labels = await Promise.all(
      Array.from({ length: 1_000 }, async (_, index) => {
        const response = await host.send(`/api/v1/search?text=n${index}`);
        return ((await response.json()) as { items: { label: string }[] }).items[0]?.label;
      }),
    );
    expect(labels).toEqual(Array.from({ length: 1_000 }, (_, index) => `n${index}`));
    expect(new Set(host.app.calls.map((call) => call.context.requestId)).size).toBe(1_000);
  });

  it('a client past its allowance gets 429 and how long to wait, and is served again later', async () => {
    const strict = await startHost({ limits: { calls: { burst: 5, perSecond: 20 } } });
    try {
      const responses = await Promise.all(Array.from({ length: 10 }, () => strict.send('/api/v1/info')));
      const refused = responses.filter((response) => response.status === 429);
      expect(responses.filter((response) => response.status === 200).length).toBeGreaterThanOrEqual(5);
      expect(refused.length).toBeGreaterThanOrEqual(1);
      expect(refused[0]?.headers.get('retry-after')).toBe('1');
      expect(await failure(refused[0] as Response)).toMatchObject({ code: 'busy' });
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect((await strict.send('/api/v1/info')).status).toBe(200);
    } finally {
      await strict.stop();
    }
  });
});

it('the log holds the pattern of a route, never its query, and never the token', async () => {
  await host.send('/api/v1/search?text=Birchwood');
  await host.send('/api/v1/nowhere?text=Birchwood');
  const text = host.logs.join('');
  expect(text).toContain('/api/v1/search');
  expect(text).not.toContain('Birchwood');
  expect(text).not.toContain(host.token);
});
