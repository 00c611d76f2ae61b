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

/** @param {string} node @param {readonly string[]} args */
const serve = (node, args) => runPassedThrough(node, ['main/server/index.ts', ...args], { cwd: ROOT, env: projectEnv(ROOT) });

/** @param {string} executable @param {readonly string[]} args */
const openWindow = (executable, args) => runPassedThrough(executable, [ROOT, ...args], { cwd: ROOT, env: projectEnv(ROOT) });

try {
  const { host, args } = parseStartArguments(process.argv.slice(2));
  const node = await setUp({ build: true });
  if (host === 'headless') process.exitCode = await serve(node, args);
  else {
    const desktop = await findDesktop(host === 'desktop');
    if ('executable' in desktop) process.exitCode = await openWindow(desktop.executable, args);
    else if (host === 'desktop') throw new SetupError(`The desktop window cannot open: ${desktop.obstacle}. "npm run headless" serves the same workstation to a browser.`);
    else {
      say(`No desktop window (${desktop.obstacle}): serving the same workstation to your browser.`);
      process.exitCode = await serve(node, args);
    }
  }
} catch (error) {
  stop(error);
}
