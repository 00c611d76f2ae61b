import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violations, violationsInBothThemes } from '../../support/violations.ts';
import { expectClean } from './inspect.ts';
import { hasChromium, openWorkbench, type Visit, type Workbench } from './workbench.ts';
import type { FixtureMode } from '../fixture-transport.ts';

let workbench: Workbench;

/** Opens a place, waits for its content, and expects neither violations nor a single console message. */
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

const ROWS = '.ag-row .cell-value';

describe.skipIf(!hasChromium)('screens in Chromium under the policy of the program', () => {
  beforeAll(async () => {
    workbench = await openWorkbench();
  });
  afterAll(() => workbench?.close());

  describe('in both themes', () => {
    it.each([
      ['overview', '/', '.workload__total'],
      ['connections with a connection open', '/connections?id=c2&tab=history', '.history__entry'],
      ['how a connection stands', '/connections?id=c3&tab=state', '.budget'],
      ['the log of a connection', '/connections?id=c2&tab=log', '.event'],
      ['connections by urgency', '/connections?order=urgency', '.connection'],
      ['unlinked', '/connections?id=c2&tab=unlinked', '.unlinked__item'],
      ['set aside', '/connections?id=c3&tab=set-aside', '.set-aside__item'],
      ['settings of a connection', '/connections?id=c1&tab=settings', '.form'],
      ['holdings with a position open', '/holdings?id=h14', '.values__row'],
      ['holdings by portfolio', '/holdings?group=portfolio', ROWS],
      ['filtered holdings', '/holdings?f=type~in~stock|bond&f=marketValue~atLeast~100000', '.chip'],
      ['transactions with one open', '/transactions?id=x14', '.changes__row'],
      ['tax lots with one open', '/tax-lots?id=l14', '.lots__verdict'],
      ['the lots of a position', '/holdings?id=h14', '.lots__verdict'],
      ['audit', '/audit', '.table td'],
      ['settings', '/settings', '.settings__table'],
      ['the log', '/settings/logs', ROWS],
      ['the log with a line open', '/settings/logs?id=1-164640&level=debug', '.log__text'],
      ['diagnostics before anything is prepared', '/settings/diagnostics', '.state'],
    ])('%s has no violation and no console message', (_name, path, ready) => inspect(path, ready));

    it('overlays have no violation and no console message', async () => {
      await inspect('/holdings', ROWS, {}, async ({ page }) => {
        await page.keyboard.press('Control+k');
        await page.keyboard.type('cedar');
        await page.getByText('Cedar Hollow foundation').waitFor();
        expect(await violationsInBothThemes(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.keyboard.press('?');
        await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
        expect(await violationsInBothThemes(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Columns' }).click();
        await page.getByRole('dialog', { name: 'Columns' }).waitFor();
      });
    });

    it('the wizard of a new connection has no violation and no console message', () => inspect('/connections?add=1', '.wizard'));
  });

  it.each<[FixtureMode, string, string]>([
    ['empty', '/', '.state'],
    ['empty', '/holdings', '.state'],
    ['empty', '/connections', '.state'],
    ['empty', '/audit', '.state'],
    ['failing', '/holdings', '.request-id'],
    ['empty', '/settings/logs', '.state'],
    ['failing', '/settings/logs', '.request-id'],
    ['viewer', '/settings/logs', '.state'],
    ['viewer', '/settings/diagnostics', '.state'],
    ['empty', '/transactions', '.state'],
    ['failing', '/transactions', '.request-id'],
    ['offline', '/transactions', '.page__offline'],
    ['empty', '/tax-lots', '.state'],
    ['failing', '/tax-lots', '.request-id'],
    ['failing', '/connections', '.request-id'],
    ['offline', '/connections', '.page__offline'],
    ['viewer', '/connections?id=c2&tab=settings', '.form'],
    ['syncing', '/connections', '.syncing .progress'],
  ])('the %s state of %s has no violation and no console message', (mode, path, ready) =>
    inspect(path, ready, { mode, theme: 'light' }),
  );

  it('renews the key of the vault for an admin and says what came of it; others see its age only', async () => {
    await inspect('/settings', '#settings-secrets', {}, async ({ page }) => {
      const section = page.getByRole('region', { name: 'Secrets' });
      await section.getByText('12 days; renewed by itself after 30 days').waitFor();
      await section.getByRole('button', { name: 'Renew the key now' }).click();
      await section.getByText('The key was renewed, and 3 stored sign-ins are encrypted with it.').waitFor();
    });
    await inspect('/settings', '#settings-secrets', { mode: 'viewer' }, async ({ page }) => {
      const section = page.getByRole('region', { name: 'Secrets' });
      await section.getByText('Only an admin can renew the key.').waitFor();
      expect(await section.getByRole('button').count()).toBe(0);
    });
  });

  it('restores a backup only after asking, and says where the book of before is; others see the list only', async () => {
    await inspect('/settings', '#settings-backups', {}, async ({ page }) => {
      const section = page.getByRole('region', { name: 'Backups' });
      await section
        .getByRole('button', { name: /^Restore the backup of / })
        .first()
        .press('Enter');
      const question = page.getByRole('alertdialog', { name: 'Restore this backup?' });
      await question.getByText('The book of now is not deleted').waitFor();
      expect(await violations(page)).toEqual([]);
      await question.getByRole('button', { name: 'Restore' }).press('Enter');
      await page.getByText('The book of before is kept as set-aside/book-20261120T090000000Z.db.').waitFor();
    });
    await inspect('/settings', '#settings-backups', { mode: 'viewer' }, async ({ page }) => {
      const section = page.getByRole('region', { name: 'Backups' });
      await section.getByText('Only an admin can take or restore a backup.').waitFor();
      expect([await section.getByRole('row').count(), await section.getByRole('button').count()]).toEqual([3, 0]);
    });
  });

  it('what looks for violations finds those of names and those of contrast', async () => {
    const { page, context } = await workbench.visit('/settings');
    await page.locator('.settings__table').waitFor();
    await page.evaluate(() => {
      const image = document.createElement('img');
      const faint = document.createElement('p');
      faint.textContent = 'Hardly to be read';
      faint.style.cssText = 'position: fixed; inset: 0; color: #fdfdfd; background: #fff';
      document.querySelector('main')?.append(image, faint);
    });
    const found = (await violations(page)).map((violation) => violation.split(':')[0]);
    expect(found).toEqual(expect.arrayContaining(['image-alt', 'color-contrast']));
    await context.close();
  });

  it('says what to quote when something fails, whole on the clipboard', async () => {
    const { page, context } = await workbench.visit('/connections', { mode: 'failing' });
    await page.locator('.request-id').first().click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('req-0b7c44d2e19a91fe');
    await context.close();
  });

  it('shows a skeleton only when an answer takes longer than 150 ms', async () => {
    const slow = await workbench.visit('/connections', { mode: 'slow' });
    await slow.page.locator('.skeleton').first().waitFor();
    await slow.context.close();
    const quick = await workbench.visit('/connections');
    await quick.page.locator('.connection').first().waitFor();
    expect(await quick.page.locator('.skeleton').count()).toBe(0);
    await quick.context.close();
  });

  it('offers a viewer nothing that a viewer may not do', async () => {
    const { page, context } = await workbench.visit('/connections?id=c2&tab=unlinked', { mode: 'viewer' });
    await page.locator('.unlinked__item').first().waitFor();
    for (const name of ['Sync now', 'Sync all', 'Add connection', 'Link to another', 'Retry from where it stopped'])
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    await context.close();
  });

  it('stays usable with more contrast, forced colours and at 200 %', async () => {
    await inspect('/holdings?id=h14', '.values__row', { contrast: 'more' });
    await inspect('/connections?id=c2', '.connection', { theme: 'dark', contrast: 'more' });
    await inspect('/', '.workload__total', { forcedColors: 'active' });
    await inspect('/connections', '.connection', { zoom: 2 });
  });
});
