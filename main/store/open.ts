import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';
import { DEC_FUNCTIONS } from './dec-functions.ts';
import { createDecSum } from './dec-sum.ts';
import type { ReadDb, WritableDb } from './handles.ts';
import { MigrationError } from './migration-error.ts';

/** Marks the file as ours (`PRAGMA application_id`), "CLWY". */
export const APPLICATION_ID = 0x434c5759;
const OLDEST_SAFE_SQLITE = [3, 51, 3] as const; // the WAL-reset bug is fixed from here on

/** Settings every connection must have; each is read back after it is set, because SQLite ignores what it does not know. */
const SETTINGS: readonly (readonly [name: string, value: string, expected: string | number])[] = [
  ['synchronous', 'FULL', 2], // a database reopened in WAL mode reports NORMAL otherwise, which can lose the last commits
  ['foreign_keys', 'ON', 1],
  ['recursive_triggers', 'ON', 1], // else INSERT OR REPLACE walks past the append-only triggers
  ['trusted_schema', 'OFF', 0],
  ['cell_size_check', 'ON', 1],
  ['mmap_size', '0', 0],
  ['busy_timeout', '5000', 5000],
  ['journal_size_limit', '67108864', 67108864],
  ['cache_size', '-65536', -65536],
  ['temp_store', 'MEMORY', 2],
];

function assertSafeVersion(db: Database.Database): void {
  const version = db.prepare('SELECT sqlite_version()').pluck().get() as string;
  const parts = version.split('.').map(Number);
  for (const [i, least] of OLDEST_SAFE_SQLITE.entries()) {
    const part = parts[i] ?? 0;
    if (part > least) return;
    if (part < least) throw new Error(`SQLite ${version} can lose commits in WAL mode; 3.51.3 or newer is needed.`);
  }
}

function prepareConnection(db: Database.Database): void {
  assertSafeVersion(db);
  for (const [name, value, expected] of SETTINGS) {
    db.pragma(`${name} = ${value}`);
    const actual = db.pragma(name, { simple: true });
    if (actual !== undefined && actual !== expected)
      throw new Error(`SQLite refused the setting ${name} = ${value} (it is ${String(actual)}).`);
  }
  if (process.platform === 'darwin') {
    db.pragma('fullfsync = 1');
    db.pragma('checkpoint_fullfsync = 1');
  }
  db.aggregate<unknown>('dec_sum', createDecSum() as Parameters<typeof db.aggregate<unknown>>[1]);
  for (const [name, work] of Object.entries(DEC_FUNCTIONS))
    db.function(name, { deterministic: true }, work as (...columns: unknown[]) => unknown);
}

/** Before anything is set, because already the journal mode is written into the file. */
function assertOurs(db: Database.Database): void {
  const tables = db.prepare("SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").pluck().get() as number;
  if (tables > 0 && db.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    throw new MigrationError('not_ours', 'This database was not made by Clearway. It was left as it is.');
}

/**
 * Opens the book for writing, making the file when it is missing; another program's database is refused untouched. One
 * process holds one such connection.
 */
export function openWritable(path: string): WritableDb {
  // For its owner only; SQLite gives its log and index the mode of the book.
  closeSync(openSync(path, 'a', 0o600));
  const db = new Database(path);
  try {
    assertOurs(db);
    if (db.pragma('journal_mode = WAL', { simple: true }) !== 'wal')
      throw new Error('This file system does not support WAL mode.');
    prepareConnection(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return db as unknown as WritableDb;
}

/** Opens an existing book for queries only. */
export function openReadable(path: string): ReadDb {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    prepareConnection(db);
  } catch (error) {
    db.close();
    throw error;
  }
  return db as unknown as ReadDb;
}

/** Closes either kind of connection; a writable one first leaves statistics for the planner. */
export function closeDb(db: ReadDb | WritableDb): void {
  const raw = db as unknown as Database.Database;
  if (!raw.open) return;
  try {
    if (!raw.readonly) raw.pragma('optimize');
  } finally {
    raw.close();
  }
}
