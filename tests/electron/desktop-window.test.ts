import { EventEmitter } from 'node:events';
import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { bringToFront, openDesktopWindow } from '../../main/electron/desktop-window.ts';
import type { CrashAnswer } from '../../main/electron/crash-policy.ts';
import type { SavedPlace } from '../../main/electron/window-place.ts';

const BOUNDS = { x: 40, y: 30, width: 1300, height: 850 };

/** A window that records what is asked of it. */
class FakeWindow extends EventEmitter {
  readonly log: string[] = [];
  readonly webContents = Object.assign(new EventEmitter(), { reload: () => void this.log.push('reload') });
  readonly options: BrowserWindowConstructorOptions;
  minimised = false;
  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }
  loadURL = (url: string) => (this.log.push(`load ${url}`), Promise.resolve());
  maximize = () => void this.log.push('maximise');
  show = () => void this.log.push('show');
  focus = () => void this.log.push('focus');
  restore = () => void this.log.push('restore');
  isMinimized = () => this.minimised;
  isMaximized = () => false;
  isDestroyed = () => false;
  getNormalBounds = () => BOUNDS;
}

function opened(given: { saved?: SavedPlace; crash?: CrashAnswer; answer?: boolean } = {}) {
  const kept: (SavedPlace | undefined)[] = [];
  const failures: string[] = [];
  const window = openDesktopWindow({
    create: (options) => new FakeWindow(options) as FakeWindow & BrowserWindow,
    screens: () => [{ x: 0, y: 0, width: 1920, height: 1080 }],
    dark: () => true,
    preferences: { get: () => given.saved, set: (_key, value) => kept.push(value) },
    preload: '/app/out/preload/index.cjs',
    packaged: true,
    afterCrash: () => given.crash ?? 'nothing',
    askToReload: () => Promise.resolve(given.answer ?? false),
    onFailure: (message) => failures.push(message),
  });
  return { window: window as FakeWindow, kept, failures };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('openDesktopWindow', () => {
  it('loads the first page with the preload, and shows the window once the page is drawn', () => {
    const { window } = opened();
    expect(window.options.webPreferences?.preload).toBe('/app/out/preload/index.cjs');
    expect(window.log).toEqual(['load app://workstation/']);
    window.emit('ready-to-show');
    expect(window.log).toEqual(['load app://workstation/', 'show']);
  });

  it('opens where it was closed, maximised as it was, and remembers the next place', () => {
    const { window, kept } = opened({ saved: { bounds: BOUNDS, maximised: true } });
    expect(window.options).toMatchObject(BOUNDS);
    window.emit('ready-to-show');
    expect(window.log).toContain('maximise');
    window.emit('close');
    expect(kept).toEqual([{ bounds: BOUNDS, maximised: false }]);
  });

  it.each([
    ['nothing', true, []],
    ['reload', false, ['reload']],
    ['ask', true, ['reload']],
    ['ask', false, []],
  ] as const)('after a lost page with the answer %s (%s) does %j', async (crash, answer, expected) => {
    const { window, failures } = opened({ crash, answer });
    window.log.length = 0;
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    await settled();
    expect(window.log).toEqual(expected);
    expect(failures).toHaveLength(crash === 'nothing' ? 0 : 1);
  });
});

describe('bringToFront', () => {
  it('restores a minimised window first', () => {
    const window = new FakeWindow({});
    window.minimised = true;
    bringToFront(window as FakeWindow & BrowserWindow);
    expect(window.log).toEqual(['restore', 'show', 'focus']);
  });
});
