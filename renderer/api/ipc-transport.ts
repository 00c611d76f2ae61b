import { AppError, appEvent, errorBody, type AppEvent } from '../../shared/contract/index.ts';
import type { Transport } from '../../shared/contract/client.ts';

/** What the transport needs of a MessagePort, in the browser's form. */
export interface PortLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  start(): void;
}

/** What the preload adds to the window of the desktop program. */
interface DesktopBridge {
  connect(): void;
}

interface Waiting {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

const PORT_MESSAGE = 'clearway:port';

const cancelled = (): AppError => new AppError('cancelled', 'The request was cancelled.');
const lost = (): AppError => new AppError('internal', 'The program stopped answering. Close the window and open it again.');

function toError(value: unknown): AppError {
  const parsed = errorBody.safeParse({ error: value });
  if (!parsed.success) return new AppError('internal', 'The program answered in a form this page does not know.');
  const { code, message, requestId, details } = parsed.data.error;
  return new AppError(code, message, { requestId, ...(details ? { details } : {}) });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** Calls procedures over a message port. Calls made before the port is there wait for it. */
export function createIpcTransport(port: PortLike | Promise<PortLike>): Transport {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(event: AppEvent) => void>();
  let nextId = 1;
  let closed = false;

  const receive = (data: unknown): void => {
    if (!isRecord(data)) return;
    if ('event' in data) {
      const event = appEvent.safeParse(data['event']);
      if (event.success) for (const listener of listeners) listener(event.data);
      return;
    }
    const id = data['id'];
    const call = typeof id === 'number' ? waiting.get(id) : undefined;
    if (call === undefined) return;
    waiting.delete(id as number);
    if (data['ok'] === true) call.resolve(data['output']);
    else call.reject(toError(data['error']));
  };

  const opened = Promise.resolve(port).then((ready) => {
    ready.addEventListener('message', (event) => receive(event.data));
    ready.addEventListener('close', () => {
      closed = true;
      for (const call of waiting.values()) call.reject(lost());
      waiting.clear();
    });
    ready.start();
    return ready;
  });

  return {
    call: async (name, input, signal) => {
      const ready = await opened;
      if (signal?.aborted) throw cancelled();
      if (closed) throw lost();
      const id = nextId++;
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          if (waiting.delete(id)) reject(cancelled());
        };
        const done =
          <V>(settle: (value: V) => void) =>
          (value: V): void => {
            signal?.removeEventListener('abort', abort);
            settle(value);
          };
        signal?.addEventListener('abort', abort, { once: true });
        waiting.set(id, { resolve: done(resolve), reject: done(reject) });
        ready.postMessage({ id, name, input });
      });
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The transport of the desktop window, or null in a browser. Asks the program for a port at once. */
export function createDesktopTransport(view: Window): Transport | null {
  const bridge = (view as Window & { readonly clearwayDesktop?: DesktopBridge }).clearwayDesktop;
  if (bridge === undefined) return null;
  const port = new Promise<MessagePort>((resolve) => {
    const take = (event: MessageEvent): void => {
      const [received] = event.ports;
      if (event.source !== view || event.data !== PORT_MESSAGE || received === undefined) return;
      view.removeEventListener('message', take);
      resolve(received);
    };
    view.addEventListener('message', take);
  });
  bridge.connect();
  return createIpcTransport(port);
}
