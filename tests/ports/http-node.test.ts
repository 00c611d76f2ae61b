import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpFailure } from '../../main/ports/http.ts';
import { createNodeHttp, type NodeHttpOptions } from '../../main/ports/http-node.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const client = (options: NodeHttpOptions = {}) =>
  createNodeHttp({ connectTimeoutMs: 1000, idleTimeoutMs: 1000, totalTimeoutMs: 2000, ...options });
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const failure = async (sending: Promise<unknown>): Promise<HttpFailure> => {
  const error = await sending.then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(HttpFailure);
  return error as HttpFailure;
};

describe('node HTTP client', () => {
  it('sends method, headers and body and reads status, lower-case headers and bytes', async () => {
    const url = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () =>
        response.writeHead(418, { 'X-Thing': 'a' }).end(`${request.method} ${String(request.headers['x-ask'])} ${body}`),
      );
    });
    const answer = await client().send({ method: 'POST', url: `${url}/x`, headers: { 'X-Ask': 'why' }, body: 'häh' });
    expect({ status: answer.status, thing: answer.headers['x-thing'], body: text(answer.body) }).toEqual({
      status: 418,
      thing: 'a',
      body: 'POST why häh',
    });
  });

  it('returns a redirect instead of following it, so credentials stay with the host they were meant for', async () => {
    let calls = 0;
    const url = await serve((_request, response) => {
      calls += 1;
      response.writeHead(302, { location: 'http://127.0.0.1:1/elsewhere' }).end();
    });
    const answer = await client().send({ method: 'GET', url });
    expect([answer.status, answer.headers['location'], calls]).toEqual([302, 'http://127.0.0.1:1/elsewhere', 1]);
  });

  it('decodes gzip and brotli', async () => {
    const url = await serve((request, response) => {
      const brotli = request.url === '/br';
      response
        .writeHead(200, { 'content-encoding': brotli ? 'br' : 'gzip' })
        .end((brotli ? brotliCompressSync : gzipSync)('grass'));
    });
    for (const path of ['/br', '/gz']) expect(text((await client().send({ method: 'GET', url: url + path })).body)).toBe('grass');
  });

  it('uses one connection for requests that follow each other', async () => {
    const ports = new Set<number | undefined>();
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    const http = client();
    for (let i = 0; i < 3; i += 1) await http.send({ method: 'GET', url });
    expect(ports.size).toBe(1);
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('refuses a %s body that grows beyond the limit after decoding', async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(1_000_000));
    const url = await serve((_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(bomb));
    expect(bomb.length).toBeLessThan(5000);
    expect((await failure(client().send({ method: 'GET', url, maxBytes: 5000 }))).kind).toBe('too_large');
    expect((await client().send({ method: 'GET', url, maxBytes: 1_000_000 })).body.length).toBe(1_000_000);
  });

  it('does not begin to read a body that announces more than the limit', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '6000' });
      response.write('x');
    });
    const error = await failure(client().send({ method: 'GET', url, maxBytes: 5000 }));
    expect([error.kind, error.message]).toEqual(['too_large', expect.stringContaining('is larger than 5,000 bytes')]);
  });

  it('reports a host that stays silent, one that drips for ever, and one that hangs half way as time-outs', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/silent') return;
      response.writeHead(200);
      response.write('x');
      if (request.url === '/drip') {
        const drip = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(drip));
      }
    });
    const quick = client({ idleTimeoutMs: 80, totalTimeoutMs: 300 });
    for (const path of ['/silent', '/half', '/drip']) {
      const error = await failure(quick.send({ method: 'GET', url: url + path }));
      expect([path, error.kind]).toEqual([path, 'timeout']);
    }
  });

  it('reports a connection cut in the middle of the body instead of handing out half of it', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half', () => response.destroy());
    });
    const error = await failure(client().send({ method: 'GET', url }));
    expect([error.kind, error.message]).toEqual(['network', expect.stringContaining('was cut before the answer was complete')]);
  });

  it('reports a body of unknown length that is cut at the edge of a chunk', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' });
      response.write('[1,2]', () => setTimeout(() => response.destroy(), 20));
    });
    expect((await failure(client().send({ method: 'GET', url }))).kind).toBe('network');
  });

  it('reports a compressed body that ends too early', async () => {
    const whole = gzipSync('grass '.repeat(1000));
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(whole.subarray(0, whole.length - 9)),
    );
    expect((await failure(client().send({ method: 'GET', url }))).kind).toBe('network');
  });

  it('reports a refused connection by host and without path or query', async () => {
    const url = await serve(() => undefined);
    const closed = servers.pop();
    await new Promise((resolve) => closed?.close(resolve));
    const error = await failure(client().send({ method: 'GET', url: `${url}/secret?key=abc` }));
    expect(error.kind).toBe('network');
    expect(error.message).toBe(`${new URL(url).host} refused the connection.`);
  });

  it('stops at once when the signal aborts, before and during the request', async () => {
    const url = await serve(() => undefined);
    expect((await failure(client().send({ method: 'GET', url, signal: AbortSignal.abort() }))).kind).toBe('aborted');
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    expect((await failure(client().send({ method: 'GET', url, signal: stop.signal }))).kind).toBe('aborted');
  });

  it('refuses an address that is no http address, and a header that cannot be sent, without showing it', async () => {
    expect((await failure(client().send({ method: 'GET', url: 'file:///etc/hosts' }))).kind).toBe('network');
    const error = await failure(
      client().send({ method: 'GET', url: 'http://127.0.0.1:9', headers: { authorization: 'hidden\nvalue' } }),
    );
    expect(error.kind).toBe('network');
    expect(error.message).not.toContain('hidden');
  });
});
