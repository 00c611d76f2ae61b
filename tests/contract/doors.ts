import { MessageChannel } from 'node:worker_threads';
import { createStore } from 'zustand/vanilla';
import type { App } from '../../main/app.ts';
import { serveIpc } from '../../main/electron/ipc-server.ts';
import { createLogger } from '../../main/observability/logger.ts';
import { systemClock } from '../../main/ports/clock.ts';
import { systemRandom } from '../../main/ports/random.ts';
import { createServer } from '../../main/server/create-server.ts';
import { createHttpTransport } from '../../renderer/api/http-transport.ts';
import { createIpcTransport, type PortLike } from '../../renderer/api/ipc-transport.ts';
import type { SignInState } from '../../renderer/api/session.ts';
import { browserClock } from '../../renderer/ports/clock.ts';
import { createClient, type Client, type Transport } from '../../shared/contract/client.ts';
import type { AppEvent, Role } from '../../shared/contract/index.ts';

/** One way into the program: calls go in, answers and events come out. */
export interface Door {
  readonly name: 'direct' | 'IPC' | 'HTTP';
  /** Takes any input, so that wrong input can be sent too. */
  readonly transport: Transport;
  readonly client: Client;
  /** Every event that came through since the door was opened. */
  readonly events: AppEvent[];
}

export interface Doors {
  readonly all: readonly Door[];
  close(): Promise<void>;
}

const asDoor = (name: Door['name'], transport: Transport): Door => {
  const events: AppEvent[] = [];
  transport.subscribe((event) => events.push(event));
  return { name, transport, client: createClient(transport), events };
};

/** Opens the three doors of one running program, all for the same person. */
export async function openDoors(app: App, role: Role): Promise<Doors> {
  const actor = { id: 'tester', name: 'Tester', role };
  const requestId = (): string => systemRandom.uuid();

  const direct: Transport = {
    call: (name, input) => app.dispatch(name, input, { requestId: requestId(), actor }),
    subscribe: (listener) => app.subscribe(listener),
  };

  const { port1, port2 } = new MessageChannel();
  const stopIpc = serveIpc(
    {
      send: (message) => port1.postMessage(message),
      onMessage: (listener) => void port1.on('message', listener),
      onClose: (listener) => void port1.on('close', listener),
      close: () => port1.close(),
    },
    { app, actor, newRequestId: requestId, onFailure: (error) => console.error(error) },
  );

  const host = createServer({
    app,
    actor,
    rendererDir: import.meta.dirname,
    clock: systemClock,
    random: systemRandom,
    port: 0,
    version: 'test',
    logger: createLogger({ level: 'error', now: systemClock.now }),
  });
  const { url, token } = await host.listen();
  const http = createHttpTransport({
    fetch: (path, init) => fetch(url + String(path), init),
    clock: browserClock,
    session: {
      accessToken: () => Promise.resolve(token),
      refused: () => undefined,
      store: createStore<SignInState>(() => ({ status: 'signed_in', message: null })),
    },
  });

  return {
    all: [asDoor('direct', direct), asDoor('IPC', createIpcTransport(port2 as unknown as PortLike)), asDoor('HTTP', http)],
    close: async () => {
      http.close();
      stopIpc();
      await host.stop();
    },
  };
}
