import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Clock } from '../ports/clock.ts';

export interface Connectivity {
  readonly store: StoreApi<{ readonly online: boolean }>;
  /** Tells whether a call reached the program. */
  report(reached: boolean): void;
}

const RETRY_MS = 4000;

/** Knows whether the program can be reached. While it cannot, asks every four seconds, and calls back when it answers again. */
export const createConnectivity = (clock: Clock, ask: () => Promise<boolean>, onReturn: () => void): Connectivity => {
  const store = createStore<{ readonly online: boolean }>(() => ({ online: true }));
  let waiting = false;

  const retry = (): void => {
    if (waiting) return;
    waiting = true;
    clock.after(RETRY_MS, () => {
      ask().then(
        (reached) => {
          waiting = false;
          if (reached) report(true);
          else retry();
        },
        () => {
          waiting = false;
          retry();
        },
      );
    });
  };

  const report = (reached: boolean): void => {
    const before = store.getState().online;
    if (before === reached) return;
    store.setState({ online: reached });
    if (reached) onReturn();
    else retry();
  };

  return { store, report };
};
