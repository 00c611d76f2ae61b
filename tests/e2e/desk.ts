import { test as base, expect, type Page } from '@playwright/test';
import { startProgram, type Program } from './program.ts';

interface Worker {
  /** One program for all tests; each leaves the book as it found it, or touches what no other looks at. */
  readonly program: Program;
}
interface Desk {
  /** What console, page and policy complained about; a test fails when there is anything. */
  readonly complaints: string[];
  /** A window signed in as the analyst. */
  readonly desk: Page;
}

/** Collects everything a page complains about. The refusals a sign-in page expects are not complaints. */
export async function hear(page: Page, complaints: string[]): Promise<void> {
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));
  await page.addInitScript(() => {
    window.addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
    );
  });
}

export const test = base.extend<Desk, Worker>({
  program: [
    // Playwright reads which fixtures this one needs from the pattern.
    async ({}, use) => {
      const program = await startProgram();
      await use(program);
      await program.stop();
    },
    { scope: 'worker', timeout: 250_000 },
  ],
  complaints: async ({}, use) => {
    const complaints: string[] = [];
    await use(complaints);
    expect(complaints).toEqual([]);
  },
  desk: async ({ page, program, complaints }, use) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await hear(page, complaints);
    await page.goto(`${program.url}/#token=${program.token}`);
    await page.locator('.topbar').waitFor();
    await use(page);
  },
});

export { expect };

/** Opens a place in a signed-in window and waits until `ready` stands on it. */
export async function open(page: Page, program: Program, path: string, ready: string): Promise<void> {
  await page.goto(program.url + path);
  await page.locator(ready).first().waitFor();
}

export const ROWS = '.ag-row .cell-value';
export const toast = (page: Page, text: string | RegExp) => page.getByRole('region', { name: 'Messages' }).getByText(text);
/** Which part of the window has the focus. */
export const region = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region') ?? 'none');
