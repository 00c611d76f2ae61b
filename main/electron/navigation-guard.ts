import type { WebContents } from 'electron';
import { isOwnPage } from './own-page.ts';

type GuardedContents = Pick<WebContents, 'on' | 'setWindowOpenHandler'>;

/** Keeps a window on the program's own pages: no other page, frame, webview or window. Links out go to `openExternal`. */
export function guardNavigation(contents: GuardedContents, openExternal: (address: string) => void): void {
  const stayHome = (details: { readonly url: string; preventDefault(): void }): void => {
    if (!isOwnPage(details.url)) details.preventDefault();
  };
  contents.on('will-navigate', stayHome);
  contents.on('will-frame-navigate', stayHome);
  contents.on('will-redirect', stayHome);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    if (!isOwnPage(url)) openExternal(url);
    return { action: 'deny' };
  });
}
