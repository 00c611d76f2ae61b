import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHost, type TestHost } from './support/host.ts';
import { sendRaw } from './support/raw.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startHost();
});
afterAll(() => host.stop());

const get = (hostLines: string, more = '', target = '/api/v1/info'): string =>
  `GET ${target} HTTP/1.1\r\n${hostLines}Authorization: Bearer ${host.token}\r\nConnection: close\r\n${more}\r\n`;

describe('Host is checked before everything else', () => {
  it.each([
    ['evil.com', () => 'Host: evil.com\r\n'],
    ['evil.com with our port', () => `Host: evil.com:${host.port}\r\n`],
    ['our name as a prefix', () => `Host: 127.0.0.1.evil.com:${host.port}\r\n`],
    ['userinfo trick', () => `Host: 127.0.0.1:${host.port}@evil\r\n`],
    ['missing', () => ''],
    ['empty', () => 'Host:\r\n'],
    ['duplicated, good first', () => `Host: 127.0.0.1:${host.port}\r\nHost: evil.com\r\n`],
    ['duplicated, both good', () => `Host: 127.0.0.1:${host.port}\r\nHost: 127.0.0.1:${host.port}\r\n`],
    ['upper case', () => `Host: LOCALHOST:${host.port}\r\n`],
    ['trailing dot', () => `Host: localhost.:${host.port}\r\n`],
    ['no port', () => 'Host: 127.0.0.1\r\n'],
    ['another port', () => `Host: 127.0.0.1:${host.port + 1}\r\n`],
    ['any address', () => `Host: 0.0.0.0:${host.port}\r\n`],
    ['another spelling of loopback', () => `Host: 127.1:${host.port}\r\n`],
    ['loopback as one number', () => `Host: 2130706433:${host.port}\r\n`],
  ])('%s is refused with 403 and the program is not called', async (_what, hostLines) => {
    const before = host.app.calls.length;
    const answer = await sendRaw(host.port, get(hostLines()));
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'forbidden' } });
    expect(host.app.calls.length).toBe(before);
  });

  it('a target in absolute form is refused even when Host is right', async () => {
    const good = `Host: 127.0.0.1:${host.port}\r\n`;
    expect((await sendRaw(host.port, get(good, '', 'http://evil.com/api/v1/info'))).status).toBe(403);
    expect((await sendRaw(host.port, get(good, '', `http://127.0.0.1:${host.port}/api/v1/info`))).status).toBe(403);
  });

  it('the two right names are let in', async () => {
    expect((await sendRaw(host.port, get(`Host: 127.0.0.1:${host.port}\r\n`))).status).toBe(200);
    expect((await sendRaw(host.port, get(`Host: localhost:${host.port}\r\n`))).status).toBe(200);
  });

  it('a wrong Host is refused before a missing token, and also for pages, sign-in and health', async () => {
    for (const target of ['/', '/healthz', '/assets/app-1a2b.js', '/api/v1/info', '/nowhere']) {
      const answer = await sendRaw(host.port, `GET ${target} HTTP/1.1\r\nHost: evil.com\r\nConnection: close\r\n\r\n`);
      expect([target, answer.status]).toEqual([target, 403]);
    }
  });
});

describe('other origins', () => {
  const good = (): string => `Host: 127.0.0.1:${host.port}\r\n`;

  it.each([
    ['a foreign origin', () => 'Origin: https://evil.com\r\n'],
    ['the null origin', () => 'Origin: null\r\n'],
    ['another port of this machine', () => `Origin: http://127.0.0.1:${host.port + 1}\r\n`],
    ['https instead of http', () => `Origin: https://127.0.0.1:${host.port}\r\n`],
    ['the other loopback name', () => `Origin: http://localhost:${host.port}\r\n`],
    ['two origins', () => `Origin: http://127.0.0.1:${host.port}\r\nOrigin: https://evil.com\r\n`],
    ['a cross-site fetch', () => 'Sec-Fetch-Site: cross-site\r\n'],
    ['a fetch from another port (same-site)', () => 'Sec-Fetch-Site: same-site\r\n'],
  ])('%s is refused and gets no CORS header', async (_what, lines) => {
    const answer = await sendRaw(host.port, get(good(), lines()));
    expect([400, 403]).toContain(answer.status);
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('its own page and a typed address are let in', async () => {
    expect(
      (await sendRaw(host.port, get(good(), `Origin: http://127.0.0.1:${host.port}\r\nSec-Fetch-Site: same-origin\r\n`))).status,
    ).toBe(200);
    expect((await sendRaw(host.port, get(good(), 'Sec-Fetch-Site: none\r\n'))).status).toBe(200);
  });

  it('a preflight from a foreign origin is refused without any CORS header', async () => {
    const answer = await sendRaw(
      host.port,
      `OPTIONS /api/v1/imports HTTP/1.1\r\n${good()}Origin: https://evil.com\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Private-Network: true\r\nConnection: close\r\n\r\n`,
    );
    expect(answer.status).toBe(403);
    expect(answer.text.toLowerCase()).not.toContain('access-control');
  });

  it.each(['OPTIONS', 'TRACE', 'PATCH', 'PROPFIND'])('%s is not used: 405 with the methods that are', async (method) => {
    const answer = await sendRaw(
      host.port,
      `${method} /api/v1/info HTTP/1.1\r\n${good()}Connection: close\r\nX-Echo: canary\r\n\r\n`,
    );
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, PUT, DELETE']);
    expect(answer.text).not.toContain('canary');
  });

  it('CONNECT opens no tunnel', async () => {
    const answer = await sendRaw(host.port, `CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com:443\r\n\r\n`);
    expect(answer.status).not.toBe(200);
  });

  it.each(['Authorization: Bearer x', 'Cookie: a=b', 'Content-Type: text/plain'])(
    'a second header of its kind (%s) is refused',
    async (line) => {
      const answer = await sendRaw(host.port, get(good(), `${line}\r\n${line}\r\n`));
      expect(answer.status).toBe(400);
    },
  );
});

describe('broken or slow requests', () => {
  it('bytes that are no HTTP get 400 and the socket is closed', async () => {
    expect((await sendRaw(host.port, 'hello there\r\n\r\n')).status).toBe(400);
  });

  it('headers larger than the limit get 431', async () => {
    expect(
      (await sendRaw(host.port, get(`Host: 127.0.0.1:${host.port}\r\n`, `X-Big: ${'x'.repeat(70 * 1024)}\r\n`))).status,
    ).toBe(431);
  });

  it('a client that drips its headers is cut off, while others are served', async () => {
    const slow = await startHost({ limits: { headersTimeout: 300, requestTimeout: 400 } });
    try {
      const drips = Array.from({ length: 20 }, () => sendRaw(slow.port, 'GET /healthz HTTP/1.1\r\nX-Drip: a\r\n', 5_000));
      const started = performance.now();
      expect((await slow.send('/healthz')).status).toBe(200);
      const answers = await Promise.all(drips);
      expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([408]));
      expect(performance.now() - started).toBeLessThan(4_000);
    } finally {
      await slow.stop();
    }
  });

  it('a client that drips its body is cut off, and the program is not called', async () => {
    const slow = await startHost({ limits: { headersTimeout: 300, requestTimeout: 400 } });
    try {
      const answer = await sendRaw(
        slow.port,
        `POST /api/v1/sync-operations HTTP/1.1\r\nHost: 127.0.0.1:${slow.port}\r\nAuthorization: Bearer ${slow.token}\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{`,
        5_000,
      );
      expect(answer.status).toBe(408);
      expect(slow.app.calls).toEqual([]);
    } finally {
      await slow.stop();
    }
  });
});
