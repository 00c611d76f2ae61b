import { describe, expect, it } from 'vitest';
import { APP_SCHEME, createAppProtocol } from '../../main/electron/app-protocol.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const PAGE = '<meta name="csp-nonce" content="__CSP_NONCE__">';

function protocol() {
  let load = 0;
  const asked: string[] = [];
  const handle = createAppProtocol({
    read: (path) => {
      asked.push(path);
      if (path === '/') return Promise.resolve({ bytes: encode(PAGE), contentType: 'text/html; charset=utf-8', isPage: true });
      if (path === '/a.js')
        return Promise.resolve({ bytes: encode('run()'), contentType: 'text/javascript; charset=utf-8', isPage: false });
      return Promise.resolve(null);
    },
    random: { bytes: (length) => new Uint8Array(length).fill(++load) },
  });
  return { asked, get: (url: string, method = 'GET') => handle({ url, method }) };
}

describe('the app protocol', () => {
  it('is an origin of its own that the content policy binds', () => {
    expect(APP_SCHEME.scheme).toBe('app');
    expect(APP_SCHEME.privileges).toMatchObject({ standard: true, secure: true });
    expect(APP_SCHEME.privileges).not.toHaveProperty('bypassCSP');
    expect(APP_SCHEME.privileges).not.toHaveProperty('allowServiceWorkers');
  });

  it('serves the page with the policy, and one fresh nonce in both', async () => {
    const { get } = protocol();
    // 18 bytes of value 1 are 24 base64 characters.
    const nonce = Buffer.alloc(18, 1).toString('base64');
    const first = await get('app://workstation/');
    expect(await first.text()).toBe(`<meta name="csp-nonce" content="${nonce}">`);
    const policy = first.headers.get('content-security-policy') ?? '';
    expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(first.headers.get('cache-control')).toBe('no-store');
    const second = await get('app://workstation/');
    expect(await second.text()).not.toContain(nonce);
  });

  it('serves parts of the page with their type, not to be guessed at', async () => {
    const answer = await protocol().get('app://workstation/a.js');
    expect(await answer.text()).toBe('run()');
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('answers a missing file with 404 and another host without looking', async () => {
    const { get, asked } = protocol();
    expect((await get('app://workstation/gone.js')).status).toBe(404);
    expect((await get('app://elsewhere/a.js')).status).toBe(404);
    expect(asked).toEqual(['/gone.js']);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE'])('answers %s with 405', async (method) => {
    expect((await protocol().get('app://workstation/', method)).status).toBe(405);
  });

  it('answers HEAD with the headers alone', async () => {
    const answer = await protocol().get('app://workstation/', 'HEAD');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
  });
});
