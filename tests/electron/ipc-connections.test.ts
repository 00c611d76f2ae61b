import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { IpcMainEvent, MessageChannelMain, WebContents } from 'electron';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIpcConnections } from '../../main/electron/ipc-connections.ts';
import { createIpcTransport, type PortLike } from '../../renderer/api/ipc-transport.ts';
import { procedureNames, type AppEvent, type ProcedureName } from '../../shared/contract/index.ts';

const [KNOWN] = procedureNames as [ProcedureName, ...ProcedureName[]];
const own = { id: 1 } as WebContents;

/** Electron's form of a port, over a real one of Node. */
function electronPort(port: MessagePort) {
  const events = new EventEmitter();
  port.on('message', (data) => events.emit('message', { data }));
  port.on('close', () => events.emit('close'));
  return Object.assign(events, {
    postMessage: (message: unknown) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
  });
}

function connections(window: WebContents | null = own) {
  const delivered: PortLike[] = [];
  const refused: string[] = [];
  const subscribed = new Set<(event: AppEvent) => void>();
  const service = createIpcConnections({
    app: {
      dispatch: (_name, input) => Promise.resolve(input),
      subscribe: (listener) => (subscribed.add(listener), () => void subscribed.delete(listener)),
    },
    actor: { id: 'local', name: 'This computer', role: 'admin' },
    newRequestId: () => 'r',
    onFailure: () => undefined,
    newChannel: () => {
      const { port1, port2 } = new MessageChannel();
      return { port1: electronPort(port1), port2 } as unknown as MessageChannelMain;
    },
    ownContents: () => window,
    onRefused: (reason) => refused.push(reason),
  });
  onTestFinished(service.close);
  const frame = {
    origin: 'app://workstation',
    url: 'app://workstation/',
    parent: null,
    postMessage: (_channel: string, _message: unknown, ports: PortLike[]) => delivered.push(...ports),
  };
  const request = (changes: object = {}, sender = own) =>
    service.connect({ sender, senderFrame: { ...frame, ...changes } } as unknown as IpcMainEvent);
  return { request, delivered, refused, subscribed, service };
}

describe('createIpcConnections', () => {
  it('gives the own page a port that reaches the program', async () => {
    const { request, delivered, refused } = connections();
    request();
    expect(refused).toEqual([]);
    const [port] = delivered as [PortLike];
    await expect(createIpcTransport(port).call(KNOWN, { a: 1 })).resolves.toEqual({ a: 1 });
  });

  it.each([
    ['a foreign page', { origin: 'https://app.attacker.example', url: 'https://app.attacker.example/' }],
    ['a frame within the page', { parent: {} }],
  ])('gives %s nothing', (_who, changes) => {
    const { request, delivered, refused, subscribed } = connections();
    request(changes);
    expect(delivered).toEqual([]);
    expect(refused).toHaveLength(1);
    expect(subscribed.size).toBe(0);
  });

  it('gives nothing when the window is closed', () => {
    const { request, delivered, refused } = connections(null);
    request();
    expect(delivered).toEqual([]);
    expect(refused).toEqual(['there is no window']);
  });

  it('serves a page that is loaded anew in place of the one before', () => {
    const { request, delivered, subscribed, service } = connections();
    request();
    request();
    expect(delivered).toHaveLength(2);
    expect(subscribed.size).toBe(1);
    service.close();
    expect(subscribed.size).toBe(0);
  });
});
