import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/ports/clock.ts';
import type { AppEvent } from '../../shared/contract/index.ts';
import { startHost, type TestHost } from './support/host.ts';

const changed: AppEvent = { type: 'data_changed', topics: ['holdings'] };

let host: TestHost;
beforeEach(async () => {
  host = await startHost({ limits: { eventClients: 3, heartbeat: 100, eventBuffer: 64 * 1024 } });
});
afterEach(() => host.stop());

const until = async (what: () => boolean, ms = 5_000): Promise<void> => {
  const end = performance.now() + ms;
  while (!what()) {
    if (performance.now() > end) throw new Error('It did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** Reads a stream of events in the background. */
const listen = async (token = host.token) => {
  const stop = new AbortController();
  const response = await fetch(`${host.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: stop.signal,
  });
  const seen = { response, text: '', ended: false, stop: () => stop.abort() };
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  void (async () => {
    try {
      for (;;) {
        const part = await reader?.read();
        if (part === undefined || part.done) break;
        seen.text += decoder.decode(part.value, { stream: true });
      }
    } catch {
      // Aborted by the test, or cut by the host: both are an end.
    }
    seen.ended = true;
  })();
  await until(() => seen.text.includes(': listening'));
  return seen;
};

describe('events', () => {
  it('reach every reader, as server-sent events with no-store', async () => {
    const [one, two] = await Promise.all([listen(), listen()]);
    expect([one.response.headers.get('content-type'), one.response.headers.get('cache-control')]).toEqual([
      'text/event-stream; charset=utf-8',
      'no-store',
    ]);
    host.app.emit(changed);
    await until(() => one.text.includes('data:') && two.text.includes('data:'));
    expect(one.text).toContain(`data: ${JSON.stringify(changed)}\n\n`);
    expect(two.text).toContain(`data: ${JSON.stringify(changed)}\n\n`);
    one.stop();
    two.stop();
  });

  it('a reader hears a heartbeat', async () => {
    const reader = await listen();
    await until(() => reader.text.split(': still here').length > 3);
    expect(reader.ended).toBe(false);
    reader.stop();
  });

  it('need a token, in the header', async () => {
    expect((await fetch(`${host.url}/api/v1/events`)).status).toBe(401);
    expect((await fetch(`${host.url}/api/v1/events?token=${host.token}`)).status).toBe(401);
  });

  it('readers past the limit are told to wait, and a place is free again once one goes', async () => {
    const readers = await Promise.all([listen(), listen(), listen()]);
    const full = await host.send('/api/v1/events');
    expect([full.status, full.headers.get('retry-after')]).toEqual([503, '5']);
    readers[0]?.stop();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const next = await listen();
    for (const reader of [...readers, next]) reader.stop();
  });

  it('a reader that does not read is cut off, and the others lose nothing', async () => {
    const socket = connect(host.port, '127.0.0.1');
    let closed = false;
    socket.on('error', () => (closed = true));
    socket.on('close', () => (closed = true));
    socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:${host.port}\r\nAuthorization: Bearer ${host.token}\r\n\r\n`);
    socket.pause();
    const good = await listen();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const big: AppEvent = { type: 'data_changed', topics: Array.from({ length: 2_000 }, () => 'reconciliation' as const) };
    let sent = 0;
    // Kernel buffers take the first megabytes; past them the host’s own limit of 64 KB is reached.
    while (!host.logs.some((line) => line.includes('fell behind'))) {
      host.app.emit(big);
      sent += 1;
      if (sent > 2_000) throw new Error('The slow reader was never cut off');
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.resume();
    await until(() => closed);
    await until(() => good.text.split('data: ').length - 1 === sent);
    expect(good.ended).toBe(false);
    good.stop();
  });

  it('end for a signed-out reader at once: no event after that', async () => {
    const session = await host.send('/session', { method: 'POST', body: {} });
    const { accessToken } = (await session.json()) as { accessToken: string };
    const reader = await listen(accessToken);
    await host.send('/session', { method: 'DELETE', headers: { authorization: `Bearer ${accessToken}` } });
    host.app.emit(changed);
    await until(() => reader.ended);
    expect(reader.text).not.toContain('data:');
  });

  it('end when the host stops, within the grace time', async () => {
    const reader = await listen();
    const started = performance.now();
    await host.stop();
    await until(() => reader.ended);
    expect(performance.now() - started).toBeLessThan(2_000);
    host = await startHost();
  });
});

describe('stopping', () => {
  it('lets a request in flight finish, and takes no new ones', async () => {
    let finish: (value: unknown) => void = () => undefined;
    host.app.answer('app.info', () => new Promise((resolve) => (finish = resolve)));
    const inFlight = host.send('/api/v1/info');
    await until(() => host.app.calls.length === 1);
    const stopping = host.stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect(fetch(`${host.url}/healthz`)).rejects.toThrow();
    finish({ done: true });
    expect(await (await inFlight).json()).toEqual({ done: true });
    await stopping;
    host = await startHost();
  });

  it('cuts a request that does not end within the grace time', async () => {
    const other = await startHost({ clock: systemClock, limits: { grace: 200 } });
    other.app.answer('app.info', () => new Promise(() => undefined));
    const inFlight = other.send('/api/v1/info').catch(() => 'cut');
    await until(() => other.app.calls.length === 1);
    const started = performance.now();
    await other.stop();
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await inFlight).toBe('cut');
  });
});
