import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCaptured } from './captured.mjs';
import { findNode24 } from './node-24.mjs';
import { say } from './progress.mjs';

const DAY_MS = 86_400_000;

/** @param {string} root @returns {string | null} path of the Electron executable, when it has been downloaded */
export function findElectron(root) {
  const folder = join(root, 'node_modules', 'electron');
  const name = join(folder, 'path.txt');
  const dist = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist');
  const file = join(dist, existsSync(name) ? readFileSync(name, 'utf8') : 'electron');
  return existsSync(file) ? file : null;
}

/**
 * The Electron executable, downloaded when it is missing: its package brings only the script that fetches it. Without
 * patience one attempt of 20 seconds is made per day, so that a start behind a firewall stays quick.
 * @param {string} root @param {{ patient: boolean }} options @returns {Promise<string | null>}
 */
export async function ensureElectron(root, { patient }) {
  const found = findElectron(root);
  if (found) return found;
  const refused = join(root, '.cache', 'electron-refused');
  if (!patient && existsSync(refused) && Date.now() - statSync(refused).mtimeMs < DAY_MS) return null;
  say('Downloading Electron.');
  const script = join(root, 'node_modules', 'electron', 'install.js');
  const { code } = await runCaptured(findNode24(root), [script], { cwd: root, ...(patient ? {} : { timeoutMs: 20_000 }) });
  if (code === 0) return findElectron(root);
  mkdirSync(dirname(refused), { recursive: true });
  writeFileSync(refused, '');
  return null;
}

/** @returns {string | null} why this machine cannot show a window, or null when it can */
export function windowObstacle() {
  if (process.platform !== 'linux') return null;
  if (!process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return 'there is no display';
  if (process.getuid?.() === 0) return 'Electron does not run as root';
  return null;
}
