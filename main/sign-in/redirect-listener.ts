import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignInError } from './sign-in-error.ts';

export interface RedirectListener {
  /** Such as `http://127.0.0.1:49213/sign-in/addepar`. */
  readonly redirectUri: string;
  close(): void;
}

export interface RedirectAnswer {
  readonly ok: boolean;
  readonly sentence: string;
}

const ADDRESS = '127.0.0.1';
const REQUEST_TIMEOUT_MS = 10_000;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

function sendPage(response: ServerResponse, status: number, title: string, sentence: string): void {
  const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title><meta name="color-scheme" content="light dark"></head><body><main><h1>${escaped(title)}</h1><p>${escaped(sentence)}</p></main></body></html>`;
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  });
  response.end(page);
}

const listen = (server: Server, port: number): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    };
    server.once('error', failed);
    server.listen(port, ADDRESS, () => {
      server.off('error', failed);
      resolve((server.address() as AddressInfo).port);
    });
  });

/**
 * Waits on 127.0.0.1 for the browser to come back. The first request with an answer in it is handed on and its outcome
 * shown as a page; any later one is turned away. Throws SignInError `not_possible` when none of the ports is free.
 */
export async function listenForRedirect(options: {
  readonly ports: readonly number[];
  readonly path: string;
  readonly onAnswer: (parameters: URLSearchParams) => Promise<RedirectAnswer>;
}): Promise<RedirectListener> {
  let port: number | null = null;
  let used = false;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const own = `${ADDRESS}:${port}`;
    // Another name for this machine is a page elsewhere that was pointed here.
    if (request.headers.host !== own) return sendPage(response, 400, 'Not found', 'There is nothing at this address.');
    if (request.method !== 'GET') return sendPage(response, 405, 'Not found', 'There is nothing at this address.');
    const url = URL.parse(request.url ?? '/', `http://${own}`);
    if (url === null || url.pathname !== options.path || !(url.searchParams.has('code') || url.searchParams.has('error')))
      return sendPage(response, 404, 'Not found', 'There is nothing at this address.');
    if (used)
      return sendPage(response, 409, 'Already used', 'This sign-in was answered before. Nothing was changed; close this page.');
    used = true;
    const { ok, sentence } = await options.onAnswer(url.searchParams);
    return sendPage(response, ok ? 200 : 400, ok ? 'Signed in' : 'Not signed in', sentence);
  };

  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  for (const wanted of options.ports.length === 0 ? [0] : options.ports) {
    port = await listen(server, wanted);
    if (port !== null) break;
  }
  if (port === null)
    throw new SignInError(
      'not_possible',
      `The redirect ports ${options.ports.join(', ')} are in use by other programs. Close them, or finish the other sign-in, and start again.`,
    );
  return {
    redirectUri: `http://${ADDRESS}:${port}${options.path}`,
    close: () => void server.close(),
  };
}
