import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SetupError } from './progress.mjs';

const OS_NAMES = /** @type {Record<string, string>} */ ({ linux: 'linux', win32: 'win', darwin: 'darwin' });

/**
 * Path of the Node 24 that the project runs on: the one among the packages, else the running one when it is new enough.
 * @param {string} root @returns {string}
 */
export function findNode24(root) {
  const name = `node-${OS_NAMES[process.platform] ?? process.platform}-${process.arch}`;
  const packaged = join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(packaged)) return packaged;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new SetupError(
    `Clearway runs on Node 24, and this is ${process.version}. ` +
      (process.platform === 'linux' || process.platform === 'win32'
        ? 'The packages bring Node 24 with them unless optional packages are left out: delete node_modules and run the same command again.'
        : 'There is no packaged Node 24 for this system: install Node 24 from nodejs.org, then run the same command again.'),
  );
}

/**
 * The environment for a child process in which `node` and the project's tools are the project's own.
 * @param {string} root @param {Record<string, string | undefined>} [extra] @returns {NodeJS.ProcessEnv}
 */
export function projectEnv(root, extra = {}) {
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [key]: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env[key] ?? ''}`, ...extra };
}
