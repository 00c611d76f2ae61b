import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProcedureName } from '../../../shared/contract/index.ts';
import { expectClean } from './inspect.ts';
import { hasChromium, openWorkbench, type Visit, type Workbench } from './workbench.ts';

let workbench: Workbench;
const ROWS = '.ag-row .cell-value';

/** What the screens asked the program for under a name, in order. */
const asked = ({ page }: Visit, name: ProcedureName): Promise<unknown[]> =>
  page.evaluate((wanted) => window.fixture.calls.filter((call) => call.name === wanted).map(({ input }) => input), name);
const texts = ({ page }: Visit): Promise<string[]> => page.locator('.ag-row .ag-cell[col-id="subject"]').allInnerTexts();

describe.skipIf(!hasChromium)('alerts', () => {
  beforeAll(async () => {
    workbench = await openWorkbench();
  }, 60_000);
  afterAll(() => workbench?.close());

  describe.each(['light', 'dark'] as const)('%s', (theme) => {
    it.each([
      ['the inbox with an alert open', '/alerts?id=4', '.alert__history'],
      ['a snoozed one', '/alerts?id=2', '.alert__history'],
    ])(
      '%s has no violation and no console message',
      (_name, path, ready) =>
        expectClean(workbench, path, { theme }, async ({ page }) => {
          await page.locator(ready).first().waitFor();
          await page.locator(ROWS).first().waitFor();
        }),
      90_000,
    );

    it(
      'rules and webhooks in the settings have none, with a test that failed and a new secret shown',
      () =>
        expectClean(workbench, '/settings', { theme }, async ({ page }) => {
          await page.getByRole('button', { name: 'Send a test message to Desk chat relay' }).click();
          await page.getByText('Bad gateway').waitFor();
          await page.getByRole('button', { name: 'Make a new secret for Desk chat relay' }).click();
          await page.getByText('whsec_').waitFor();
        }),
      90_000,
    );

    it(
      'the question before a snooze has none',
      () =>
        expectClean(workbench, '/alerts?id=4', { theme }, async ({ page }) => {
          await page.locator('.alert__history').first().waitFor();
          await page.keyboard.press('z');
          await page.getByRole('dialog', { name: 'Snooze 1 alert' }).waitFor();
        }),
      90_000,
    );
  });

  it('is empty in words, and fails in words', async () => {
    await expectClean(workbench, '/alerts', { mode: 'empty' }, ({ page }) => page.getByText('Nothing needs you.').waitFor());
    await expectClean(workbench, '/alerts', { mode: 'failing' }, ({ page }) => page.locator('.request-id').first().waitFor());
  }, 90_000);

  it('g n leads from anywhere to what is not closed; waiting ones and all of them are a key away', async () => {
    const visit = await workbench.visit('/');
    const { page } = visit;
    await page.locator('.workload__total').first().waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('n');
    await page.locator('.statusbar', { hasText: '4 alerts' }).waitFor();
    await page.getByRole('radio', { name: 'Waiting' }).click();
    await page.locator('.statusbar', { hasText: '2 alerts' }).waitFor();
    expect(await texts(visit)).toEqual(['Addepar: sign in again', 'Orion: 3 syncs failed in a row']);
    await page.getByRole('radio', { name: 'All' }).click();
    await page.locator('.statusbar', { hasText: '5 alerts' }).waitFor();
    await visit.context.close();
  });

  it('the bell counts what waits and says how many are critical', async () => {
    const { page, context } = await workbench.visit('/holdings');
    await page.getByRole('link', { name: 'Alerts, 2 waiting, 1 critical one' }).click();
    await page.getByRole('heading', { name: 'Alerts', level: 1 }).waitFor();
    await context.close();
  });

  it('acknowledges by keyboard, one with a note and several at once, and takes it back', async () => {
    const visit = await workbench.visit('/alerts?id=4');
    const { page } = visit;
    await page.locator('.alert__history').first().waitFor();
    await page.keyboard.press('a');
    await page.getByRole('textbox', { name: /Note/ }).fill('Called the platform');
    await page.keyboard.press('Enter');
    await page.getByText('1 alert acknowledged.').first().waitFor();
    expect(await asked(visit, 'alerts.acknowledge')).toEqual([{ ids: ['4'], note: 'Called the platform' }]);
    await page.locator(ROWS).first().waitFor();
    await page.locator('.ag-row[row-index="0"] .ag-cell[col-id="subject"]').click();
    await page.keyboard.press('Control+a');
    await page.keyboard.press('a');
    await page.getByRole('dialog', { name: 'Acknowledge 4 alerts' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('4 alerts acknowledged.').first().waitFor();
    await page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: 'Undo' }).last().click();
    await page.getByText('4 alerts open again.').first().waitFor();
    expect(await asked(visit, 'alerts.reopen')).toEqual([{ ids: ['5', '4', '3', '2'] }]);
    await visit.context.close();
  });

  it('snoozes until a time that is typed, and refuses one that is past', async () => {
    const visit = await workbench.visit('/alerts?id=4');
    const { page } = visit;
    await page.locator('.alert__history').first().waitFor();
    await page.keyboard.press('z');
    await page.getByRole('button', { name: /Until/ }).click();
    await page.getByRole('option', { name: 'Another time' }).click();
    const time = page.getByRole('textbox', { name: 'Date and time' });
    await time.fill('2001-01-01 07:00');
    await page.getByText('Write a date and a time that are still to come.').waitFor();
    expect(await page.getByRole('button', { name: 'Snooze', exact: true }).last().isDisabled()).toBe(true);
    await time.fill('2099-01-05 07:00');
    await page.keyboard.press('Enter');
    await page.getByText('1 alert snoozed.').first().waitFor();
    const [input] = await asked(visit, 'alerts.snooze');
    expect(input).toMatchObject({ ids: ['4'], until: await page.evaluate(() => new Date('2099-01-05T07:00').toISOString()) });
    await visit.context.close();
  });

  it('changes a rule as seen and refuses a threshold outside its bounds; a viewer sees rules and nothing to press', async () => {
    const visit = await workbench.visit('/settings');
    const { page } = visit;
    const threshold = page.getByRole('textbox', { name: 'Sync failed, syncs' });
    await threshold.fill('21');
    await page.getByText('1 to 20').waitFor();
    expect(await page.getByRole('button', { name: 'Save sync failed' }).isDisabled()).toBe(true);
    await threshold.fill('3');
    await page.getByRole('button', { name: 'Save sync failed' }).click();
    await page.getByText('Saved: sync failed.').first().waitFor();
    expect(await asked(visit, 'alerts.updateRule')).toMatchObject([{ rule: 'sync_failed', threshold: 3, expectedVersion: 1 }]);
    await visit.context.close();
    const viewer = await workbench.visit('/settings', { mode: 'viewer' });
    await viewer.page.getByText('Only an admin can change rules').waitFor();
    expect(await viewer.page.getByRole('textbox', { name: 'Sync failed, syncs' }).isDisabled()).toBe(true);
    expect(await asked(viewer, 'alertDestinations.list')).toEqual([]);
    await viewer.context.close();
  });

  it('a place asked for by the system is gone to without loading the window anew', async () => {
    const { page, context } = await workbench.visit('/holdings');
    await page.locator(ROWS).first().waitFor();
    await page.evaluate(() => {
      document.title = 'kept';
      Reflect.set(window, 'same', true);
      window.fixture.emit({ type: 'place_asked', path: '/alerts?id=4' });
    });
    await page.locator('.alert__history').first().waitFor();
    expect(await page.evaluate(() => Reflect.get(window, 'same') as unknown)).toBe(true);
    await context.close();
  });
});
