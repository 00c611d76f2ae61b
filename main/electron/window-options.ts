import type { BrowserWindowConstructorOptions } from 'electron';
import type { WindowPlace } from './window-place.ts';

/** A window that can show the screens and nothing more: every door to Node and to other content is named and shut. */
export const windowOptions = (
  place: WindowPlace,
  parts: { preload: string; packaged: boolean; dark: boolean },
): BrowserWindowConstructorOptions => ({
  ...place.bounds,
  minWidth: 1024,
  minHeight: 640,
  show: false,
  title: 'Clearway',
  backgroundColor: parts.dark ? '#111418' : '#ffffff',
  autoHideMenuBar: false,
  webPreferences: {
    preload: parts.preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    navigateOnDragDrop: false,
    safeDialogs: true,
    spellcheck: false,
    devTools: !parts.packaged,
  },
});
