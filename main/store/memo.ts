import { bookVersion } from './book-version.ts';
import type { ReadDb } from './handles.ts';

interface Memory {
  version: number;
  readonly values: Map<string, unknown>;
  /** Ids of whole lists in their order, the one used last at the end. */
  readonly lists: Map<string, Float64Array>;
}

const memories = new WeakMap<ReadDb, Memory>();
const MOST_VALUES = 200;
/** Ids of all lists together: 32 MB. */
const MOST_IDS = 4_000_000;

function memoryOf(db: ReadDb): Memory {
  const version = bookVersion(db);
  const known = memories.get(db);
  if (known?.version === version) return known;
  const memory: Memory = { version, values: new Map(), lists: new Map() };
  memories.set(db, memory);
  return memory;
}

/**
 * Remembers what a query answered until a write may have changed it. For counts and totals over everything that matches, which
 * every page of a grid would otherwise work out again. The answer must follow from the book and the key alone, not from the time.
 */
export function remembered<T>(db: ReadDb, key: string, compute: () => T): T {
  // A connection that writes sees what is not committed yet.
  if (!db.readonly) return compute();
  const { values } = memoryOf(db);
  if (values.has(key)) return values.get(key) as T;
  const value = compute();
  if (values.size >= MOST_VALUES) values.clear();
  values.set(key, value);
  return value;
}

/** The same for the ids of a whole list in its order, so that every page of a sorted list but the first costs what its rows cost. */
export function rememberedIds(db: ReadDb, key: string, load: () => readonly number[]): Float64Array {
  if (!db.readonly) return Float64Array.from(load());
  const { lists } = memoryOf(db);
  const ids = lists.get(key) ?? Float64Array.from(load());
  lists.delete(key);
  let total = ids.length;
  for (const list of lists.values()) total += list.length;
  for (const [old, list] of lists) {
    if (total <= MOST_IDS) break;
    lists.delete(old);
    total -= list.length;
  }
  if (total <= MOST_IDS) lists.set(key, ids);
  return ids;
}
