import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCaptured } from './captured.mjs';
import { fingerprint, readStamp } from './fingerprint.mjs';
import { findNode24, projectEnv } from './node-24.mjs';
import { SetupError, say, secondsSince } from './progress.mjs';

const INPUTS = ['main', 'preload', 'renderer', 'shared', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
const PAGE = 'renderer/index.html';

/**
 * Builds out/ when a source file differs from the ones it was built from. Returns whether it built.
 * @param {string} root @returns {Promise<boolean>}
 */
export async function ensureBuilt(root) {
  const stamp = join(root, 'out', '.sources');
  const wanted = fingerprint(root, INPUTS);
  if (readStamp(stamp) === wanted) return false;
  if (!existsSync(join(root, PAGE))) throw new SetupError(`The screens cannot be built: ${PAGE} is missing.`);
  say('Building.');
  const began = Date.now();
  rmSync(stamp, { force: true });
  const tool = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const { code, output } = await runCaptured(findNode24(root), [tool, 'build'], {
    cwd: root,
    env: projectEnv(root, { NODE_ENV: 'production' }),
  });
  if (code !== 0) throw new SetupError(`${output.trim()}\nThe build failed.`);
  mkdirSync(join(root, 'out'), { recursive: true });
  writeFileSync(stamp, wanted);
  say(`Built in ${secondsSince(began)}.`);
  return true;
}
