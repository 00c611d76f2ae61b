import type { AppEvent } from '../../shared/contract/index.ts';

export interface PlaceRequests {
  /** Sends the window to a place of the workstation; one that nobody hears yet waits for the window. */
  ask(path: string): void;
  subscribe(listener: (event: AppEvent) => void): () => void;
}

/** Asks the page of the window to go somewhere, without loading it anew: what is typed in it stays. */
export function createPlaceRequests(): PlaceRequests {
  const listeners = new Set<(event: AppEvent) => void>();
  let waiting: string | null = null;
  return {
    ask(path) {
      if (listeners.size === 0) waiting = path;
      for (const listener of listeners) listener({ type: 'place_asked', path });
    },
    subscribe(listener) {
      listeners.add(listener);
      if (waiting !== null) listener({ type: 'place_asked', path: waiting });
      waiting = null;
      return () => listeners.delete(listener);
    },
  };
}
