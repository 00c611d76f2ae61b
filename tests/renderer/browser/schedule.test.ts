import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations } from '../../support/violations.ts';
import { expectClean } from './inspect.ts';
import { hasChromium, openWorkbench, type Workbench } from './workbench.ts';

let workbench: Workbench;

const updates = (page: Page): Promise<unknown[]> =>
  page.evaluate(() => window.fixture.calls.filter((call) => call.name === 'connections.update').map((call) => call.input));

describe.skipIf(!hasChromium)('the schedule of a connection', () => {
  beforeAll(async () => {
    workbench = await openWorkbench();
  }, 60_000);
  afterAll(() => workbench?.close());

  it.each(['light', 'dark'] as const)(
    'goes over to set times by keyboard, says what is wrong while typing, and shows the next runs, in %s',
    { timeout: 120_000 },
    (theme) =>
      expectClean(workbench, '/connections?id=c3&tab=settings', { theme }, async ({ page }) => {
        const save = page.getByRole('button', { name: 'Save the schedule' });
        await page.getByText('Next runs, in the time of this computer').waitFor();
        expect(await save.isDisabled()).toBe(true);
        await page.getByRole('button', { name: /Sync$/ }).press('Enter');
        await page.getByRole('option', { name: /At set times/ }).press('Enter');
        const cron = page.getByLabel('Cron expression');
        expect(await cron.inputValue()).toBe('0 7 * * 1-5');
        await cron.fill('soon');
        await page.getByText('This is not a cron expression of five fields.').waitFor();
        expect(await save.isDisabled()).toBe(true);
        expect(await violations(page)).toEqual([]);
        await cron.fill('30 6 * * 1-5');
        await page.getByLabel('Quiet from').fill('half past');
        await page.getByText('Write a time of day as 22:00, or leave it empty.').waitFor();
        await page.getByLabel('Quiet from').fill('21:30');
        expect(
          await page.getByRole('list', { name: 'Next runs, in the time of this computer' }).getByRole('listitem').count(),
        ).toBe(3);
        await save.press('Enter');
        await page.getByRole('region', { name: 'Messages' }).getByText('The schedule of Addepar is saved.').waitFor();
        expect(await updates(page)).toEqual([
          {
            id: 'c3',
            syncEveryMinutes: 240,
            timetable: { cron: '30 6 * * 1-5', zone: 'Europe/Zurich', quietFrom: '21:30', quietTo: '05:30' },
          },
        ]);
      }),
  );

  it('is shown to a viewer who cannot change it', async () => {
    const { page, context } = await workbench.visit('/connections?id=c3&tab=settings', { mode: 'viewer' });
    expect(await page.getByLabel('Quiet from').isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Save the schedule' }).count()).toBe(0);
    await context.close();
  });
});
