import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './setup/build.mjs';
import { ensureInstalled } from './setup/install.mjs';
import { withLock } from './setup/lock.mjs';
import { findNode24 } from './setup/node-24.mjs';
import { stop } from './setup/progress.mjs';
import { ROOT } from './setup/root.mjs';

/**
 * Brings a checkout to where it can run: packages installed, and out/ built when asked for. Does nothing that is done
 * already; safe to run twice at once.
 * @param {{ root?: string, build?: boolean }} [options] @returns {Promise<string>} path of Node 24
 */
export const setUp = ({ root = ROOT, build = false } = {}) =>
  withLock(resolve(root, '.cache', 'setup.lock'), async () => {
    await ensureInstalled(root);
    const node = findNode24(root);
    if (build) await ensureBuilt(root);
    return node;
  });

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) await setUp({ build: true }).catch(stop);
