import { describe, expect, it } from 'vitest';
import { demoOf } from '../../main/server/demo-firm.ts';
import { usualDataFolder } from '../../main/ports/data-folder.ts';
import { browserCommand, openBrowser } from '../../main/server/open-browser.ts';
import { parseOptions } from '../../main/server/options.ts';
import { createRateLimit } from '../../main/server/rate-limit.ts';
import { startSandbox } from '../../main/server/sandbox-process.ts';
import { systemClock } from '../../main/ports/clock.ts';

describe('the usual data folder', () => {
  it.each([
    ['linux', {}, '/home/ops', '/home/ops/.local/share/clearway'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/home/ops', '/data/clearway'],
    ['linux', { XDG_DATA_HOME: 'relative' }, '/home/ops', '/home/ops/.local/share/clearway'],
    ['darwin', {}, '/Users/ops', '/Users/ops/Library/Application Support/Clearway'],
    ['win32', { APPDATA: 'C:\\Users\\ops\\AppData\\Roaming' }, 'C:\\Users\\ops', 'C:\\Users\\ops\\AppData\\Roaming\\Clearway'],
    ['win32', {}, 'C:\\Users\\ops', 'C:\\Users\\ops\\AppData\\Roaming\\Clearway'],
  ] as const)('on %s with %j is the platform’s own', (platform, env, home, expected) => {
    expect(usualDataFolder({ platform, env, home })).toBe(expected);
  });
});

describe('opening a browser', () => {
  const url = 'http://127.0.0.1:4000/#sign-in=abc';
  it.each([
    ['darwin', {}, ['open', url]],
    ['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler', url]],
    ['linux', { DISPLAY: ':0' }, ['xdg-open', url]],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open', url]],
    ['linux', {}, null],
  ] as const)('on %s with %j uses its own opener', (platform, env, expected) => {
    expect(browserCommand(url, { platform, env })).toEqual(expected);
  });

  it.skipIf(process.platform === 'win32')('with an opener that this machine has not is reported and harms nothing', async () => {
    const cause = await new Promise((resolve) => openBrowser(url, { platform: 'win32', env: {} }, resolve));
    expect(cause).toMatchObject({ code: 'ENOENT' });
  });
});

describe('options', () => {
  it('left out mean: usual folder, any free port, browser, no demo firm', () => {
    expect(parseOptions([])).toEqual({
      kind: 'run',
      options: { dataDir: null, port: 0, openBrowser: true, restoreBackup: null, metricsTokenFile: null, sandbox: null },
    });
  });
  it('of the demo firm are passed on', () => {
    expect(
      parseOptions(['--sandbox', '--sandbox-holdings=1000000', '--sandbox-accounts', '20', '--sandbox-seed', '0']),
    ).toMatchObject({
      options: { sandbox: { holdings: 1_000_000, accounts: 20, seed: 0 } },
    });
  });
});

it('a bucket gives its burst, then its rate, to each key on its own', () => {
  let now = 0;
  const take = createRateLimit({ burst: 3, perSecond: 2 }, () => now);
  expect([take('a'), take('a'), take('a'), take('a'), take('b')]).toEqual([0, 0, 0, 1, 0]);
  now = 500;
  // Half a second at two a second is one more.
  expect([take('a'), take('a')]).toEqual([0, 1]);
});

it('a demo firm that never speaks is given up, and ended', async () => {
  const start = startSandbox({
    entry: new URL('support/fake-sandbox.ts', import.meta.url).pathname,
    options: {},
    sleep: systemClock.sleep,
    timeoutMs: 300,
    onLine: () => undefined,
    onExit: () => undefined,
    env: { SANDBOX: 'silent' },
  });
  await expect(start).rejects.toThrow('was not ready');
});

describe('what the demo firm says', () => {
  const platform = { baseUrl: 'http://127.0.0.1:1', credentials: { apiKey: 'k' }, settings: { tenant: 't' } };
  const said = {
    addepar: platform,
    orion: platform,
    black_diamond: platform,
    openingBook: 'http://127.0.0.1:2/book',
    control: {},
  };

  it('becomes its platforms and its opening book', () => {
    expect(demoOf(said)).toEqual({
      platforms: { addepar: platform, orion: platform, black_diamond: platform },
      openingBook: 'http://127.0.0.1:2/book',
    });
  });
  it.each([{ addepar: null }, { orion: {} }, { black_diamond: 'x' }, { openingBook: 4 }])('with %j in it is refused', (wrong) => {
    expect(() => demoOf({ ...said, ...wrong })).toThrow('did not say where its platforms listen');
  });
});
