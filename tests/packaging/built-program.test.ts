import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { setUp } from '../../scripts/setup.mjs';
import { startDesktop } from '../electron/start-desktop.ts';
import { tempFolder } from '../support/temp-folder.ts';

beforeAll(() => setUp({ build: true }), 120_000);

describe('the built program', () => {
  it('starts its threads beside itself, answers a call, and serves its own page and parts', async () => {
    const { next, tell, exited } = startDesktop(tempFolder(), 'out/main/index.js');
    await next('load');
    tell({ do: 'connect', frame: {} });
    await next('port');
    tell({ do: 'send', message: { id: 1, name: 'app.info', input: {} } });
    expect((await next('answer')).message).toMatchObject({ id: 1, ok: true });

    tell({ do: 'fetch', url: 'app://workstation/conflicts' });
    const page = await next('fetch');
    const nonce = /'nonce-([^']+)'/.exec(page.headers['content-security-policy'] ?? '')?.[1] ?? 'none';
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining(`content="${nonce}"`) });
    const part = /src="(\/assets\/[^"]+\.js)"/.exec(page.text)?.[1] ?? '';
    tell({ do: 'fetch', url: `app://workstation${part}` });
    expect(await next('fetch')).toMatchObject({ status: 200, headers: { 'content-type': 'text/javascript; charset=utf-8' } });

    tell({ do: 'quit' });
    expect(await exited).toBe(0);
  });

  it('has a preload that requires electron and nothing else', () => {
    const preload = readFileSync('out/preload/index.cjs', 'utf8');
    expect([...preload.matchAll(/require\(["']([^"']+)["']\)/g)].map((match) => match[1])).toEqual(['electron']);
    expect(preload).not.toMatch(/^import /m);
  });

  it('has a page without inline script or style, which the content policy would refuse', () => {
    const page = readFileSync('out/renderer/index.html', 'utf8');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:/i);
    expect(page).toContain('__CSP_NONCE__');
  });
});
