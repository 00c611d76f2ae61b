import type { Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { violationsInBothThemes } from '../../support/violations.ts';
import { expectClean } from './inspect.ts';
import { hasChromium, openWorkbench, type Workbench } from './workbench.ts';

let workbench: Workbench;

/** The step of the wizard that asks how to sign in to a platform. */
const chooseSignIn = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('dialog').getByText(name, { exact: true }).click();
  await page.getByRole('button', { name: 'Next' }).click();
};

/** What the program says when a sign-in has come to its end. */
const settle = (page: Page): Promise<void> =>
  page.evaluate(() => window.fixture.emit({ type: 'data_changed', topics: ['connections'] }));

const callsOf = (page: Page, name: string): Promise<unknown[]> =>
  page.evaluate((wanted) => window.fixture.calls.filter((call) => call.name === wanted).map((call) => call.input), name);

/** The form of a new Addepar connection with its facts filled in, ready to begin. */
const prepare = async (page: Page, clientId: string): Promise<void> => {
  await chooseSignIn(page, 'Addepar');
  await page.getByRole('radio', { name: 'Sign in with the browser' }).click();
  await page.getByLabel('Client id').fill(clientId);
  await page.getByLabel('Client secret').fill('a-secret');
  await page.getByLabel('Firm id').fill('4471');
};

describe.skipIf(!hasChromium)('signing in with the browser', () => {
  beforeAll(async () => {
    workbench = await openWorkbench();
  });
  afterAll(() => workbench?.close());

  it('goes from waiting to done in the form of a new connection, by keyboard', () =>
    expectClean(workbench, '/connections?add=1', {}, async ({ page }) => {
      await prepare(page, 'partner');
      const test = page.getByRole('button', { name: 'Test the connection' });
      expect(await test.isDisabled()).toBe(true);
      expect(await violationsInBothThemes(page)).toEqual([]);

      await page.getByRole('button', { name: 'Begin sign-in' }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('Waiting for you to sign in to Addepar in the browser.').waitFor();
      const link = page.getByRole('link', { name: 'Open the sign-in page' });
      expect(await link.getAttribute('href')).toBe('https://id.addepar.example/oauth2/authorize?response_type=code');
      expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(await violationsInBothThemes(page)).toEqual([]);

      await settle(page);
      await page.getByText('Signed in to Addepar.').waitFor();
      await test.click();
      await page.getByText('Signed in. 68 accounts can be read.').waitFor();
      expect(await violationsInBothThemes(page)).toEqual([]);
      for (const verb of ['Next', 'Next', 'Save and read now'])
        await page.getByRole('dialog').getByRole('button', { name: verb }).click();
      await page.getByText('Addepar is saved and read.').waitFor();
      expect(await callsOf(page, 'connections.cancelSignIn')).toEqual([]);
      expect(await callsOf(page, 'connections.initiate')).toEqual([
        {
          platform: 'addepar',
          name: 'Addepar',
          baseUrl: 'https://firm.addepar.example',
          credentials: {},
          settings: { firmId: '4471' },
          signInId: '11111111-1111-4111-8111-111111111111',
          syncEveryMinutes: 240,
          strategy: 'MANUAL_REVIEW',
        },
      ]);
    }));

  it('says why a sign-in failed and offers another', () =>
    expectClean(workbench, '/connections?add=1', {}, async ({ page }) => {
      await prepare(page, 'declined');
      await page.getByRole('button', { name: 'Begin sign-in' }).click();
      await page.getByRole('link', { name: 'Open the sign-in page' }).waitFor();
      await settle(page);
      await page.getByText('The sign-in was declined at Addepar. Nothing was stored.').waitFor();
      await page.getByRole('button', { name: 'Try again' }).waitFor();
      expect(await page.getByRole('button', { name: 'Test the connection' }).isDisabled()).toBe(true);
    }));

  it('cancels a sign-in that is left behind, and is not offered where keys are all there is', async () => {
    const { page, context } = await workbench.visit('/connections?add=1');
    await chooseSignIn(page, 'Black Diamond');
    await page.getByLabel('Client secret').waitFor();
    expect(await page.getByRole('radio', { name: 'Sign in with the browser' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Back' }).click();
    await prepare(page, 'partner');
    await page.getByRole('button', { name: 'Begin sign-in' }).click();
    await page.getByRole('link', { name: 'Open the sign-in page' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Leave' }).click();
    await expect
      .poll(() => callsOf(page, 'connections.cancelSignIn'))
      .toEqual([{ signInId: '11111111-1111-4111-8111-111111111111' }]);
    await context.close();
  });

  it('signs a connection in again whose sign-in has ended', () =>
    expectClean(workbench, '/connections?id=c5', {}, async ({ page }) => {
      await page.getByRole('button', { name: 'Sign in again' }).click();
      await page.getByRole('link', { name: 'Open the sign-in page' }).waitFor();
      expect(await violationsInBothThemes(page)).toEqual([]);
      await settle(page);
      await page.getByRole('region', { name: 'Messages' }).getByText('Addepar trusts is signed in again.').waitFor();
      expect(await callsOf(page, 'connections.beginSignIn')).toEqual([
        { platform: 'addepar', baseUrl: 'https://trusts.addepar.example', connectionId: 'c5' },
      ]);
      expect(await callsOf(page, 'connections.update')).toEqual([{ id: 'c5', signInId: '11111111-1111-4111-8111-111111111111' }]);
    }));

  it('offers a connection with entered credentials the browser, and messages with a secret shown once', () =>
    expectClean(workbench, '/connections?id=c3&tab=settings', {}, async ({ page }) => {
      await page.getByRole('button', { name: 'Take messages' }).click();
      await page.getByText('It is shown once and cannot be shown again.').waitFor();
      expect(await callsOf(page, 'webhooks.enable')).toEqual([{ id: 'c3' }]);
      await page.getByRole('button', { name: 'Switch to the browser' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Begin sign-in' }).scrollIntoViewIfNeeded();
      expect(await violationsInBothThemes(page)).toEqual([]);
      await page.getByRole('button', { name: 'Begin sign-in' }).click();
      await page.getByText('Waiting for you to sign in').waitFor();
      await settle(page);
      await page.getByText('is signed in with the browser. Its old credentials were removed.').waitFor();
      expect(await callsOf(page, 'connections.update')).toEqual([{ id: 'c3', signInId: '11111111-1111-4111-8111-111111111111' }]);
    }));
});
