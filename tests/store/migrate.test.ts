import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { WritableDb } from '../../main/store/handles.ts';
import { bookExists, migrate, readMigrations } from '../../main/store/migrate.ts';
import { MigrationError } from '../../main/store/migration-error.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

const FIRST =
  'CREATE TABLE person (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE pet (owner INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE) STRICT;';
const SECOND = 'ALTER TABLE person ADD COLUMN age INTEGER;';

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(tempFolder(), 'migrations');
  mkdirSync(folder);
  for (const [name, sql] of Object.entries(files)) writeFileSync(join(folder, name), sql);
  return folder;
}
function book(): { path: string; db: WritableDb } {
  const path = join(tempFolder(), 'book.db');
  const db = openWritable(path);
  onTestFinished(() => closeDb(db));
  return { path, db };
}
const code = (body: () => unknown): string => {
  try {
    body();
  } catch (error) {
    if (error instanceof MigrationError) return error.code;
    throw error;
  }
  return 'none';
};
const version = (db: WritableDb): unknown => db.pragma('user_version', { simple: true });

describe('reading migrations', () => {
  test('refuses gaps, repeats and other names', () => {
    expect(code(() => readMigrations(folderWith({ '0001_a.sql': '', '0003_c.sql': '' })))).toBe('gap');
    expect(code(() => readMigrations(folderWith({ '0001_a.sql': '', '0001_b.sql': '' })))).toBe('gap');
    expect(code(() => readMigrations(folderWith({ '0001_a.sql': '', 'notes.txt': '' })))).toBe('gap');
    expect(code(() => readMigrations(folderWith({ '0000_a.sql': '' })))).toBe('gap');
  });

  test('takes line ends of either kind as one file', () => {
    const [unix] = readMigrations(folderWith({ '0001_a.sql': 'SELECT 1;\nSELECT 2;\n' }));
    const [windows] = readMigrations(folderWith({ '0001_a.sql': 'SELECT 1;\r\nSELECT 2;\r\n' }));
    expect(unix?.sha256).toBe(windows?.sha256);
  });
});

describe('migrating', () => {
  test('a new book gets everything, marks itself and needs nothing the second time', () => {
    const { db, path } = book();
    const dir = folderWith({ '0001_a.sql': FIRST, '0002_b.sql': SECOND });
    expect(migrate(db, dir)).toEqual(['0001_a.sql', '0002_b.sql']);
    expect([version(db), db.pragma('application_id', { simple: true })]).toEqual([2, 0x434c5759]);
    expect(migrate(db, dir)).toEqual([]);
    expect(readdirSync(join(path, '..')).filter((n) => n.endsWith('.bak'))).toEqual([]); // nothing to keep of an empty book
  });

  test('the product’s own migrations make a sound database', () => {
    const { db } = book();
    migrate(db, MIGRATIONS);
    expect([
      db.pragma('integrity_check', { simple: true }),
      db.pragma('foreign_key_check'),
      db.pragma('foreign_keys', { simple: true }),
    ]).toEqual(['ok', [], 1]);
  });

  test('an upgrade first keeps a copy that opens with the old version and the old rows', () => {
    const { db, path } = book();
    const dir = folderWith({ '0001_a.sql': FIRST });
    migrate(db, dir);
    db.exec('INSERT INTO person VALUES (7)');
    writeFileSync(join(dir, '0002_b.sql'), SECOND);
    migrate(db, dir);
    const copy = new Database(`${path}.before-0002_b.sql.bak`, { readonly: true });
    onTestFinished(() => void copy.close());
    expect([copy.pragma('user_version', { simple: true }), copy.prepare('SELECT * FROM person').all()]).toEqual([1, [{ id: 7 }]]);
    expect(db.prepare('SELECT * FROM person').all()).toEqual([{ id: 7, age: null }]);
  });

  test('a statement that fails leaves the version before it, with nothing of its own migration', () => {
    const { db } = book();
    const dir = folderWith({
      '0001_a.sql': FIRST,
      '0002_b.sql': `${SECOND} CREATE TABLE leaf (x TEXT) STRICT; INSERT INTO nowhere VALUES (1);`,
    });
    expect(code(() => migrate(db, dir))).toBe('failed');
    expect(version(db)).toBe(1);
    expect(db.prepare('SELECT name FROM schema_migrations').pluck().all()).toEqual(['0001_a.sql']);
    expect(db.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'leaf'").pluck().get()).toBe(0);
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
    writeFileSync(join(dir, '0002_b.sql'), SECOND);
    expect(migrate(db, dir)).toEqual(['0002_b.sql']); // once it is mended, it goes on from there
  });

  test('one that would leave a row pointing at nothing is refused', () => {
    const { db } = book();
    const dir = folderWith({ '0001_a.sql': FIRST, '0002_b.sql': 'INSERT INTO pet VALUES (99);' });
    expect(() => migrate(db, dir)).toThrow(/row 1 of pet points at nothing/);
    expect(db.prepare('SELECT count(*) FROM pet').pluck().get()).toBe(0);
  });

  test('rebuilding a table that others point at deletes nothing there', () => {
    const { db } = book();
    const dir = folderWith({ '0001_a.sql': FIRST });
    migrate(db, dir);
    db.exec('INSERT INTO person VALUES (7); INSERT INTO pet VALUES (7);');
    writeFileSync(
      join(dir, '0002_b.sql'),
      'CREATE TABLE person2 (id INTEGER PRIMARY KEY) STRICT; INSERT INTO person2 SELECT id FROM person; DROP TABLE person; ALTER TABLE person2 RENAME TO person;',
    );
    migrate(db, dir);
    expect(db.prepare('SELECT owner FROM pet').pluck().all()).toEqual([7]);
  });
});

describe('books that are left alone', () => {
  function bytesOf(path: string): string {
    return [path, `${path}-wal`]
      .map((p) => (existsSync(p) ? createHash('sha256').update(readFileSync(p)).digest('hex') : ''))
      .join('|');
  }

  test('one from a newer program', () => {
    const { db, path } = book();
    const dir = folderWith({ '0001_a.sql': FIRST, '0002_b.sql': SECOND });
    migrate(db, dir);
    closeDb(db);
    const before = bytesOf(path);
    const again = openWritable(path);
    expect(code(() => migrate(again, folderWith({ '0001_a.sql': FIRST })))).toBe('from_the_future');
    (again as unknown as Database.Database).close();
    expect(bytesOf(path)).toBe(before);
  });

  test('one made by a migration that was edited since', () => {
    const { db, path } = book();
    migrate(db, folderWith({ '0001_a.sql': FIRST }));
    closeDb(db);
    const before = bytesOf(path);
    const again = openWritable(path);
    expect(code(() => migrate(again, folderWith({ '0001_a.sql': `${FIRST} -- better`, '0002_b.sql': SECOND })))).toBe('edited');
    (again as unknown as Database.Database).close();
    expect(bytesOf(path)).toBe(before);
    expect(readdirSync(join(path, '..')).filter((n) => n.endsWith('.bak'))).toEqual([]);
  });

  test('a database of another program, down to its journal mode', () => {
    const path = join(tempFolder(), 'theirs.db');
    const theirs = new Database(path);
    theirs.exec("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");
    theirs.close();
    const before = bytesOf(path);
    expect(code(() => openWritable(path))).toBe('not_ours');
    expect(bytesOf(path)).toBe(before);
  });

  test('a copy of the book whose first migration is missing here', () => {
    const { db } = book();
    const dir = folderWith({ '0001_a.sql': FIRST });
    migrate(db, dir);
    const empty = folderWith({});
    expect(code(() => migrate(db, empty))).toBe('from_the_future');
  });
});

test('an empty file and no file are both no book', () => {
  const path = join(tempFolder(), 'book.db');
  expect(bookExists(path)).toBe(false);
  writeFileSync(path, '');
  expect(bookExists(path)).toBe(false);
  cpSync(join(MIGRATIONS, '0001_spine.sql'), path);
  expect(bookExists(path)).toBe(true);
});
