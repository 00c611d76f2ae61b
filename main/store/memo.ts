import type { ReadDb } from './handles.ts';

interface Memory {
  version: unknown;
  readonly values: Map<string, unknown>;
}

const memories = new WeakMap<ReadDb, Memory>();
const MOST = 50;

/**
 * Remembers what a query answered until anybody else commits to the book (`PRAGMA data_version`). For counts and totals over
 * everything that matches, which every page of a grid would otherwise work out again.
 */
export function remembered<T>(db: ReadDb, key: string, compute: () => T): T {
  // A connection does not count its own commits, so one that writes must not remember.
  if (!db.readonly) return compute();
  const version = db.prepare('PRAGMA data_version').pluck().get();
  let memory = memories.get(db);
  if (!memory || memory.version !== version) {
    memory = { version, values: new Map() };
    memories.set(db, memory);
  }
  if (memory.values.has(key)) return memory.values.get(key) as T;
  const value = compute();
  if (memory.values.size >= MOST) memory.values.clear();
  memory.values.set(key, value);
  return value;
}
