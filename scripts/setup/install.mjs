import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { runCaptured } from './captured.mjs';
import { fingerprint, readStamp } from './fingerprint.mjs';
import { SetupError, say, secondsSince } from './progress.mjs';

const INPUTS = ['package.json', 'package-lock.json'];
const FLAGS = ['--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} Lock */

/** @param {string} root */
const stampFile = (root) => join(root, 'node_modules', '.clearway-setup');

/** Whether npm's record of what it installed agrees with the lock, whoever ran npm. @param {string} root @returns {boolean} */
export function installedMatchesLock(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  /** @type {Lock} */
  const installed = JSON.parse(readFileSync(record, 'utf8'));
  /** @type {Lock} */
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(wanted.packages).every(([path, entry]) => {
    const found = installed.packages[path];
    return path === '' || (found === undefined ? entry.optional === true : found.version === entry.version);
  });
}

/** npm and the Node it runs on must not be the ones that the install is about to replace. @param {string} root */
function outsideEnv(root) {
  const own = resolve(root, 'node_modules', '.bin');
  const env = { ...process.env };
  for (const key of Object.keys(env))
    if (key.toUpperCase() === 'PATH')
      env[key] = (env[key] ?? '')
        .split(delimiter)
        .filter((folder) => resolve(folder) !== own)
        .join(delimiter);
  delete env['NODE_ENV'];
  return env;
}

/**
 * Makes node_modules agree with package-lock.json. Returns whether anything was installed.
 * @param {string} root @returns {Promise<boolean>}
 */
export async function ensureInstalled(root) {
  const wanted = fingerprint(root, INPUTS);
  if (readStamp(stampFile(root)) === wanted) return false;
  if (installedMatchesLock(root)) {
    writeFileSync(stampFile(root), wanted);
    return false;
  }
  say(
    existsSync(join(root, 'node_modules')) ? 'Packages changed. Installing.' : 'Installing packages. This takes about a minute.',
  );
  const began = Date.now();
  const windows = process.platform === 'win32';
  // Windows cannot delete the node.exe that runs this file, so packages are brought up to date in place there.
  const verb = windows && process.execPath.startsWith(join(root, 'node_modules')) ? 'install' : 'ci';
  const { code, output } = await runCaptured('npm', [verb, ...FLAGS], { cwd: root, env: outsideEnv(root), shell: windows });
  if (code !== 0)
    throw new SetupError(
      `${output.trim()}\nThe packages could not be installed (npm ${verb} ended with code ${code}). ` +
        'Check the network or the proxy settings of npm, then run the same command again.',
    );
  writeFileSync(stampFile(root), wanted);
  say(`Installed packages in ${secondsSince(began)}.`);
  return true;
}
