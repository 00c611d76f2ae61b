import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { backupFile } from './backup.ts';
import type { WritableDb } from './handles.ts';
import { MigrationError } from './migration-error.ts';
import { APPLICATION_ID } from './open.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

const FILE_NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;

/** Reads `NNNN_name.sql` files in order; refuses gaps, repeats and names of another form. */
export function readMigrations(dir: string): Migration[] {
  const migrations = readdirSync(dir)
    .sort()
    .map((name) => {
      const match = FILE_NAME.exec(name);
      if (!match) throw new MigrationError('gap', `${name} is not named like 0001_what_it_does.sql.`);
      const sql = readFileSync(join(dir, name), 'utf8');
      return {
        version: Number(match[1]),
        name,
        sql,
        sha256: createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex'),
      };
    });
  for (const [i, migration] of migrations.entries())
    if (migration.version !== i + 1)
      throw new MigrationError('gap', `Migration ${i + 1} is missing or doubled; found ${migration.name} in its place.`);
  return migrations;
}

interface Applied {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
}

function appliedMigrations(db: WritableDb): Applied[] {
  const exists = db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migrations'").pluck().get();
  return exists === 0
    ? []
    : (db.prepare('SELECT version, name, sha256 FROM schema_migrations ORDER BY version').all() as Applied[]);
}

function assertPrefix(applied: readonly Applied[], available: readonly Migration[]): void {
  for (const [i, done] of applied.entries()) {
    const migration = available[i];
    if (!migration)
      throw new MigrationError(
        'from_the_future',
        `This book was written by a newer Clearway (it has ${done.name}). It was left as it is; install the newer version to open it.`,
      );
    if (done.version !== migration.version || done.sha256 !== migration.sha256)
      throw new MigrationError('edited', `Migration ${migration.name} is not the one that made this book (${done.name}).`);
  }
}

/**
 * Brings the book up to the newest migration: one transaction each, together with its journal row. An existing book is
 * backed up beside itself first. Refuses, without writing, books from the future and edited or missing migrations.
 * Returns the names applied.
 */
export function migrate(db: WritableDb, dir: string): string[] {
  const available = readMigrations(dir);
  const applied = appliedMigrations(db);
  assertPrefix(applied, available);
  const pending = available.slice(applied.length);
  if (pending.length === 0) return [];
  if (applied.length > 0) backupFile(db, `${db.name}.before-${pending[0]?.name ?? ''}.bak`);

  db.pragma('foreign_keys = OFF'); // ignored inside a transaction; a table rebuild would otherwise cascade deletes
  try {
    for (const migration of pending) apply(db, migration);
  } finally {
    db.pragma('foreign_keys = ON');
  }
  return pending.map((migration) => migration.name);
}

function apply(db: WritableDb, migration: Migration): void {
  try {
    db.transaction(() => {
      db.exec(
        'CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL) STRICT',
      );
      db.exec(migration.sql);
      const orphans = db.pragma('foreign_key_check') as { table: string; rowid: number }[];
      if (orphans[0]) throw new Error(`row ${orphans[0].rowid} of ${orphans[0].table} points at nothing`);
      db.prepare('INSERT INTO schema_migrations VALUES (?, ?, ?)').run(migration.version, migration.name, migration.sha256);
      db.pragma(`user_version = ${migration.version}`);
      db.pragma(`application_id = ${APPLICATION_ID}`);
    }).immediate();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError('failed', `${migration.name} could not be applied: ${reason}. The book was left as it was.`, error);
  }
}

/** True when there is a book at `path` (an empty file counts as none). */
export const bookExists = (path: string): boolean => existsSync(path) && statSync(path).size > 0;
