import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureChromium } from './chromium.mjs';
import { setUp } from './setup.mjs';
import { projectEnv } from './setup/node-24.mjs';
import { runPassedThrough } from './setup/passed-through.mjs';
import { say, stop } from './setup/progress.mjs';
import { ROOT } from './setup/root.mjs';
import { combineTotals, splitTestArguments } from './test/totals.mjs';

/** @typedef {import('./test/totals.mjs').Totals} Totals */

/**
 * Runs one runner with its output passed through. A runner that leaves no totals, or fails without a failed test, counts
 * as one failure.
 * @param {string} name @param {string} node @param {readonly string[]} args @param {Record<string, string>} env @returns {Promise<Totals>}
 */
async function runTests(name, node, args, env) {
  const folder = mkdtempSync(join(tmpdir(), 'clearway-totals-'));
  const file = join(folder, 'totals.json');
  try {
    const code = await runPassedThrough(node, args, { cwd: ROOT, env: projectEnv(ROOT, { ...env, TEST_TOTALS_FILE: file }) });
    /** @type {Totals} */
    const totals = JSON.parse(readFileSync(file, 'utf8'));
    return code === 0 || totals.failed > 0 ? totals : { ...totals, failed: 1 };
  } catch {
    say(`${name} ended before it could report.`);
    return { passed: 0, failed: 1, skipped: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const NO_CHROMIUM = 'The browser tests did not run: there is no Chromium. Install one, or name it in CHROMIUM_PATH.';

try {
  const { vitest, playwright } = splitTestArguments(process.argv.slice(2));
  const node = await setUp({ build: true });
  /** @type {Totals[]} */
  const parts = [];
  const chromium = await ensureChromium(ROOT);
  const browser = chromium ? { ...chromium.env, CHROMIUM_PATH: chromium.path } : {};
  if (vitest) parts.push(await runTests('Vitest', node, ['node_modules/vitest/vitest.mjs', 'run', ...vitest], browser));
  if (playwright && chromium) {
    const args = ['node_modules/@playwright/test/cli.js', 'test', '--pass-with-no-tests', ...playwright];
    parts.push(await runTests('Playwright', node, args, browser));
  } else if (playwright) {
    say(NO_CHROMIUM);
    parts.push({ passed: 0, failed: 1, skipped: [] });
  }
  const { passed, failed, skipped } = combineTotals(parts);
  for (const name of skipped) console.log(`skipped: ${name}`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  console.log('0 passed, 1 failed');
  stop(error);
}
