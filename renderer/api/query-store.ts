import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CallInput, Output, QueryName, Topic } from '../../shared/contract/index.ts';
import type { Client } from '../../shared/contract/client.ts';
import { isAborted, toFailure, type Failure } from './failure.ts';
import { QUERY_TOPICS } from './topics.ts';

/** One question and its latest answer. An answer stays on screen while it is asked again. */
export interface QueryEntry {
  readonly name: QueryName;
  readonly input: unknown;
  readonly data: unknown;
  readonly failure: Failure | null;
  readonly fetching: boolean;
  readonly stale: boolean;
  /** How many components show it. */
  readonly observers: number;
}

export interface QueryStore {
  readonly store: StoreApi<Readonly<Record<string, QueryEntry>>>;
  /** Keeps the answer up to date until the returned function is called. */
  observe<N extends QueryName>(name: N, input: CallInput<N>): () => void;
  /** Asks again for whatever depends on these topics; without topics, for everything on screen. */
  invalidate(topics?: readonly Topic[]): void;
  refetch(key: string): void;
  /** The answer to one question, from the network, kept for the screens that show it. */
  fetch<N extends QueryName>(name: N, input: CallInput<N>, signal?: AbortSignal): Promise<Output<N>>;
}

export const queryKey = (name: QueryName, input: unknown): string => `${name} ${JSON.stringify(input)}`;

const MAX_IDLE = 60;

/** Holds answers by question: stale-while-revalidate, one request per question at a time, aborted when nobody looks. */
export const createQueryStore = (client: Client, onReached: (reached: boolean) => void): QueryStore => {
  const store = createStore<Readonly<Record<string, QueryEntry>>>(() => ({}));
  const running = new Map<string, AbortController>();
  const again = new Set<string>();

  const patch = (key: string, change: Partial<QueryEntry>): void => {
    const entry = store.getState()[key];
    if (entry) store.setState({ [key]: { ...entry, ...change } });
  };

  const settle = (key: string, controller: AbortController, change: Partial<QueryEntry>): void => {
    if (running.get(key) !== controller) return;
    running.delete(key);
    patch(key, { ...change, fetching: false });
    if (again.delete(key)) start(key);
  };

  const start = (key: string): void => {
    const entry = store.getState()[key];
    if (!entry) return;
    if (running.has(key)) {
      // A burst of changes must not starve the answer: let the running request finish, then ask once more.
      again.add(key);
      return;
    }
    const controller = new AbortController();
    running.set(key, controller);
    patch(key, { fetching: true });
    client.call(entry.name, entry.input as CallInput<QueryName>, controller.signal).then(
      (data) => {
        onReached(true);
        settle(key, controller, { data, failure: null, stale: again.has(key) });
      },
      (error: unknown) => {
        if (isAborted(error)) return settle(key, controller, {});
        const failure = toFailure(error);
        onReached(failure.code !== 'offline');
        settle(key, controller, { failure, stale: true });
      },
    );
  };

  const forgetIdle = (): void => {
    const idle = Object.entries(store.getState()).filter(([, entry]) => entry.observers === 0);
    if (idle.length <= MAX_IDLE) return;
    const dropped = new Set(idle.slice(0, idle.length - MAX_IDLE).map(([key]) => key));
    store.setState(Object.fromEntries(Object.entries(store.getState()).filter(([key]) => !dropped.has(key))), true);
  };

  const release = (key: string): void => {
    const entry = store.getState()[key];
    if (!entry) return;
    patch(key, { observers: entry.observers - 1 });
    if (entry.observers > 1) return;
    again.delete(key);
    const controller = running.get(key);
    if (controller) {
      running.delete(key);
      patch(key, { fetching: false, stale: true });
      controller.abort();
    }
    forgetIdle();
  };

  return {
    store,
    observe: (name, input) => {
      const key = queryKey(name, input);
      const entry = store.getState()[key];
      if (entry) patch(key, { observers: entry.observers + 1 });
      else store.setState({ [key]: { name, input, data: undefined, failure: null, fetching: false, stale: true, observers: 1 } });
      if (!entry || entry.stale) if (!running.has(key)) start(key);
      let released = false;
      return () => {
        if (!released) release(key);
        released = true;
      };
    },
    invalidate: (topics) => {
      for (const [key, entry] of Object.entries(store.getState())) {
        if (topics && !QUERY_TOPICS[entry.name].some((topic) => topics.includes(topic))) continue;
        patch(key, { stale: true });
        if (entry.observers > 0) start(key);
      }
    },
    refetch: (key) => start(key),
    fetch: async (name, input, signal) => {
      try {
        const answer = await client.call(name, input, signal);
        onReached(true);
        return answer;
      } catch (error) {
        if (!isAborted(error)) onReached(toFailure(error).code !== 'offline');
        throw error;
      }
    },
  };
};
