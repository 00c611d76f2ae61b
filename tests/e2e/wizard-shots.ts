import type { Page } from '@playwright/test';
import type { Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { startSandbox } from '../../main/sandbox/start-sandbox.ts';
import type { Shot } from './shots.ts';

/** One firm for all steps; it lives as long as the process that draws. */
let firm: Promise<Sandbox> | null = null;
const theFirm = (): Promise<Sandbox> => (firm ??= startSandbox({ accounts: 40, holdings: 400 }));
let taken = 0;

/** Stops the firm, if a shot has started it. */
export const closeWizardFirm = async (): Promise<void> => {
  await (await firm)?.close();
  firm = null;
};

type Step = (page: Page) => Promise<void>;
const press = (page: Page, name: string): Promise<void> => page.getByRole('dialog').getByRole('button', { name }).click();

const choose: Step = async (page) => {
  await page.getByRole('dialog').getByText('Addepar', { exact: true }).click();
};
const signIn: Step = async (page) => {
  const { baseUrl, credentials, settings } = (await theFirm()).addepar;
  await press(page, 'Next');
  await page.getByLabel('Address').fill(baseUrl);
  await page.getByLabel('API key').fill(credentials.apiKey);
  await page.getByLabel('API secret').fill(credentials.apiSecret);
  await page.getByLabel('Firm id').fill(settings.firmId);
};
const test: Step = async (page) => {
  await press(page, 'Test the connection');
  await page.getByText('Answered after').waitFor();
};
const refused: Step = async (page) => {
  await page.getByLabel('API secret').fill('wrong');
  await test(page);
};
const read: Step = async (page) => {
  await press(page, 'Next');
  await page.getByRole('group', { name: 'Streams' }).waitFor();
};
const rules: Step = async (page) => {
  await press(page, 'Next');
  taken += 1;
  await page.getByLabel('Name').fill(`Addepar trusts ${taken}`);
};
const save: Step = async (page) => {
  await press(page, 'Save and read now');
  await page.getByText(/is saved and read/).waitFor();
};
const map: Step = async (page) => {
  await press(page, 'Map accounts');
  await page.locator('.mapping tbody tr, .wizard .state').first().waitFor();
};

const shot = (name: string, steps: readonly Step[]): Shot => ({
  name: `connection-add-${name}`,
  path: '/connections?add=1',
  ready: '.wizard',
  act: async (page) => {
    for (const step of steps) await step(page);
  },
});

const TESTED = [choose, signIn, test];
/** Every step of adding a connection, over a sandbox firm of its own. */
export const WIZARD_SHOTS: readonly Shot[] = [
  shot('1-platform', [choose]),
  shot('2-sign-in', [choose, signIn]),
  shot('3-test', TESTED),
  shot('3-refused', [choose, signIn, refused]),
  shot('4-read', [...TESTED, read]),
  shot('5-rules', [...TESTED, read, rules]),
  shot('6-first-read', [...TESTED, read, rules, save]),
  shot('7-accounts', [...TESTED, read, rules, save, map]),
];
