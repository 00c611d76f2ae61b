import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectClean } from './inspect.ts';
import { hasChromium, openWorkbench, type Visit, type Workbench } from './workbench.ts';
import type { FixtureMode } from '../fixture-transport.ts';

let workbench: Workbench;
const ROWS = '.ag-row .cell-value';

const inspect = (
  path: string,
  ready: string,
  options: Parameters<Workbench['visit']>[1] = {},
  act: (visit: Visit) => Promise<void> = async () => undefined,
): Promise<void> =>
  expectClean(workbench, path, options, async (visit) => {
    await visit.page.locator(ready).first().waitFor();
    await act(visit);
  });

describe.skipIf(!hasChromium)('the sync screen', { timeout: 120_000 }, () => {
  beforeAll(async () => {
    workbench = await openWorkbench();
  }, 120_000);
  afterAll(() => workbench?.close());

  it.each(['light', 'dark'] as const)('has no violation and no console message in %s, with an operation open', (theme) =>
    inspect('/sync?id=o7', '.operation__error', { theme }, async ({ page }) => {
      await page.locator(ROWS).first().waitFor();
      await page.getByText('1,800 of 4,640 records in 9 pages').waitFor();
    }),
  );

  it.each<[FixtureMode, string]>([
    ['empty', '.state'],
    ['failing', '.request-id'],
    ['offline', '.page__offline'],
    ['viewer', '.sync__table'],
    ['syncing', '.statusbar__activity .progress'],
  ])('has no violation and no console message when %s', (mode, ready) =>
    inspect('/sync', ready, { mode }, async ({ page }) => {
      if (mode === 'viewer') expect(await page.getByRole('button', { name: /Sync all|Sync now|Retry|Decide/ }).count()).toBe(0);
    }),
  );

  it('stays usable at 200 % and with forced colours', async () => {
    await inspect('/sync', '.time-lane', { zoom: 2 }, async ({ page }) => {
      await page.locator(ROWS).first().scrollIntoViewIfNeeded();
      await page.locator(ROWS).first().click();
      await page.getByRole('region', { name: 'Operation' }).waitFor();
    });
    await inspect('/sync', '.time-lane', { forcedColors: 'active' });
  });

  it('walks the operations of a connection by keyboard, says each, and opens one', async () => {
    const { page, context } = await workbench.visit('/sync');
    const lane = page.getByRole('slider', { name: 'Operations of Black Diamond' });
    await lane.focus();
    // Six syncs of Black Diamond began within a day: every 4 hours, the newest first looked at.
    expect(await lane.getAttribute('aria-valuemax')).toBe('6');
    expect(await lane.getAttribute('aria-valuetext')).toMatch(/^Completed, .*took 41 s$/);
    await page.locator('.statusbar', { hasText: 'Black Diamond: Completed' }).waitFor();
    await page.keyboard.press('Home');
    expect(await lane.getAttribute('aria-valuenow')).toBe('1');
    expect(await lane.getAttribute('aria-valuetext')).toMatch(/^Failed/);
    await page.keyboard.press('ArrowRight');
    expect(await lane.getAttribute('aria-valuetext')).toMatch(/^Completed/);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Operation' }).getByText('Black Diamond could not be reached.').first().waitFor();
    // A newer sync has been there since, so the old one is not taken up again.
    await page.getByText('A newer operation of Black Diamond has been there since').waitFor();
    expect(await page.getByRole('button', { name: 'Retry from where it stopped', exact: true }).count()).toBe(0);
    await context.close();
  });

  it('leads from a rate to the failures behind it', async () => {
    const { page, context } = await workbench.visit('/sync');
    const failed = page.getByRole('button', { name: /failed in the last 7 days/ });
    const count = (await failed.textContent())?.split(' ')[0] ?? '';
    await failed.click();
    await page.locator('.statusbar', { hasText: `${count} operations` }).waitFor();
    expect(new URL(page.url()).searchParams.getAll('f')[0]).toBe('status~in~failed');
    await page.getByText(/^Began from 2026-11-13/).waitFor();
    await context.close();
  });

  it('retries the failed sync and syncs all by key, and offers both in the palette', async () => {
    const { page, context } = await workbench.visit('/sync');
    await page.locator(ROWS).first().waitFor();
    await page.keyboard.press('r');
    const messages = page.getByRole('region', { name: 'Messages' });
    await messages.getByText('Resumed from where it stopped.').waitFor();
    const retried = await page.evaluate(() => window.fixture.calls.find((call) => call.name === 'sync.retry')?.input);
    expect(retried).toEqual({ id: 'o7' });
    await page.keyboard.press('Shift+Alt+S');
    await page.waitForFunction(() => window.fixture.calls.some((call) => call.name === 'sync.all'));
    await page.keyboard.press('Control+k');
    await page.keyboard.type('retry');
    await page.getByRole('menuitem', { name: /Retry the sync of Orion/ }).waitFor();
    await context.close();
  });

  it('says the worst state and the age of the data on every screen, and leads to this one', async () => {
    const { page, context } = await workbench.visit('/audit');
    const summary = page.getByRole('link', { name: /^Sync: / });
    // Late: Orion. Failing: Northgate Custody, whose file of 2026-11-17 is the oldest; 18, 19 and 20 November are business days.
    expect(await summary.textContent()).toBe(
      'Sync: Northgate Custody failing, 1 more needs attentionData of 2026-11-17 to 2026-11-20, oldest 3 business days old',
    );
    await summary.click();
    await page.getByRole('heading', { name: 'Sync', level: 1 }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press(',');
    await page.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
    await context.close();
  });
});
