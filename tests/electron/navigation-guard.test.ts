import { EventEmitter } from 'node:events';
import type { WebContents } from 'electron';
import { describe, expect, it } from 'vitest';
import { guardNavigation } from '../../main/electron/navigation-guard.ts';

type OpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0];

/** A stand-in for the window's contents: real events, and the window-open handler at hand. */
function guarded() {
  const opened: string[] = [];
  let handler: OpenHandler | undefined;
  const contents = Object.assign(new EventEmitter(), { setWindowOpenHandler: (given: OpenHandler) => void (handler = given) });
  guardNavigation(contents as unknown as WebContents, (address) => opened.push(address));
  const navigate = (event: string, url: string): boolean => {
    let prevented = false;
    contents.emit(event, { url, preventDefault: () => (prevented = true) });
    return !prevented;
  };
  const open = (url: string) => handler?.({ url } as Electron.HandlerDetails);
  return { navigate, open, opened };
}

const FOREIGN = [
  'app://evil/',
  'https://app.attacker.example/',
  'file:///etc/passwd',
  'data:text/html,x',
  'https://app@workstation/',
  'javascript:1',
];

describe('guardNavigation', () => {
  describe.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('%s', (event) => {
    it('lets the window move between its own pages', () => {
      expect(guarded().navigate(event, 'app://workstation/conflicts')).toBe(true);
    });

    it.each(FOREIGN)('stops at %s', (url) => {
      expect(guarded().navigate(event, url)).toBe(false);
    });
  });

  it('attaches no webview', () => {
    expect(guarded().navigate('will-attach-webview', 'app://workstation/')).toBe(false);
  });

  it.each(['app://workstation/', ...FOREIGN])('opens no window for %s', (url) => {
    expect(guarded().open(url)).toEqual({ action: 'deny' });
  });

  it('hands links to other sites to the one wrapper, and keeps its own', () => {
    const { open, opened } = guarded();
    open('https://developers.addepar.com/docs');
    open('app://workstation/');
    expect(opened).toEqual(['https://developers.addepar.com/docs']);
  });
});
