import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsInBothThemes } from '../../support/violations.ts';
import { expectClean } from './inspect.ts';
import { hasChromium, openWorkbench, type Workbench } from './workbench.ts';

let workbench: Workbench;

const callsOf = (page: Page, name: string): Promise<unknown[]> =>
  page.evaluate((wanted) => window.fixture.calls.filter((call) => call.name === wanted).map((call) => call.input), name);

const heading = (page: Page, text: string): Promise<void> => page.getByRole('heading', { name: text }).waitFor();

/** From the first step to the one that says how to sign in, by keyboard alone. */
const toAddeparSignIn = async (page: Page): Promise<void> => {
  await heading(page, 'Which platform is to be read?');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await heading(page, 'Where is it, and how do we sign in?');
};

const fill = async (page: Page): Promise<void> => {
  await page.getByLabel('API key').fill('key-of-the-firm');
  await page.getByLabel('API secret').fill('secret');
  await page.getByLabel('Firm id').fill('4471');
};

describe.skipIf(!hasChromium)('the wizard of a new connection', () => {
  beforeAll(async () => {
    workbench = await openWorkbench();
  });
  afterAll(() => workbench?.close());

  it('goes from the platform to tied accounts by keyboard, tests before it stores, without a violation in either theme', () =>
    expectClean(workbench, '/connections?add=1', {}, async ({ page }) => {
      await toAddeparSignIn(page);
      expect(await violationsInBothThemes(page)).toEqual([]);
      await fill(page);
      await page.keyboard.press('Enter');
      await page.getByText('Signed in. 68 accounts can be read.').waitFor();
      await page.getByText('user operations').waitFor();
      expect(await callsOf(page, 'connections.initiate')).toEqual([]);
      expect(await violationsInBothThemes(page)).toEqual([]);
      // Going on has the focus as soon as the platform has answered well.
      await page.keyboard.press('Enter');

      await heading(page, 'What is to be read?');
      await page.getByText('Performance', { exact: false }).first().waitFor();
      await page.getByRole('checkbox', { name: /^Tax lots/ }).press('Space');
      await page.getByRole('checkbox', { name: /^Benchmarks/ }).press('Space');
      expect(await violationsInBothThemes(page)).toEqual([]);
      await page.getByRole('button', { name: 'Next' }).press('Enter');

      await heading(page, 'How often, and what does a difference do?');
      await page.getByLabel('Name').fill('Addepar trusts');
      await page.getByRole('radio', { name: /^Merge/ }).press('Space');
      expect(await violationsInBothThemes(page)).toEqual([]);
      await page.getByRole('button', { name: 'Save and read now' }).press('Enter');

      await page.getByText('Addepar is saved and read.').waitFor();
      expect(await callsOf(page, 'connections.initiate')).toEqual([
        {
          platform: 'addepar',
          name: 'Addepar trusts',
          baseUrl: 'https://firm.addepar.example',
          credentials: { key: 'key-of-the-firm', secret: 'secret' },
          settings: { firmId: '4471', streams: 'transactions,performance' },
          syncEveryMinutes: 240,
          strategy: 'MERGE',
        },
      ]);
      expect(await violationsInBothThemes(page)).toEqual([]);
      await page.keyboard.press('Enter');

      await heading(page, 'Which account is which?');
      const finish = page.getByRole('button', { name: 'Finish' });
      await finish.waitFor();
      await page.keyboard.press('Control+a');
      // Two suggestions for the first account: taking one of them would be a guess, so it stays for later.
      await page.keyboard.press('s');
      await page.getByRole('button', { name: 'Tie 1 account' }).waitFor();
      expect(await violationsInBothThemes(page)).toEqual([]);
      await page.getByRole('button', { name: 'Tie 1 account' }).press('Enter');
      await page.getByRole('region', { name: 'Messages' }).getByText('1 account tied to the book.').waitFor();
      expect(await callsOf(page, 'connections.linkAccounts')).toEqual([
        { id: 'c3', links: [{ externalId: 'ACC-40027', targetId: 'a3-2' }] },
      ]);
      // Once for the first read, once so that the positions of the tied account come in.
      expect(await callsOf(page, 'connections.sync')).toEqual([{ id: 'c3' }, { id: 'c3' }]);
      await page.locator('.wizard').waitFor({ state: 'detached' });
      await page.locator('[role="img"][aria-labelledby^="react-aria"]').first().waitFor({ state: 'detached' });
    }));

  it('asks before it throws away what was entered, and stores nothing when left', async () => {
    const { page, context } = await workbench.visit('/connections?add=1');
    await toAddeparSignIn(page);
    await fill(page);
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog', { name: 'Leave without finishing' }).waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByLabel('Firm id').inputValue()).toBe('4471');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.locator('.wizard').waitFor({ state: 'detached' });
    expect(await callsOf(page, 'connections.initiate')).toEqual([]);
    expect(new URL(page.url()).searchParams.get('add')).toBe(null);
    await context.close();
  });

  it('keeps what was entered for each platform when another is looked at, and at the browser’s way back', async () => {
    const { page, context } = await workbench.visit('/connections');
    await page.locator('.connection').first().waitFor();
    await page.keyboard.press('n');
    await toAddeparSignIn(page);
    await fill(page);
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByText('Orion', { exact: true }).last().click();
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await page.getByLabel('User name').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('dialog').getByText('Addepar', { exact: true }).click();
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await page.getByLabel('Firm id').inputValue()).toBe('4471');
    await page.goBack();
    await page.getByRole('alertdialog', { name: 'Leave without finishing' }).waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByLabel('Firm id').inputValue()).toBe('4471');
    expect(new URL(page.url()).searchParams.get('add')).toBe('1');
    await context.close();
  });

  it('offers every step again that is complete, and none that is not', async () => {
    const { page, context } = await workbench.visit('/connections?add=1');
    await toAddeparSignIn(page);
    const steps = page.getByRole('navigation', { name: 'Steps' });
    expect(await steps.getByRole('button', { name: 'What to read' }).isDisabled()).toBe(true);
    await fill(page);
    await page.keyboard.press('Enter');
    await page.getByText('Signed in. 68 accounts can be read.').waitFor();
    await steps.getByRole('button', { name: 'Schedule and strategy' }).click();
    await heading(page, 'How often, and what does a difference do?');
    expect(await steps.getByRole('button', { name: 'First read' }).isDisabled()).toBe(true);
    await context.close();
  });
});

describe.skipIf(!hasChromium)('the page of a connection', () => {
  beforeAll(async () => {
    workbench = await openWorkbench();
  });
  afterAll(() => workbench?.close());

  it('says how much of each request window is left, when it is read next, and when a sign-in ends', async () => {
    const { page, context } = await workbench.visit('/connections?id=c3&tab=state');
    await page.getByText('50 of 50 used, 0 left').waitFor();
    // 1,000 - 371
    await page.getByText('371 of 1,000 used, 629 left').waitFor();
    await page.getByText(/every 4 hours/).waitFor();
    await page.goto(page.url().replace('id=c3', 'id=c5'));
    await page.getByText(/With the browser\. The access token ends/).waitFor();
    await context.close();
  });

  it('changes what is read without asking for the credentials', async () => {
    const { page, context } = await workbench.visit('/connections?id=c3&tab=settings');
    await page.getByRole('checkbox', { name: /^Performance/ }).press('Space');
    await page.getByRole('button', { name: 'Save what is read' }).click();
    await page.getByRole('region', { name: 'Messages' }).getByText('They count from the next read on.').waitFor();
    expect(await callsOf(page, 'connections.update')).toEqual([
      { id: 'c3', settings: { firmId: '4471', streams: 'transactions,performance' } },
    ]);
    await context.close();
  });

  it('puts what needs a person first when ordered by urgency', async () => {
    const { page, context } = await workbench.visit('/connections');
    await page.getByRole('radio', { name: 'By urgency' }).click();
    // Failing, late, then the fresh ones, the one read longest ago first.
    await expect
      .poll(() => page.locator('.connection__open').allTextContents())
      .toEqual(['Northgate Custody', 'Orion', 'Addepar', 'Black Diamond']);
    await context.close();
  });
});
