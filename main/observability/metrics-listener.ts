import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.ts';
import { createScrapeCheck } from './scrape-token.ts';

export interface MetricsListener {
  readonly url: string;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/**
 * Answers `GET /metrics` on loopback to whoever sends the token, and nothing else: for a host without an HTTP door of its
 * own. Port 0 takes a free one. Rejects when the port is taken.
 */
export async function listenForScrapes(options: {
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
  readonly token: string;
  readonly port: number;
}): Promise<MetricsListener> {
  const { metrics, token, port } = options;
  const allowed = createScrapeCheck(token);
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const own = (server.address() as AddressInfo).port;
    const end = (status: number, text: string, type = 'text/plain; charset=utf-8'): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      response.end(text);
    };
    // A page whose name was pointed at this machine sends its own name.
    if (![`${LOOPBACK}:${own}`, `localhost:${own}`].includes(request.headers.host ?? '')) return end(403, 'Not here.\n');
    if (request.method !== 'GET' || request.url !== '/metrics') return end(404, 'Only GET /metrics is answered here.\n');
    if (!allowed(request.headers.authorization)) return end(401, 'Send the metrics token as a bearer token.\n');
    return end(200, await metrics.text(), metrics.contentType);
  };
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000, maxHeaderSize: 8_192 }, (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.maxConnections = 16;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, resolve);
  });
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
