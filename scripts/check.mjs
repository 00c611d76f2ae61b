import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setUp } from './setup.mjs';
import { runCaptured } from './setup/captured.mjs';
import { projectEnv } from './setup/node-24.mjs';
import { say, secondsSince, stop } from './setup/progress.mjs';
import { ROOT } from './setup/root.mjs';

/** @typedef {{ name: string, args: readonly string[] }} Task a Node program, as arguments of node */

const tool = (/** @type {string} */ path) => join('node_modules', path);

/** Longest first, so that two at a time end together. @type {readonly Task[]} */
const STATIC = [
  { name: 'lint', args: [tool('oxlint/bin/oxlint'), '--type-aware', '--format=unix'] },
  { name: 'types', args: [tool('typescript/bin/tsc'), '-b'] },
  { name: 'unused code', args: [tool('knip/bin/knip.js'), '--no-progress', '--no-config-hints'] },
  { name: 'format', args: [tool('oxfmt/bin/oxfmt'), '--list-different'] },
  { name: 'import table', args: ['scripts/boundaries.mjs'] },
  { name: 'licences', args: ['scripts/licences.mjs'] },
  { name: 'lock file', args: ['scripts/lock-complete.mjs'] },
];
/** @type {Task} */
const TESTS = {
  name: 'unit tests',
  args: [tool('vitest/vitest.mjs'), 'run', '--project=unit', '--reporter=dot', '--reporter=./tests/support/closing-reporter.ts'],
};

const MOST_LINES = 60;

/** @param {string} output @returns {string} its first lines, and how many were left out */
function shorten(output) {
  const lines = output.trim().split('\n');
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `... and ${more} more lines`].join('\n') : lines.join('\n');
}

/** @param {string} node @param {Task} task @returns {Promise<boolean>} whether it passed */
async function run(node, { name, args }) {
  const began = Date.now();
  const { code, output } = await runCaptured(node, args, { cwd: ROOT, env: projectEnv(ROOT, { NO_COLOR: '1' }) });
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${secondsSince(began)})`);
  if (code !== 0) console.log(shorten(output));
  return code === 0;
}

/**
 * Runs tasks a few at a time; the results come in the order of the tasks.
 * @param {string} node @param {readonly Task[]} tasks @param {number} lanes @returns {Promise<boolean[]>}
 */
async function runAll(node, tasks, lanes) {
  /** @type {boolean[]} */
  const results = [];
  let next = 0;
  const lane = async () => {
    for (let i = next++; i < tasks.length; i = next++) results[i] = await run(node, /** @type {Task} */ (tasks[i]));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}

// check.mjs [--static]: the static checks, and without --static the unit tests as well.
try {
  const withTests = !process.argv.includes('--static');
  const node = await setUp();
  const began = Date.now();
  const results = await runAll(node, STATIC, Math.min(4, Math.max(2, availableParallelism())));
  // Vitest uses every core by itself.
  if (withTests) results.push(await run(node, TESTS));
  const failed = results.filter((passed) => !passed).length;
  say(`Checked in ${secondsSince(began)}.`);
  console.log(`${results.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} catch (error) {
  console.log('0 passed, 1 failed');
  stop(error);
}
