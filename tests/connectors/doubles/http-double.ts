import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Cut the connection after this many bytes of the body. */
  readonly cutAfter?: number;
  /** Answer only after this many milliseconds. */
  readonly afterMs?: number;
  /** Reset the connection instead of answering. */
  readonly reset?: boolean;
}

export interface HttpDouble {
  readonly url: string;
  readonly seen: Seen[];
  /** Changes replies on their way out, where a test sets it. */
  spoil: (seen: Seen, reply: Reply) => Reply;
  close(): Promise<void>;
}

export const json = (value: unknown, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: typeof value === 'string' ? value : JSON.stringify(value),
});

const read = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
};

/** A server on loopback that answers with what `handle` says. */
export async function startHttpDouble(handle: (seen: Seen) => Reply | Promise<Reply>): Promise<HttpDouble> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://double');
      const call = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: await read(request),
      };
      seen.push(call);
      const { status = 200, headers = {}, body = '', cutAfter, afterMs, reset } = double.spoil(call, await handle(call));
      if (afterMs !== undefined) await new Promise((resolve) => setTimeout(resolve, afterMs));
      if (reset) {
        request.socket.resetAndDestroy();
        return;
      }
      const bytes = Buffer.from(body);
      response.writeHead(status, { ...headers, 'content-length': bytes.length });
      if (cutAfter === undefined) response.end(bytes);
      else response.write(bytes.subarray(0, cutAfter), () => response.destroy());
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const double: HttpDouble = {
    spoil: (_seen, reply) => reply,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return double;
}
