import { createServer as createHttpServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectorContext } from '../../../main/connectors/connector.ts';
import { createConnectors } from '../../../main/connectors/registry.ts';
import { systemClock } from '../../../main/ports/clock.ts';
import { createNodeHttp } from '../../../main/ports/http-node.ts';
import { calendarDate } from '../../../shared/model/date.ts';
import { failureOf, pullAll } from '../doubles/rig.ts';
import { selfSigned } from '../doubles/self-signed.ts';
import { CONFORMING } from './subjects.ts';

const SECRET = 'juniper-secret';
const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});
const listen = async (server: Server): Promise<number> => {
  server.on('connection', (socket) => {
    sockets.add(socket);
    // A client that turns away from a certificate resets the connection.
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const WAYS = [
  {
    way: 'an address that does not exist',
    url: async () => 'https://no-such-host.invalid/api',
    kind: 'unavailable',
    words: /no-such-host\.invalid (?:was not found|could not be looked up).*Check the network and the base URL/,
    tries: 4,
  },
  {
    way: 'a port nobody listens on',
    url: async () => {
      const port = await listen(createTcpServer());
      await new Promise((resolve) => servers.pop()?.close(resolve));
      return `http://127.0.0.1:${port}`;
    },
    kind: 'unavailable',
    words: /refused the connection\. Check the network and the base URL/,
    tries: 4,
  },
  {
    way: 'a certificate that is signed by nobody but itself',
    url: async () =>
      `https://127.0.0.1:${await listen(createTlsServer(selfSigned(), (_request, response) => response.end('{}')))}`,
    kind: 'unavailable',
    words: /The certificate of .* is signed by nobody but itself .*Nothing was sent\..*ask your network administrator/,
    tries: 1,
  },
  {
    way: 'plain http where https is expected',
    url: async () => `https://127.0.0.1:${await listen(createHttpServer((_request, response) => response.end('{}')))}`,
    kind: 'bad_response',
    words: /could not agree .* on a secure connection .*Check the base URL/,
    tries: 1,
  },
  {
    way: 'a service that does not speak HTTP',
    url: async () => `http://127.0.0.1:${await listen(createTcpServer((socket) => socket.end('220 mail.example ready\r\n')))}`,
    kind: 'bad_response',
    words: /is not HTTP .*Check the base URL/,
    tries: 1,
  },
  {
    way: 'a host that never finishes the secure handshake',
    url: async () => `https://127.0.0.1:${await listen(createTcpServer((socket) => socket.resume()))}`,
    kind: 'unavailable',
    words: /No connection to .* within 200 milliseconds\. Check the network/,
    tries: 4,
  },
] as const;

/** Long enough for a busy machine, except where waiting it out is what is tested. */
const patienceFor = (way: string): number => (way.includes('handshake') ? 200 : 10_000);

describe.each(CONFORMING)('%s behind', (platform) => {
  it.each(WAYS)('$way: ends in words that say what to do, and shows no secret', async ({ way, url, kind, words, tries }) => {
    const baseUrl = await url();
    const connector = createConnectors({ clock: systemClock, random: { fraction: () => 0.5 } }).get(platform);
    if (!connector) throw new Error(`No connector for ${platform}`);
    const http = createNodeHttp({ connectTimeoutMs: patienceFor(way) });
    let sent = 0;
    const context: ConnectorContext = {
      baseUrl,
      settings: { firmId: '77', tokenUrl: `${baseUrl}/connect/token`, households: 'no' },
      ...(platform === 'black_diamond' ? { bearer: () => Promise.resolve(SECRET) } : {}),
      credentials: Object.fromEntries(connector.credentials.map((field) => [field.key, SECRET])),
      http: {
        send: (request) => {
          sent += 1;
          return http.send(request);
        },
      },
      signal: new AbortController().signal,
      today: calendarDate('2025-07-01'),
      sleep: async () => undefined,
      log: () => undefined,
    };
    const error = await failureOf(connector.test(context));
    expect([error.kind, error.message]).toEqual([kind, expect.stringMatching(words)]);
    expect(sent).toBe(tries);
    expect((await failureOf(pullAll(connector, context))).kind).toBe(kind);
    expect(error.message).not.toContain(SECRET);
    http.close();
  });
});
