import type { Listening } from './create-server.ts';

/** The one line on standard output, for whoever started the program. */
export const readyLine = ({ url, token, signInUrl }: Listening): string =>
  `${JSON.stringify({ ready: true, url, token, signInUrl })}\n`;

/** The line a person sees in a terminal. */
export const humanLine = ({ signInUrl }: Listening): string =>
  `\nClearway is ready. Open ${signInUrl} in a browser on this machine; the link works once.\n\n`;
