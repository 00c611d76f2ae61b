import { drizzle, type BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type Database from 'better-sqlite3';
import type { ReadDb } from './handles.ts';

const instances = new WeakMap<ReadDb, BetterSQLite3Database>();

/** The query builder over a connection, for ordinary queries; bulk work prepares its own statements. */
export function orm(db: ReadDb): BetterSQLite3Database {
  let instance = instances.get(db);
  if (!instance) {
    instance = drizzle(db as unknown as Database.Database);
    instances.set(db, instance);
  }
  return instance;
}
