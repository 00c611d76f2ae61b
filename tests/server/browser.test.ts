import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Browser } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM_ARGUMENTS, findChromium } from '../../scripts/chromium.mjs';
import { startHost, type TestHost } from './support/host.ts';

const executablePath = findChromium();

/** What a page does to sign in, small enough to be read here; it shows its result as text. */
const SCRIPT = `
const json = { 'content-type': 'application/json' };
const code = new URLSearchParams(location.hash.slice(1)).get('sign-in');
history.replaceState(null, '', '/');
const first = await fetch(code ? '/session' : '/session/renew', { method: 'POST', headers: json, body: JSON.stringify(code ? { code } : {}) });
const { accessToken } = await first.json();
const info = await fetch('/api/v1/info', { headers: { authorization: 'Bearer ' + accessToken } });
const withCookie = await fetch('/api/v1/info', { credentials: 'include' });
document.body.textContent = JSON.stringify({ signIn: first.status, info: info.status, withCookie: withCookie.status, cookie: document.cookie, address: location.href });
`;

describe.skipIf(executablePath === null)('a real browser (skipped where there is no Chromium)', () => {
  let host: TestHost;
  let browser: Browser;
  let foreign: Server;
  beforeAll(async () => {
    host = await startHost();
    await writeFile(join(host.rendererDir, 'assets', 'app-1a2b.js'), SCRIPT);
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: CHROMIUM_ARGUMENTS,
    });
    foreign = createHttpServer((_request, response) =>
      response.setHeader('content-type', 'text/html').end('<title>elsewhere</title>'),
    ).listen(0, '127.0.0.1');
    await new Promise((resolve) => foreign.once('listening', resolve));
  });
  afterAll(async () => {
    await browser.close();
    foreign.close();
    await host.stop();
  });

  it('signs in by the link, stays signed in after a reload, and never shows scripts the cookie', async () => {
    const page = await browser.newPage({ locale: 'en-GB' });
    const complaints: string[] = [];
    page.on(
      'console',
      (message) => message.type() === 'error' && !message.text().includes('401') && complaints.push(message.text()),
    );
    await page.goto(host.signInUrl);
    await page.waitForFunction(() => document.body.textContent?.startsWith('{'));
    const expected = { signIn: 200, info: 200, withCookie: 401, cookie: '', address: `${host.url}/` };
    expect(JSON.parse((await page.textContent('body')) ?? '')).toEqual(expected);
    await page.reload();
    await page.waitForFunction(() => document.body.textContent?.startsWith('{'));
    expect(JSON.parse((await page.textContent('body')) ?? '')).toEqual(expected);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('on a page of another port can neither read, write, renew nor frame, even with the token', async () => {
    const page = await browser.newPage({ locale: 'en-GB' });
    const { port } = foreign.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/`);
    const before = host.app.calls.length;
    const results = await page.evaluate(
      async ({ url, token }) => {
        const attempt = (path: string, init: RequestInit): Promise<string> =>
          fetch(url + path, init).then(
            (response) => `answered ${response.status}`,
            () => 'blocked',
          );
        const authorization = `Bearer ${token}`;
        return Promise.all([
          attempt('/api/v1/info', { headers: { authorization } }),
          attempt('/api/v1/sync-operations', {
            method: 'POST',
            headers: { authorization, 'content-type': 'application/json' },
            body: '{}',
          }),
          attempt('/session/renew', {
            method: 'POST',
            credentials: 'include',
            headers: { 'content-type': 'application/json' },
            body: '{}',
          }),
          attempt('/session/renew', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' }).then((text) =>
            text === 'answered 0' ? 'opaque' : text,
          ),
          attempt('/healthz', {}),
        ]);
      },
      { url: host.url, token: host.token },
    );
    expect(results.filter((text) => text.startsWith('answered'))).toEqual([]);
    expect(host.app.calls.length).toBe(before);
    await page.close();
  });

  it('refuses to run an inline script or style in the page', async () => {
    const page = await browser.newPage({ locale: 'en-GB' });
    await page.goto(host.url);
    await page.waitForFunction(() => document.body.textContent?.startsWith('{'));
    const outcome = await page.evaluate(() => {
      const seen: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
      const style = document.createElement('style');
      style.textContent = 'body { color: rgb(1, 2, 3) }';
      document.head.append(style);
      const nonced = document.createElement('style');
      nonced.nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
      nonced.textContent = 'body { background-color: rgb(4, 5, 6) }';
      document.head.append(nonced);
      let sink = 'ran';
      try {
        document.body.innerHTML = '<b>x</b>';
      } catch {
        sink = 'refused';
      }
      const look = getComputedStyle(document.body);
      return new Promise<{ seen: string[]; sink: string; color: string; background: string }>((resolve) =>
        setTimeout(() => resolve({ seen, sink, color: look.color, background: look.backgroundColor }), 100),
      );
    });
    expect(outcome.color).not.toBe('rgb(1, 2, 3)');
    expect([outcome.background, outcome.sink]).toEqual(['rgb(4, 5, 6)', 'refused']);
    expect(outcome.seen).toContain('style-src-elem');
    await page.close();
  });
});
