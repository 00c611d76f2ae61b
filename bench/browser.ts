import { chromium, type Browser, type Page } from '@playwright/test';
import type { HeadlessProcess } from './headless-process.ts';

const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args: CHROMIUM_ARGS });

/** A link that signs a browser in once. */
export async function signInLink({ url, token }: HeadlessProcess): Promise<string> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/session/link`, { method: 'POST', headers, body: '{}' });
  return ((await answer.json()) as { signInUrl: string }).signInUrl;
}

/** The first painted number of a grid. */
export const firstRow = (page: Page) => page.locator('.ag-row[row-index="0"] .ag-cell').filter({ hasText: /\d/ }).first();
