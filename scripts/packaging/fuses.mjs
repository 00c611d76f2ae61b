import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

/** What the shipped executable can be talked into, from outside, by arguments, environment or files. */
export const FUSES = {
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  // Off as well: NODE_EXTRA_CA_CERTS.
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  // Pages come by the app protocol, so files need no privileges.
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.WasmTrapHandlers]: true,
};

/**
 * Sets every fuse of an Electron executable. Rejects when it has a fuse that is not decided here, as a newer Electron may.
 * @param {string} executable @param {boolean} resign whether the change must be signed again (Apple silicon)
 */
export const setFuses = (executable, resign) =>
  flipFuses(executable, { ...FUSES, version: FuseVersion.V1, strictlyRequireAllFuses: true, resetAdHocDarwinSignature: resign });
