import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type axe from 'axe-core';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
// Rows beyond the tenth are the same elements again.
const REPEATED = '.ag-row:nth-child(n + 10)';
const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  interface Window {
    axe?: typeof axe;
  }
}

/** What axe finds on a page, of all rules or of some, each with the first four places. Rejects when the page has frames. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  if (page.frames().length > 1) throw new Error('axe looks at one frame only.');
  // The usual way loads axe into two pages and hands every result over, which takes twice as long.
  if (!(await page.evaluate(() => window.axe !== undefined))) await page.evaluate(SOURCE);
  return page.evaluate(
    async ({ runOnly, repeated }) => {
      const found = await window.axe?.run({ exclude: [[repeated]] }, { runOnly, resultTypes: ['violations'] });
      if (found === undefined) throw new Error('axe is not in the page.');
      return found.violations.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .map(({ target }) => target.join(' '))
            .slice(0, 4)
            .join(' | ')}`,
      );
    },
    {
      runOnly: rules === undefined ? { type: 'tag' as const, values: TAGS } : { type: 'rule' as const, values: [...rules] },
      repeated: REPEATED,
    },
  );
}

const turn = async (page: Page, theme: 'light' | 'dark'): Promise<void> => {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForFunction((wanted) => document.documentElement.dataset['theme']?.startsWith(wanted), theme);
};

/** What axe finds of all rules in the light theme, and of contrast in the dark one, which changes colours only. Leaves the page light. */
export async function violationsInBothThemes(page: Page): Promise<string[]> {
  await turn(page, 'light');
  const light = await violations(page);
  await turn(page, 'dark');
  const dark = await violations(page, ['color-contrast']);
  await turn(page, 'light');
  return [...light, ...dark.map((violation) => `dark: ${violation}`)];
}
