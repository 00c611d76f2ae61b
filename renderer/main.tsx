import './app/no-eval.ts';
import type { Transport } from '../shared/contract/client.ts';
import { createDesktopTransport } from './api/ipc-transport.ts';
import { createHttpTransport } from './api/http-transport.ts';
import { createSession, type Session } from './api/session.ts';
import { mount, pageNonce } from './app/mount.tsx';
import { createMemory } from './app/preferences.ts';
import { createRuntime } from './app/runtime.tsx';
import { browserClock } from './ports/clock.ts';

/** The way to the headless host, for which a person signs in. */
const overHttp = (): { transport: Transport; session: Session } => {
  const fetch = window.fetch.bind(window);
  const session = createSession({ fetch, clock: browserClock, location: window.location, history: window.history });
  return { transport: createHttpTransport({ fetch, clock: browserClock, session }), session };
};

const start = (root: HTMLElement): void => {
  const desktop = createDesktopTransport(window);
  const { transport, session } = desktop === null ? overHttp() : { transport: desktop, session: null };
  const runtime = createRuntime({
    transport,
    clock: browserClock,
    memory: createMemory(window.localStorage),
    view: window,
    nonce: pageNonce(),
  });
  mount(root, runtime, { session, development: import.meta.env.DEV });
};

const root = document.getElementById('root');
if (root) start(root);
