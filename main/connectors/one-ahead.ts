export interface Loaded<V, P> {
  readonly value: V;
  /** Where the next one begins; null after the last. */
  readonly next: P | null;
}

/**
 * Loads page after page and starts the next load before it hands the current page out, so that the platform works while
 * the page is being stored. Never more than one ahead. Stopping early aborts the load under way.
 */
export async function* oneAhead<V, P>(
  first: P,
  signal: AbortSignal,
  load: (position: P, signal: AbortSignal) => Promise<Loaded<V, P>>,
): AsyncGenerator<V, void, undefined> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const start = (position: P): Promise<Loaded<V, P>> => {
    const loading = load(position, either);
    // It is awaited on the next turn; until then a failure must not count as unhandled.
    loading.catch(() => undefined);
    return loading;
  };
  try {
    let loading: Promise<Loaded<V, P>> | null = start(first);
    while (loading !== null) {
      const { value, next }: Loaded<V, P> = await loading;
      loading = next === null ? null : start(next);
      yield value;
    }
  } finally {
    stop.abort();
  }
}
