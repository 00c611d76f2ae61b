import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { windowOptions } from '../../main/electron/window-options.ts';
import { FIRST_PLACE } from '../../main/electron/window-place.ts';

const options = (packaged: boolean) =>
  windowOptions(FIRST_PLACE, { preload: '/app/out/preload/index.cjs', packaged, dark: false });

describe('windowOptions', () => {
  it('shuts every door from the page to Node and to other content', () => {
    expect(options(true).webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
    });
  });

  it('switches no Blink feature on or off', () => {
    expect(Object.keys(options(true).webPreferences ?? {}).filter((name) => name.includes('BlinkFeatures'))).toEqual([]);
  });

  it('has developer tools only where it runs from its sources', () => {
    expect(options(true).webPreferences?.devTools).toBe(false);
    expect(options(false).webPreferences?.devTools).toBe(true);
  });

  it('stays hidden until the page is drawn', () => {
    expect(options(true).show).toBe(false);
  });
});

describe('the desktop host', () => {
  it('runs a supported Electron: one of the newest three majors when it was chosen', () => {
    const { version } = JSON.parse(readFileSync('node_modules/electron/package.json', 'utf8')) as { version: string };
    expect([43, 44, 45]).toContain(Number(version.split('.')[0]));
  });
});
