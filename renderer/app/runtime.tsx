import { createContext, useContext, type ReactNode } from 'react';
import type { Topic } from '../../shared/contract/index.ts';
import { createClient, type Client, type Transport } from '../../shared/contract/client.ts';
import { createConnectivity, type Connectivity } from '../api/connectivity.ts';
import { createProgressStore, type ProgressStore } from '../api/progress-store.ts';
import { createQueryStore, type QueryStore } from '../api/query-store.ts';
import { createKeyboard, type Keyboard } from '../keyboard/keyboard.ts';
import type { Clock } from '../ports/clock.ts';
import { createRouter, type Router } from '../router/router.ts';
import { createAnnouncer, type Announcer } from './announcer.ts';
import { createPreferences, type Memory, type PreferencesStore } from './preferences.ts';
import { createStatusStore, type StatusStore } from './status.ts';
import { createToasts, type Toasts } from './toasts.ts';

/** Everything a screen can reach, built once at start and handed down. */
export interface Runtime {
  readonly client: Client;
  readonly queries: QueryStore;
  readonly connectivity: Connectivity;
  readonly progress: ProgressStore;
  readonly preferences: PreferencesStore;
  readonly memory: Memory;
  readonly clock: Clock;
  readonly router: Router;
  readonly keyboard: Keyboard;
  readonly toasts: Toasts;
  readonly announcer: Announcer;
  readonly status: StatusStore;
  /** Nonce for style elements, from the page. */
  readonly nonce: string;
  /** Tells queries and grids that parts of the book changed. */
  readonly dataChanged: (topics: readonly Topic[]) => void;
  /** Calls back with topics that changed, null for everything, until the returned function is called. */
  readonly onDataChanged: (listener: (topics: readonly Topic[] | null) => void) => () => void;
}

export interface RuntimeParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly memory: Memory;
  readonly view: Window;
  readonly nonce: string;
}

/** Builds the runtime and starts listening to events. */
export const createRuntime = ({ transport, clock, memory, view, nonce }: RuntimeParts): Runtime => {
  const client = createClient(transport);
  const listeners = new Set<(topics: readonly Topic[] | null) => void>();
  const tell = (topics: readonly Topic[] | null): void => {
    queries.invalidate(topics ?? undefined);
    for (const listener of listeners) listener(topics);
  };
  const connectivity = createConnectivity(
    clock,
    () =>
      client.call('app.info', {}).then(
        () => true,
        () => false,
      ),
    () => tell(null),
  );
  const queries = createQueryStore(client, connectivity.report);
  const progress = createProgressStore();
  const preferences = createPreferences(memory);
  const router = createRouter(view);
  client.subscribe((event) => {
    progress.take(event);
    if (event.type === 'data_changed') tell(event.topics);
    if (event.type === 'place_asked') router.go(event.path);
  });
  return {
    client,
    queries,
    connectivity,
    progress,
    preferences,
    memory,
    clock,
    router,
    keyboard: createKeyboard(() => preferences.getState().singleKeys, /Mac|iP(hone|ad)/.test(view.navigator.platform)),
    toasts: createToasts(clock),
    announcer: createAnnouncer(clock),
    status: createStatusStore(),
    nonce,
    dataChanged: tell,
    onDataChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

const RuntimeContext = createContext<Runtime | null>(null);

export const RuntimeProvider = ({ runtime, children }: { readonly runtime: Runtime; readonly children: ReactNode }) => (
  <RuntimeContext value={runtime}>{children}</RuntimeContext>
);

/** The runtime of this window. */
export const useRuntime = (): Runtime => {
  const runtime = useContext(RuntimeContext);
  if (runtime === null) throw new Error('useRuntime is called outside RuntimeProvider');
  return runtime;
};
