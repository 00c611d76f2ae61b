import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import type { FixtureMode, FixtureTransport } from '../fixture-transport.ts';
import { servePage } from '../serve.ts';

const run = promisify(execFile);

export const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
export const hasChromium = existsSync(CHROMIUM);

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

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

/** Builds the screens over the fixture, serves them under the program's policy, and opens them in Chromium. */
export const openWorkbench = async (): Promise<Workbench> => {
  // A folder of its own, so that runs side by side do not take the files from under each other.
  const folder = resolve(import.meta.dirname, `../../../.cache/renderer-fixture-${process.pid}`);
  const vite = resolve(import.meta.dirname, '../../../node_modules/vite/bin/vite.js');
  // In a process of its own: the test runner's NODE_ENV would make React its chatty development build.
  await run(
    process.execPath,
    [vite, 'build', '--config', resolve(import.meta.dirname, '../vite.config.ts'), '--outDir', folder, '--logLevel', 'error'],
    {
      env: { ...process.env, NODE_ENV: 'production' },
    },
  );
  const server = await servePage(folder, 'tests/renderer/dev.html');
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
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
      page.setDefaultTimeout(15_000);
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
      await rm(folder, { recursive: true, force: true });
    },
  };
};
