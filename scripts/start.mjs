import { constants } from 'node:os';
import { setUp } from './setup.mjs';
import { ensureElectron, windowObstacle } from './setup/electron-binary.mjs';
import { projectEnv } from './setup/node-24.mjs';
import { runPassedThrough } from './setup/passed-through.mjs';
import { SetupError, say, stop } from './setup/progress.mjs';
import { ROOT } from './setup/root.mjs';
import { parseStartArguments } from './setup/start-arguments.mjs';

/** @typedef {{ executable: string } | { obstacle: string }} Desktop */

/** @param {boolean} patient @returns {Promise<Desktop>} */
async function findDesktop(patient) {
  const obstacle = windowObstacle();
  if (obstacle) return { obstacle };
  const executable = await ensureElectron(ROOT, { patient });
  return executable ? { executable } : { obstacle: 'Electron could not be downloaded' };
}

const AT_ONCE_MS = 10_000;
const STOPPED_BY_PERSON = [128 + constants.signals.SIGINT, 128 + constants.signals.SIGTERM];

/**
 * Whether an executable ended as one does that this system cannot run: at once, for want of a library (127) or by a signal
 * of its own, as where Chromium's sandbox is not allowed.
 * @param {number} code @param {number} began
 */
const cannotRun = (code, began) => Date.now() - began < AT_ONCE_MS && code >= 127 && !STOPPED_BY_PERSON.includes(code);

/** @param {string} node @param {readonly string[]} args */
const serve = (node, args) => runPassedThrough(node, ['out/main/headless.js', ...args], { cwd: ROOT, env: projectEnv(ROOT) });

/** @param {string} executable @param {readonly string[]} args */
const openWindow = (executable, args) => runPassedThrough(executable, [ROOT, ...args], { cwd: ROOT, env: projectEnv(ROOT) });

/** The first look: a window where one can be had, else the browser. @param {string} node @param {readonly string[]} args */
async function openAnyway(node, args) {
  const desktop = await findDesktop(false);
  let { obstacle } = /** @type {{ obstacle?: string }} */ (desktop);
  if ('executable' in desktop) {
    const began = Date.now();
    const code = await openWindow(desktop.executable, args);
    if (!cannotRun(code, began)) return code;
    obstacle = 'Electron does not run on this system';
  }
  say(`No desktop window (${obstacle}): serving the same workstation to your browser.`);
  return serve(node, args);
}

/** @param {readonly string[]} args */
async function openDesktop(args) {
  const desktop = await findDesktop(true);
  if ('executable' in desktop) return openWindow(desktop.executable, args);
  throw new SetupError(
    `The desktop window cannot open: ${desktop.obstacle}. "npm run headless" serves the same workstation to a browser.`,
  );
}

try {
  const { host, args } = parseStartArguments(process.argv.slice(2));
  const node = await setUp({ build: true });
  if (host === 'headless') process.exitCode = await serve(node, args);
  else process.exitCode = host === 'desktop' ? await openDesktop(args) : await openAnyway(node, args);
} catch (error) {
  stop(error);
}
