import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { findChromium } from '../../scripts/chromium.mjs';
import { startProgram } from './program.ts';
import { shots } from './shots.ts';
import { closeWizardFirm, WIZARD_SHOTS } from './wizard-shots.ts';

// Draws docs/screens: every screen of the program over the demo firm, at 1440 x 900, in light and dark.
const folder = join(import.meta.dirname, '../../docs/screens');
mkdirSync(folder, { recursive: true });
const [only] = process.argv.slice(2);
const program = await startProgram();
// Scrollbars as a person has them: without, AG Grid keeps their place free over the last column.
const browser = await chromium.launch({
  executablePath: findChromium() ?? '',
  args: ['--no-sandbox', '--disable-gpu'],
  ignoreDefaultArgs: ['--hide-scrollbars'],
});
try {
  const taken = [...(await shots(program)), ...WIZARD_SHOTS];
  for (const theme of ['light', 'dark'] as const) {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'UTC',
    });
    const page = await context.newPage();
    await page.goto(`${program.url}/#token=${program.token}`);
    await page.locator('.topbar').waitFor();
    for (const { name, path, ready, act } of taken) {
      if (only !== undefined && !name.startsWith(only)) continue;
      await page.goto(program.url + path);
      await page.locator(ready).first().waitFor();
      await act?.(page);
      await page.mouse.move(720, 4);
      await page.screenshot({ path: join(folder, `${name}-${theme}.png`), animations: 'disabled' });
      console.log(`${name}-${theme}.png`);
    }
    await context.close();
  }
} finally {
  await browser.close();
  await program.stop();
  await closeWizardFirm();
}
