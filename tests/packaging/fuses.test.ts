import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FuseState, FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } from '@electron/fuses';
import { describe, expect, it } from 'vitest';
import afterPack from '../../scripts/after-pack.mjs';
import { fuseWire } from '../../scripts/packaging/dummy-electron.mjs';
import { FUSES, setFuses } from '../../scripts/packaging/fuses.mjs';
import { tempFolder } from '../support/temp-folder.ts';

const { DISABLE, ENABLE } = FuseState;
const WANTED = {
  version: FuseVersion.V1,
  [FuseV1Options.RunAsNode]: DISABLE,
  [FuseV1Options.EnableCookieEncryption]: ENABLE,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: DISABLE,
  [FuseV1Options.EnableNodeCliInspectArguments]: DISABLE,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: ENABLE,
  [FuseV1Options.OnlyLoadAppFromAsar]: ENABLE,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: DISABLE,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: DISABLE,
  [FuseV1Options.WasmTrapHandlers]: ENABLE,
};

function executable(name = 'clearway', wire?: string) {
  const folder = tempFolder();
  writeFileSync(join(folder, name), fuseWire(wire));
  return { folder, file: join(folder, name) };
}

type Context = Parameters<typeof afterPack>[0];

describe('the fuses of the packed program', () => {
  it.each([
    ['linux', 'clearway'],
    ['win32', 'Clearway.exe'],
  ])('are all set by the hook of electron-builder on %s', async (electronPlatformName, name) => {
    const { folder, file } = executable(name);
    const packager = { appInfo: { productFilename: 'Clearway' }, executableName: 'clearway' };
    await afterPack({ appOutDir: folder, electronPlatformName, arch: 1, packager } as unknown as Context);
    expect(await getCurrentFuseWire(file)).toEqual(WANTED);
  });

  it('change the wire and no other byte', async () => {
    const { file } = executable();
    const before = readFileSync(file);
    await setFuses(file, false);
    const after = readFileSync(file);
    const changed = [...before.keys()].filter((i) => before[i] !== after[i]);
    // 4096 of padding, 32 of sentinel, 2 of version and length: the wire is bytes 4130 to 4138.
    expect(changed.every((i) => i >= 4130 && i < 4139)).toBe(true);
  });

  it('stop the build when Electron has a fuse that is not decided', async () => {
    const { file } = executable('clearway', '1011000111');
    await expect(setFuses(file, false)).rejects.toThrow();
  });

  it('stop the build when one is left out', async () => {
    const { file } = executable();
    const { [FuseV1Options.RunAsNode]: _left, ...rest } = FUSES;
    const incomplete = { ...rest, version: FuseVersion.V1, strictlyRequireAllFuses: true } as unknown as Parameters<
      typeof flipFuses
    >[1];
    await expect(flipFuses(file, incomplete)).rejects.toThrow();
  });
});
