import { join } from 'node:path';
import { setFuses } from './packaging/fuses.mjs';

/** Hook of electron-builder, between packing and signing. @param {import('electron-builder').AfterPackContext} context */
export default async function afterPack({ appOutDir, electronPlatformName, packager, arch }) {
  const name = packager.appInfo.productFilename;
  const mac = electronPlatformName === 'darwin';
  const file = mac
    ? `${name}.app`
    : electronPlatformName === 'win32'
      ? `${name}.exe`
      : (/** @type {{ executableName?: string }} */ (packager).executableName ?? name);
  const ARM64 = 3;
  await setFuses(join(appOutDir, file), mac && arch === ARM64);
}
