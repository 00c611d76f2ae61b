import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { ensureElectron, windowObstacle } from '../../scripts/setup/electron-binary.mjs';
import { tempFolder } from '../support/temp-folder.ts';

/** A project whose Electron package has an installer that counts its runs and then does `rest`. */
function project(rest: string) {
  const root = tempFolder();
  const folder = join(root, 'node_modules/electron');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'install.js'),
    `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(join(root, 'runs'))}, 'x'); ${rest}`,
  );
  return { root, folder, runs: () => (existsSync(join(root, 'runs')) ? readFileSync(join(root, 'runs'), 'utf8').length : 0) };
}

const SUCCEEDS = `fs.mkdirSync(__dirname + '/dist'); fs.writeFileSync(__dirname + '/dist/electron', ''); fs.writeFileSync(__dirname + '/path.txt', 'electron');`;

describe('ensureElectron', () => {
  it('downloads the executable once', async () => {
    const { root, folder, runs } = project(SUCCEEDS);
    const path = join(folder, 'dist/electron');
    expect(await ensureElectron(root, { patient: false })).toBe(path);
    expect(await ensureElectron(root, { patient: false })).toBe(path);
    expect(runs()).toBe(1);
  });

  it('tries once a day when it cannot, unless it is asked to be patient', async () => {
    const { root, runs } = project('process.exit(1);');
    expect(await ensureElectron(root, { patient: false })).toBeNull();
    expect(await ensureElectron(root, { patient: false })).toBeNull();
    expect(runs()).toBe(1);
    expect(await ensureElectron(root, { patient: true })).toBeNull();
    expect(runs()).toBe(2);
    const yesterday = Date.now() / 1000 - 86_401;
    utimesSync(join(root, '.cache/electron-refused'), yesterday, yesterday);
    expect(await ensureElectron(root, { patient: false })).toBeNull();
    expect(runs()).toBe(3);
  });
});

describe.runIf(process.platform === 'linux')('windowObstacle', () => {
  it('is named where there is no display', () => {
    vi.stubEnv('DISPLAY', '');
    vi.stubEnv('WAYLAND_DISPLAY', '');
    expect(windowObstacle()).toBe('there is no display');
    vi.unstubAllEnvs();
  });
});
