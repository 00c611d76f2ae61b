import { execFile } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { CHROMIUM_ARGUMENTS } from '../../../scripts/chromium.mjs';
import { fingerprint, readStamp } from '../../../scripts/setup/fingerprint.mjs';
import { withLock } from '../../../scripts/setup/lock.mjs';
import type { FixtureMode, FixtureTransport } from '../fixture-transport.ts';
import { servePage } from '../serve.ts';

const run = promisify(execFile);

export const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM);

declare global {
  interface Window {
    readonly fixture: FixtureTransport;
  }
}

export interface Visit {
  readonly page: Page;
  /** Everything the console, the page and the policy complained about. */
  readonly complaints: readonly string[];
  readonly context: BrowserContext;
}
export interface Workbench {
  visit(
    path: string,
    options?: {
      readonly theme?: 'light' | 'dark';
      readonly mode?: FixtureMode;
      readonly contrast?: 'more';
      readonly forcedColors?: 'active';
      readonly zoom?: number;
    },
  ): Promise<Visit>;
  close(): Promise<void>;
}

const PROJECT = resolve(import.meta.dirname, '../../..');
const BUILT = join(PROJECT, '.cache/renderer-fixture');
const SOURCES = [
  'renderer',
  'shared',
  ...['fixture', 'fixture-transport.ts', 'dev.html', 'dev.tsx', 'vite.config.ts'].map((name) => `tests/renderer/${name}`),
  'package-lock.json',
];

/** The screens over the fixture, built once for all test files that open them, and again only when a source differs. */
const ensureBuilt = (): Promise<void> =>
  withLock(`${BUILT}.lock`, async () => {
    const stamp = `${BUILT}.sources`;
    const wanted = fingerprint(PROJECT, SOURCES);
    if (readStamp(stamp) === wanted) return;
    rmSync(stamp, { force: true });
    const vite = join(PROJECT, 'node_modules/vite/bin/vite.js');
    const config = join(PROJECT, 'tests/renderer/vite.config.ts');
    // In a process of its own: the test runner's NODE_ENV would make React its chatty development build.
    await run(process.execPath, [vite, 'build', '--config', config, '--outDir', BUILT, '--logLevel', 'error'], {
      env: { ...process.env, NODE_ENV: 'production' },
    });
    writeFileSync(stamp, wanted);
  });

/** Serves the screens over the fixture under the program's policy, and opens them in Chromium. */
export const openWorkbench = async (): Promise<Workbench> => {
  await ensureBuilt();
  const server = await servePage(BUILT, 'tests/renderer/dev.html');
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS });
  return {
    visit: async (path, { theme = 'light', mode = 'full', contrast, forcedColors, zoom = 1 } = {}) => {
      const context = await browser.newContext({
        viewport: { width: Math.round(1440 / zoom), height: Math.round(900 / zoom) },
        colorScheme: theme,
        reducedMotion: 'reduce',
        locale: 'en-GB',
        permissions: ['clipboard-read', 'clipboard-write'],
        ...(contrast === undefined ? {} : { contrast }),
        ...(forcedColors === undefined ? {} : { forcedColors }),
      });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      await page.addInitScript(() => {
        window.addEventListener('securitypolicyviolation', (event) =>
          console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
        );
      });
      await page.goto(`${server.url}${path}${path.includes('?') ? '&' : '?'}fixture=${mode}`);
      await page.locator('.topbar').waitFor();
      return { page, complaints, context };
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
};
