import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentSecurityPolicy, nonceFrom, withNonce } from '../../main/api/content-policy.ts';
import { startHost, type TestHost } from './support/host.ts';
import { sendRaw } from './support/raw.ts';

let host: TestHost;
beforeAll(async () => {
  host = await startHost();
});
afterAll(() => host.stop());

const open = (path: string, method = 'GET') => host.send(path, { method, headers: { authorization: undefined } });

describe('the page', () => {
  it('comes with a fresh nonce per load, the same in page and policy', async () => {
    const nonces = new Set<string>();
    for (let load = 0; load < 5; load += 1) {
      const response = await open('/');
      const html = await response.text();
      const nonce = /<meta name="csp-nonce" content="([^"]+)">/.exec(html)?.[1] ?? '';
      expect(html).not.toContain('__CSP_NONCE__');
      expect(Buffer.from(nonce, 'base64')).toHaveLength(16);
      expect(response.headers.get('content-security-policy')).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self' data:; ` +
          `connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; ` +
          `require-trusted-types-for 'script'; trusted-types 'none'`,
      );
      expect([response.headers.get('cache-control'), response.headers.get('content-type')]).toEqual([
        'no-store',
        'text/html; charset=utf-8',
      ]);
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(5);
  });

  it.each(['/index.html', '/conflicts', '/conflicts/c-1', '/?x=1', '/reconciliation/r1/breaks?side=a.b'])(
    'answers at %s too, so a place of it can be reloaded',
    async (path) => {
      const response = await open(path);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(await response.text()).not.toContain('__CSP_NONCE__');
    },
  );

  it('has files: hashed ones may be kept for ever, others are asked for again', async () => {
    const script = await open('/assets/app-1a2b.js');
    expect([script.status, script.headers.get('cache-control'), script.headers.get('content-type')]).toEqual([
      200,
      'public, max-age=31536000, immutable',
      'application/javascript; charset=utf-8',
    ]);
    const icon = await open('/favicon.svg');
    expect([icon.status, icon.headers.get('cache-control')]).toEqual([200, 'no-cache']);
  });

  it('takes no writes', async () => {
    expect([(await open('/', 'DELETE')).status, (await open('/conflicts', 'DELETE')).status]).toEqual([405, 405]);
  });

  it('that is not built says how to build it', async () => {
    const bare = await startHost();
    try {
      await rm(join(bare.rendererDir, 'index.html'));
      const response = await bare.send('/');
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('npm run build');
    } finally {
      await bare.stop();
    }
  });
});

describe('paths that try to leave the folder', () => {
  it.each([
    '/../outside.txt',
    '/assets/../../outside.txt',
    '/%2e%2e/outside.txt',
    '/assets/%2e%2e/%2e%2e/outside.txt',
    '/..%2foutside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/assets/%252e%252e%252foutside.txt',
    '/..\\outside.txt',
    '/..%5coutside.txt',
    '/assets/..%5c..%5coutside.txt',
    '/%00/outside.txt',
    '/assets/app-1a2b.js%00.txt',
    '//etc/passwd',
    '/%2fetc%2fpasswd',
    '/C:/Windows/win.ini',
    '/C:%5cWindows%5cwin.ini',
    '/file:///etc/passwd',
    '/assets/link.txt',
    '/.hidden',
    '/assets/',
    '/assets',
    '/assets//app-1a2b.js',
    '/assets/./app-1a2b.js/',
    '/nowhere.js',
    '/%E0%A4%A',
  ])('%s', async (path) => {
    const answer = await sendRaw(host.port, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nConnection: close\r\n\r\n`);
    expect([400, 403, 404]).toContain(answer.status);
    expect(answer.text).not.toMatch(/OUTSIDE|HIDDEN|root:|export \{\}/);
    expect(JSON.parse(answer.body)).toHaveProperty('error.requestId');
  });
});

describe('headers', () => {
  const kept = [
    'date',
    'content-length',
    'x-request-id',
    'etag',
    'last-modified',
    'connection',
    'keep-alive',
    'content-security-policy',
  ];
  const headersOf = (response: Response) => Object.fromEntries([...response.headers].filter(([name]) => !kept.includes(name)));
  const common = {
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy':
      'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
  const json = { ...common, 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8' };

  it.each([
    ['an answer of the API', '/api/v1/info', 'GET', json],
    ['a refusal of the API', '/api/v1/nowhere', 'GET', json],
    ['a refused method', '/api/v1/info', 'DELETE', { ...json, allow: 'GET' }],
    ['the API description', '/api/v1/openapi.json', 'GET', json],
    ['health', '/healthz', 'GET', json],
    ['an unknown file', '/nowhere.js', 'GET', json],
    ['the page', '/', 'GET', { ...json, 'content-type': 'text/html; charset=utf-8' }],
    [
      'a file',
      '/assets/app-1a2b.js',
      'GET',
      {
        ...common,
        'accept-ranges': 'bytes',
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': 'application/javascript; charset=utf-8',
      },
    ],
  ])('of %s are exactly these', async (_what, path, method, expected) => {
    const response = await host.send(path, { method });
    expect(headersOf(response)).toEqual(expected);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('of a request stopped at the door are the same', async () => {
    const answer = await sendRaw(host.port, 'GET / HTTP/1.1\r\nHost: evil.com\r\n\r\n');
    for (const [name, value] of Object.entries(json)) expect([name, answer.headers.get(name)]).toEqual([name, value]);
    expect(answer.headers.get('connection')).toBe('close');
  });

  it('health says nothing but that it answers', async () => {
    expect(await (await open('/healthz')).json()).toEqual({ ok: true });
  });
});

describe('the policy', () => {
  it('needs 16 random bytes and a page with a place for the nonce', () => {
    expect(() => nonceFrom(new Uint8Array(15))).toThrow(RangeError);
    expect(() => withNonce('<html></html>', 'n')).toThrow('__CSP_NONCE__');
    expect(withNonce('a __CSP_NONCE__ b', 'n')).toBe('a n b');
    expect(contentSecurityPolicy('n')).not.toMatch(/unsafe|\*|https?:/);
  });
});
