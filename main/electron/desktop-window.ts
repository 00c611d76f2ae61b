import type { BrowserWindow, BrowserWindowConstructorOptions, RenderProcessGoneDetails, WebContents } from 'electron';
import { START_PAGE } from './own-page.ts';
import type { CrashAnswer } from './crash-policy.ts';
import type { Preferences } from './preferences.ts';
import { windowOptions } from './window-options.ts';
import { placeWindow, type Bounds } from './window-place.ts';

type Window = Pick<
  BrowserWindow,
  | 'loadURL'
  | 'maximize'
  | 'show'
  | 'focus'
  | 'restore'
  | 'isMinimized'
  | 'isMaximized'
  | 'getNormalBounds'
  | 'isDestroyed'
  | 'on'
  | 'once'
> & { readonly webContents: Pick<WebContents, 'on' | 'reload'> };

export interface DesktopWindowParts<W extends Window> {
  readonly create: (options: BrowserWindowConstructorOptions) => W;
  readonly screens: () => readonly Bounds[];
  readonly dark: () => boolean;
  readonly preferences: { get(key: 'window'): Preferences['window']; set(key: 'window', value: Preferences['window']): void };
  readonly preload: string;
  readonly packaged: boolean;
  readonly afterCrash: (reason: RenderProcessGoneDetails['reason']) => CrashAnswer;
  /** Asks whether to load the page again; resolves with the answer. */
  readonly askToReload: (window: W) => Promise<boolean>;
  readonly onFailure: (message: string, error: unknown) => void;
}

/** Opens the window on the first page, where it was closed last, and keeps it standing when its page is lost. */
export function openDesktopWindow<W extends Window>(parts: DesktopWindowParts<W>): W {
  const place = placeWindow(parts.preferences.get('window'), parts.screens());
  const window = parts.create(windowOptions(place, { preload: parts.preload, packaged: parts.packaged, dark: parts.dark() }));

  window.once('ready-to-show', () => {
    if (place.maximised) window.maximize();
    window.show();
  });
  window.on('close', () =>
    parts.preferences.set('window', { bounds: pick(window.getNormalBounds()), maximised: window.isMaximized() }),
  );

  const recover = async (reason: RenderProcessGoneDetails['reason']): Promise<void> => {
    const answer = parts.afterCrash(reason);
    if (answer === 'nothing') return;
    parts.onFailure('The page of the window was lost', reason);
    if (answer === 'reload' || (await parts.askToReload(window))) {
      if (!window.isDestroyed()) window.webContents.reload();
    }
  };
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    recover(reason).catch((error: unknown) => parts.onFailure('The page could not be loaded again', error));
  });

  window.loadURL(START_PAGE).catch((error: unknown) => parts.onFailure('The page could not be loaded', error));
  return window;
}

const pick = ({ x, y, width, height }: Bounds): Bounds => ({ x, y, width, height });

/** Brings the window to the front, for a second start of the program. */
export function bringToFront(window: Pick<BrowserWindow, 'isMinimized' | 'restore' | 'show' | 'focus'>): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
