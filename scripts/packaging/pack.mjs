import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseVersion, getCurrentFuseWire } from '@electron/fuses';
import { runCaptured } from '../setup/captured.mjs';
import { projectEnv } from '../setup/node-24.mjs';
import { sourceFiles } from '../source-files.mjs';
import { makeDummyElectron } from './dummy-electron.mjs';
import { FUSES } from './fuses.mjs';
import { packageProblems } from './package-contents.mjs';

const ON = 0x31;
const OFF = 0x30;
const PLATFORMS = /** @type {const} */ ({
  linux: { flag: '--linux', folder: 'linux-unpacked', executable: 'clearway', native: 'linux' },
  win: { flag: '--win', folder: 'win-unpacked', executable: 'Clearway.exe', native: 'win32' },
});

/** @param {string} executable @returns {Promise<string[]>} */
async function fuseProblems(executable) {
  const wire = /** @type {Record<string, unknown>} */ (await getCurrentFuseWire(executable));
  if (wire['version'] !== FuseVersion.V1) return ['The fuse wire has another version.'];
  return Object.entries(FUSES).flatMap(([fuse, on]) =>
    wire[fuse] === (on ? ON : OFF) ? [] : [`Fuse ${fuse} is not ${on ? 'on' : 'off'}.`],
  );
}

/**
 * Packs what stands in out/ for one system, around a dummy Electron, and says what is wrong with the result. Leaves
 * nothing behind.
 * @param {string} root @param {string} node @param {'linux' | 'win'} system @returns {Promise<string[]>}
 */
export async function tryPacking(root, node, system) {
  const { flag, folder, executable, native } = PLATFORMS[system];
  const work = mkdtempSync(join(tmpdir(), 'clearway-pack-'));
  try {
    makeDummyElectron(join(work, 'electron'), system);
    const settings = [`-c.electronDist=${join(work, 'electron')}`, `-c.directories.output=${join(work, 'release')}`];
    // A dummy is no Windows program, so its resources can be neither edited nor signed.
    const unsigned = system === 'win' ? ['-c.disableAsarIntegrity=true', '-c.win.signAndEditExecutable=false'] : [];
    const args = ['node_modules/electron-builder/cli.js', '--dir', flag, '--x64', '--publish', 'never', ...settings, ...unsigned];
    const { code, output } = await runCaptured(node, args, { cwd: root, env: projectEnv(root), timeoutMs: 120_000 });
    if (code !== 0) return [`electron-builder ended with code ${code}.\n${output.trim()}`];
    const packed = join(work, 'release', folder);
    const migrations = sourceFiles(root, /^migrations\/.*\.sql$/)
      .filter((file) => file.startsWith('migrations/'))
      .map((file) => file.slice('migrations/'.length));
    return [
      ...packageProblems(join(packed, 'resources'), `${native}-x64`, migrations),
      ...(await fuseProblems(join(packed, executable))),
    ];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
