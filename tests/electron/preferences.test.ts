import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type ElectronStore from 'electron-store';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { preferencesOptions, type Preferences } from '../../main/electron/preferences.ts';
import { tempFolder } from '../support/temp-folder.ts';

let Store: typeof ElectronStore;

beforeAll(async () => {
  // Outside Electron its package answers with the path of the executable, and would otherwise download it first.
  vi.stubEnv('ELECTRON_OVERRIDE_DIST_PATH', '/nonexistent');
  ({ default: Store } = await import('electron-store'));
});

const open = (cwd: string) => new Store<Record<keyof Preferences, unknown>>({ ...preferencesOptions, cwd });
const place = { bounds: { x: 10, y: 20, width: 1200, height: 800 }, maximised: false };

describe('preferences', () => {
  it('remember the window between runs', () => {
    const folder = tempFolder();
    open(folder).set('window', place);
    expect(open(folder).get('window')).toEqual(place);
  });

  it.each([
    { bounds: { x: 1.5, y: 0, width: 800, height: 600 }, maximised: false },
    { bounds: { x: 0, y: 0, width: 0, height: 600 }, maximised: false },
    { bounds: { x: 0, y: 0, width: 800, height: 600 }, maximised: 'yes' },
    { bounds: { x: 0, y: 0, width: 800, height: 600, z: 1 }, maximised: false },
    { maximised: true },
  ])('refuse to keep %j', (window) => {
    const store = open(tempFolder());
    expect(() => store.set('window', window)).toThrow(/schema/i);
  });

  it.each(['{ not json', '{"window":{"bounds":"everywhere","maximised":true}}'])(
    'start afresh from a file that holds %s',
    (text) => {
      const folder = tempFolder();
      const file = join(folder, 'preferences.json');
      writeFileSync(file, text);
      const store = open(folder);
      expect(store.get('window')).toBeUndefined();
      store.set('window', place);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ window: place });
    },
  );
});
