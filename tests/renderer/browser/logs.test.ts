import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClean } from './inspect.ts';
import { hasChromium, openWorkbench, type Workbench } from './workbench.ts';

let workbench: Workbench;
const ROWS = '.ag-row .cell-value';

describe.skipIf(!hasChromium)('the log and the diagnostic bundle in Chromium', () => {
  beforeAll(async () => {
    workbench = await openWorkbench();
  }, 120_000);
  afterAll(() => workbench?.close());

  it(
    'shows the lines of one sync for a link that names it, and all others once the filter is taken away',
    () =>
      expectClean(workbench, '/settings/logs?operation=12', {}, async ({ page }) => {
        await page.locator(ROWS).first().waitFor();
        // 640 lines of which every 40th from the 7th on and from the 10th on speak of it: 16 and 16.
        await page.locator('.statusbar').getByText('32 lines').waitFor();
        expect(await page.evaluate(() => window.fixture.calls.findLast(({ name }) => name === 'logs.list')?.input)).toEqual({
          level: 'debug',
          text: '',
          operation: '12',
          limit: 500,
        });
        await page.getByRole('button', { name: 'Remove filter: Sync 12' }).click();
        // Every fifth of 640 lines is an ordinary one: 128, with 16 failures, 16 beginnings and one error.
        await page.locator('.statusbar').getByText('161 lines').waitFor();
      }),
    120_000,
  );

  it(
    'reads older lines below those that are there, and says so until there are none',
    () =>
      expectClean(workbench, '/settings/logs?level=debug', {}, async ({ page }) => {
        await page.locator('.statusbar').getByText('500 lines').waitFor();
        await page.getByRole('button', { name: 'Show older lines' }).click();
        await page.locator('.statusbar').getByText('640 lines').waitFor();
        expect(await page.getByRole('button', { name: 'Show older lines' }).count()).toBe(0);
      }),
    120_000,
  );

  it(
    'opens a line with its errors from the outermost to the cause',
    () =>
      expectClean(workbench, '/settings/logs?level=error', {}, async ({ page }) => {
        await page.locator(ROWS).first().waitFor();
        await page.locator('.ag-row[row-index="0"] .ag-cell[col-id="message"]').click();
        await page.getByRole('heading', { name: 'Caused by' }).waitFor();
        expect(await page.locator('.log__error').allTextContents()).toEqual([
          'Error The page could not be read',
          'SqliteError disk I/O error',
        ]);
        await page.getByRole('link', { name: 'all lines of this call' }).click();
        await page.getByRole('button', { name: /^Remove filter: Call / }).waitFor();
      }),
    120_000,
  );

  it(
    'shows every file of a bundle before it is saved, and saves it',
    () =>
      expectClean(workbench, '/settings/diagnostics', {}, async ({ page }) => {
        await page.getByRole('button', { name: 'Prepare the bundle' }).click();
        await page.getByLabel('Text of read-me.txt').waitFor();
        await page.getByText('log.jsonl').last().click();
        expect(await page.getByLabel('Text of log.jsonl').inputValue()).toBe('Nothing stands in this file.');
        const [download] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('button', { name: 'Save the archive' }).click(),
        ]);
        expect(download.suggestedFilename()).toBe('clearway-diagnostics-2026-11-20-14-30.zip');
      }),
    120_000,
  );
});
