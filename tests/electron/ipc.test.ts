import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CallContext, HostedApp } from '../../main/electron/hosted-app.ts';
import type { IpcPort } from '../../main/electron/ipc-port.ts';
import { serveIpc } from '../../main/electron/ipc-server.ts';
import { createIpcTransport, type PortLike } from '../../renderer/api/ipc-transport.ts';
import { AppError, procedureNames, type AppEvent, type ProcedureName } from '../../shared/contract/index.ts';

const [KNOWN] = procedureNames as [ProcedureName, ...ProcedureName[]];
const EVENT: AppEvent = { type: 'data_changed', topics: ['conflicts'] };
const ACTOR = { id: 'local', name: 'This computer', role: 'analyst' } as const;

/** A window and the program joined by a real message channel; `dispatch` plays the program. */
function joined(dispatch: HostedApp['dispatch']) {
  const { port1, port2 } = new MessageChannel();
  const port: IpcPort = {
    send: (message) => port1.postMessage(message),
    onMessage: (listener) => void port1.on('message', listener),
    onClose: (listener) => void port1.on('close', listener),
    close: () => port1.close(),
  };
  const listeners = new Set<(event: AppEvent) => void>();
  const failures: { error: unknown; requestId: string }[] = [];
  let requests = 0;
  const stop = serveIpc(port, {
    app: {
      dispatch,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    actor: ACTOR,
    newRequestId: () => `request-${++requests}`,
    onFailure: (error, requestId) => failures.push({ error, requestId }),
  });
  onTestFinished(stop);
  return { port2, stop, failures, listeners, emit: (event: AppEvent) => listeners.forEach((listener) => listener(event)) };
}

const transportOver = (port: unknown) => createIpcTransport(port as PortLike);
const failure = (promise: Promise<unknown>): Promise<AppError> =>
  promise.then(
    () => Promise.reject(new Error('It was answered')),
    (error: AppError) => error,
  );

/** Sends raw messages, as a page that was taken over could, and collects what comes back. */
function rawPage(port2: InstanceType<typeof MessageChannel>['port2']) {
  const answers: { id?: number; ok?: boolean; error?: Record<string, unknown> }[] = [];
  port2.on('message', (message) => answers.push(message));
  return {
    answers,
    send: (message: unknown) => port2.postMessage(message),
    settled: () => new Promise((resolve) => setTimeout(resolve, 20)),
  };
}

describe('a call from the window', () => {
  it('reaches the program with its input, an actor and a request id, and brings the output back', async () => {
    const seen: { name: string; input: unknown; context: CallContext }[] = [];
    const { port2 } = joined((name, input, context) => {
      seen.push({ name, input, context });
      return Promise.resolve({ rows: [1, 2] });
    });
    await expect(transportOver(port2).call(KNOWN, { a: '1.5' })).resolves.toEqual({ rows: [1, 2] });
    expect(seen).toEqual([{ name: KNOWN, input: { a: '1.5' }, context: { requestId: 'request-1', actor: ACTOR } }]);
  });

  it('made before the port is there waits for it', async () => {
    const { port2 } = joined(() => Promise.resolve('late'));
    const transport = createIpcTransport(
      new Promise<PortLike>((resolve) => setTimeout(() => resolve(port2 as unknown as PortLike), 10)),
    );
    await expect(transport.call(KNOWN, {})).resolves.toBe('late');
  });

  it('gets its own answer, in whatever order answers come', async () => {
    const { port2 } = joined(async (_name, input) => {
      await new Promise((resolve) => setTimeout(resolve, input === 'slow' ? 20 : 1));
      return input;
    });
    const transport = transportOver(port2);
    await expect(Promise.all(['slow', 'fast'].map((input) => transport.call(KNOWN, input)))).resolves.toEqual(['slow', 'fast']);
  });

  it('that is aborted rejects as cancelled, and its late answer is ignored', async () => {
    let finish = (_output: string): void => undefined;
    const { port2 } = joined((_name, input) =>
      input === 'held' ? new Promise((resolve) => (finish = resolve)) : Promise.resolve(input),
    );
    const transport = transportOver(port2);
    const controller = new AbortController();
    const held = failure(transport.call(KNOWN, 'held', controller.signal));
    await transport.call(KNOWN, 'first');
    controller.abort();
    expect((await held).code).toBe('cancelled');
    finish('too late');
    await expect(transport.call(KNOWN, 'second')).resolves.toBe('second');
    expect((await failure(transport.call(KNOWN, 'third', controller.signal))).code).toBe('cancelled');
  });
});

describe('a failure', () => {
  it('the caller is meant to see arrives with code, message, details and request id', async () => {
    const { port2, failures } = joined(() =>
      Promise.reject(new AppError('conflict_changed', 'It was settled by someone else.', { details: { version: 3 } })),
    );
    const error = await failure(transportOver(port2).call(KNOWN, {}));
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({
      code: 'conflict_changed',
      message: 'It was settled by someone else.',
      details: { version: 3 },
      requestId: 'request-1',
    });
    expect(failures).toEqual([]);
  });

  it('of any other kind arrives as internal without its text or stack, and is reported', async () => {
    const cause = new Error('cannot open C:\\secret\\book.db');
    const { port2 } = joined(() => Promise.reject(cause));
    const page = rawPage(port2);
    page.send({ id: 7, name: KNOWN, input: {} });
    await page.settled();
    expect(page.answers).toHaveLength(1);
    expect(page.answers[0]).toMatchObject({ id: 7, ok: false, error: { code: 'internal', requestId: 'request-1' } });
    expect(JSON.stringify(page.answers)).not.toMatch(/secret|book\.db|\.ts:/);
  });

  it('to clone the output is reported and answered', async () => {
    const { port2, failures } = joined(() => Promise.resolve({ run: () => 1 }));
    expect((await failure(transportOver(port2).call(KNOWN, {}))).code).toBe('internal');
    expect(failures.map(({ requestId }) => requestId)).toEqual(['request-1']);
  });

  it('by a lost program rejects what waits and what follows', async () => {
    const { port2, stop } = joined(() => new Promise(() => undefined));
    const transport = transportOver(port2);
    const waiting = failure(transport.call(KNOWN, {}));
    await new Promise((resolve) => setTimeout(resolve, 5));
    stop();
    expect((await waiting).code).toBe('internal');
    expect((await failure(transport.call(KNOWN, {}))).message).toContain('stopped answering');
  });
});

describe('a message that is no call', () => {
  it.each([
    ['text', 'call'],
    ['nothing', null],
    ['a list', [1, KNOWN, {}]],
    ['no id', { name: KNOWN, input: {} }],
    ['a negative id', { id: -1, name: KNOWN }],
    ['a fraction as id', { id: 1.5, name: KNOWN }],
    ['not a number as id', { id: Number.NaN, name: KNOWN }],
  ])('is reported and not answered: %s', async (_what, message) => {
    const { port2, failures } = joined(() => Promise.resolve(1));
    const page = rawPage(port2);
    page.send(message);
    await page.settled();
    expect(page.answers).toEqual([]);
    expect(failures).toHaveLength(1);
  });

  it.each([
    ['a name that is no text', { id: 1, name: { toString: 'x' }, input: {} }],
    ['a name of 101 characters', { id: 1, name: 'x'.repeat(101), input: {} }],
    ['a further member', { id: 1, name: KNOWN, input: {}, actor: { role: 'admin' } }],
  ])('is answered as invalid when it has an id: %s', async (_what, message) => {
    let dispatched = 0;
    const { port2 } = joined(() => Promise.resolve(++dispatched));
    const page = rawPage(port2);
    page.send(message);
    await page.settled();
    expect(page.answers).toMatchObject([{ id: 1, ok: false, error: { code: 'invalid_input' } }]);
    expect(dispatched).toBe(0);
  });

  it.each(['no.such', 'toString', '__proto__', 'constructor', ''])('names no procedure when it says %j', async (name) => {
    let dispatched = 0;
    const { port2 } = joined(() => Promise.resolve(++dispatched));
    expect((await failure(transportOver(port2).call(name as ProcedureName, {}))).code).toBe('not_found');
    expect(dispatched).toBe(0);
  });

  it('cannot start more than 500 calls at once', async () => {
    const { port2 } = joined(() => new Promise(() => undefined));
    const page = rawPage(port2);
    for (let id = 0; id < 503; id++) page.send({ id, name: KNOWN, input: {} });
    await page.settled();
    // 503 sent - 500 running = 3 refused
    expect(page.answers.map(({ id, error }) => [id, error?.['code']])).toEqual([
      [500, 'busy'],
      [501, 'busy'],
      [502, 'busy'],
    ]);
  });

  it('changes no prototype', async () => {
    const { port2 } = joined(() => Promise.resolve(1));
    const page = rawPage(port2);
    page.send(JSON.parse(`{"id":1,"name":"${KNOWN}","input":{"__proto__":{"polluted":1}},"__proto__":{"polluted":1}}`));
    await page.settled();
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('events', () => {
  it('reach every listener of the window until it stops listening', async () => {
    const { port2, emit } = joined(() => Promise.resolve(null));
    const transport = transportOver(port2);
    const heard: [string, AppEvent][] = [];
    const leave = transport.subscribe((event) => heard.push(['a', event]));
    transport.subscribe((event) => heard.push(['b', event]));
    emit(EVENT);
    await transport.call(KNOWN, {});
    leave();
    emit(EVENT);
    await transport.call(KNOWN, {});
    expect(heard).toEqual([
      ['a', EVENT],
      ['b', EVENT],
      ['b', EVENT],
    ]);
  });

  it('of a form the contract does not know are dropped', async () => {
    const { port2, emit } = joined(() => Promise.resolve(null));
    const transport = transportOver(port2);
    const heard: AppEvent[] = [];
    transport.subscribe((event) => heard.push(event));
    emit({ type: 'no_such_event' } as unknown as AppEvent);
    await transport.call(KNOWN, {});
    expect(heard).toEqual([]);
  });

  it('are no longer asked for once the service has ended', () => {
    const { stop, listeners } = joined(() => Promise.resolve(null));
    expect(listeners.size).toBe(1);
    stop();
    expect(listeners.size).toBe(0);
  });
});
