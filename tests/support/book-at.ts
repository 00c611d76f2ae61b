import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import type { WritableDb } from '../../main/store/handles.ts';
import { MIGRATIONS } from './migrations.ts';
import { tempFolder } from './temp-folder.ts';

/** Brings a book to where the migration of this number left it, such as '0002'. */
export function migrateThrough(db: WritableDb, last: string): void {
  const folder = join(tempFolder(), 'migrations');
  mkdirSync(folder);
  for (const name of readdirSync(MIGRATIONS))
    if (name.slice(0, last.length) <= last) cpSync(join(MIGRATIONS, name), join(folder, name));
  migrate(db, folder);
}

/** An empty book as the migration of this number left it; closed when the test ends. */
export function bookAt(last: string): WritableDb {
  const db = openWritable(join(tempFolder(), 'book.db'));
  onTestFinished(() => closeDb(db));
  migrateThrough(db, last);
  return db;
}
