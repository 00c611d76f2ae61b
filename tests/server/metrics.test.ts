import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readScrapeToken } from '../../main/observability/scrape-token.ts';
import { contract, procedureNames } from '../../shared/contract/index.ts';
import { startHost } from './support/host.ts';

const TOKEN = 'kept-over-restarts_'.repeat(2);

const host = async (parts: Parameters<typeof startHost>[0] = {}) => {
  const started = await startHost(parts);
  onTestFinished(() => started.stop());
  return started;
};

describe('/metrics', () => {
  it('answers the token of this run and a session, and nobody without', async () => {
    const { send, url, token } = await host();
    const answer = await send('/metrics');
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      '# no figures\n',
    ]);
    const session = await fetch(`${url}/session`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    });
    const { accessToken } = (await session.json()) as { accessToken: string };
    expect((await send('/metrics', { headers: { authorization: `Bearer ${accessToken}` } })).status).toBe(200);
    expect((await send('/metrics', { headers: { authorization: undefined } })).status).toBe(401);
    expect((await send('/metrics', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(401);
    expect((await send('/metrics', { method: 'DELETE' })).status).toBe(405);
  });

  it('answers the scraper’s own token where there is one, which opens nothing else', async () => {
    const { send } = await host({ scrapeToken: TOKEN });
    const headers = { authorization: `Bearer ${TOKEN}` };
    expect((await send('/metrics', { headers })).status).toBe(200);
    expect((await send('/metrics', { headers: { authorization: `Bearer ${TOKEN}x` } })).status).toBe(401);
    expect((await send('/api/v1/app', { headers })).status).toBe(401);
    expect((await send('/metrics', { headers: { ...headers, origin: 'http://elsewhere.example' } })).status).toBe(403);
  });

  it('is not answered without end: a scraper that loops is told to wait', async () => {
    const { send } = await host({ limits: { scrapes: { burst: 2, perSecond: 0.1 } } });
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await send('/metrics')).status);
    expect(statuses).toEqual([200, 200, 429]);
  });
});

describe('what the door counts', () => {
  it('is named by procedure or by the pattern of a route, never by an address', async () => {
    const { send, app } = await host();
    await send('/api/v1/holdings/h-12345');
    await send('/api/v1/nothing/like/this');
    await send('/some/Cedar-Hollow');
    await send('/healthz', { headers: { host: 'evil.example' } }).catch(() => undefined);
    await send('/healthz', { headers: { origin: 'http://evil.example' } });
    const names = new Set<string>([
      ...procedureNames,
      '/api/v1/*',
      '/api/v1/',
      '/*',
      '/',
      '/index.html',
      '/healthz',
      '/metrics',
      'door',
      'none',
    ]);
    expect(app.answers.map(({ route }) => route).filter((route) => !names.has(route))).toEqual([]);
    expect(app.answers[0]).toMatchObject({ route: 'holdings.get', method: 'GET', status: 200 });
    expect(app.answers.at(-1)).toMatchObject({ route: 'door', method: 'any', status: 403, seconds: null });
    expect(contract['holdings.get'].http.path).toBe('/holdings/:id');
  });
});

describe('the file of the scraper’s token', () => {
  const file = (text: string): string => {
    const path = join(mkdtempSync(join(tmpdir(), 'clearway-token-')), 'token');
    writeFileSync(path, text);
    return path;
  };
  it('holds one line that cannot be guessed', () => {
    expect(readScrapeToken(file(`${TOKEN}\n`))).toBe(TOKEN);
    for (const text of ['', 'short', 'x'.repeat(31), `${TOKEN} ${TOKEN}`])
      expect(() => readScrapeToken(file(text))).toThrow('must hold 32 to 200');
    expect(() => readScrapeToken('/nothing/here')).toThrow('cannot be read: /nothing/here');
  });
});
