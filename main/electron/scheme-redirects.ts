import type { App, Event } from 'electron';
import type { SchemeRedirects } from '../ports/scheme-redirects.ts';

/** What is used of Electron's `app`: macOS tells by `open-url`, the other systems start the program a second time. */
export interface SchemeApp {
  readonly setAsDefaultProtocolClient: App['setAsDefaultProtocolClient'];
  on(event: 'open-url', listener: (event: Event, url: string) => void): unknown;
  on(event: 'second-instance', listener: (event: Event, argv: string[]) => void): unknown;
}

/** Hands the addresses that the system opens with this program to whoever waits for them. */
export function createSchemeRedirects(app: SchemeApp): SchemeRedirects {
  const listeners = new Set<(address: URL) => void>();
  const hear = (text: string): void => {
    const address = URL.parse(text);
    if (address !== null) for (const listener of listeners) listener(address);
  };
  app.on('open-url', (event, url) => {
    event.preventDefault();
    hear(url);
  });
  app.on('second-instance', (_event, argv) => {
    // The system puts the address last; everything before it is the command line of that start.
    const last = argv.at(-1);
    if (last !== undefined) hear(last);
  });
  return {
    claim: (scheme) => app.setAsDefaultProtocolClient(scheme),
    listen: (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
  };
}
