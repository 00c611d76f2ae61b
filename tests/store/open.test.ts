import { existsSync, readFileSync, statSync, writeFileSync as writeFile } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { APPLICATION_ID, closeDb, openReadable, openWritable } from '../../main/store/open.ts';
import type { ReadDb, WritableDb } from '../../main/store/handles.ts';
import { tempFolder } from '../support/temp-folder.ts';

const raw = (db: ReadDb | WritableDb): Database.Database => db as unknown as Database.Database;
function opened<D extends ReadDb | WritableDb>(db: D): D {
  onTestFinished(() => closeDb(db));
  return db;
}

const EXPECTED = {
  synchronous: 2,
  foreign_keys: 1,
  recursive_triggers: 1,
  trusted_schema: 0,
  cell_size_check: 1,
  busy_timeout: 5000,
  cache_size: -65536,
  temp_store: 2,
};

describe('a writable connection', () => {
  test('has every setting it asked for, and keeps a write-ahead log', () => {
    const db = raw(opened(openWritable(join(tempFolder(), 'book.db'))));
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    for (const [name, value] of Object.entries(EXPECTED))
      expect([name, db.pragma(name, { simple: true })]).toEqual([name, value]);
    expect(db.pragma('journal_size_limit', { simple: true })).toBe(67108864);
  });

  test.skipIf(process.platform === 'win32')('makes a book that only its owner can read, its log included', () => {
    const path = join(tempFolder(), 'book.db');
    opened(openWritable(path)).exec(`PRAGMA user_version = 7; PRAGMA application_id = ${APPLICATION_ID}`);
    // 0o600 of the permission bits 0o777
    for (const file of [path, `${path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('keeps full synchronisation when an existing book is opened again', () => {
    const path = join(tempFolder(), 'book.db');
    const first = openWritable(path);
    first.exec(`CREATE TABLE t (x TEXT) STRICT; PRAGMA application_id = ${APPLICATION_ID}`);
    closeDb(first);
    expect(raw(opened(openWritable(path))).pragma('synchronous', { simple: true })).toBe(2);
  });

  test('runs on a SQLite without the write-ahead log fault', () => {
    const [major, minor, patch] = (
      raw(opened(openWritable(join(tempFolder(), 'book.db'))))
        .prepare('SELECT sqlite_version()')
        .pluck()
        .get() as string
    )
      .split('.')
      .map(Number);
    expect((major ?? 0) * 1_000_000 + (minor ?? 0) * 1000 + (patch ?? 0)).toBeGreaterThanOrEqual(3_051_003); // 3.51.3
  });

  test('refuses a file that is not a database and leaves its bytes', () => {
    const path = join(tempFolder(), 'notes.txt');
    const text = 'This is a letter, not a book. '.repeat(50);
    writeFile(path, text);
    expect(() => openWritable(path)).toThrow(/not a database/);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});

describe('a read-only connection', () => {
  test('reads what was committed and cannot write, not even through SQL', () => {
    const path = join(tempFolder(), 'book.db');
    const writer = opened(openWritable(path));
    writer.exec("CREATE TABLE t (x TEXT) STRICT; INSERT INTO t VALUES ('a')");
    const reader = opened(openReadable(path));
    expect(reader.prepare('SELECT x FROM t').pluck().all()).toEqual(['a']);
    for (const sql of ["INSERT INTO t VALUES ('b')", 'DELETE FROM t', 'DROP TABLE t', 'CREATE TABLE u (x TEXT)'])
      expect(() => reader.prepare(sql).run(), sql).toThrow(/readonly/);
    for (const [name, value] of Object.entries(EXPECTED))
      expect([name, raw(reader).pragma(name, { simple: true })]).toEqual([name, value]);
  });

  test('does not make a book that is not there', () => {
    const path = join(tempFolder(), 'book.db');
    expect(() => openReadable(path)).toThrow();
    expect(existsSync(path)).toBe(false);
  });

  test('sums decimals exactly', () => {
    const path = join(tempFolder(), 'book.db');
    closeDb(openWritable(path));
    const reader = opened(openReadable(path));
    expect(reader.prepare('SELECT dec_sum(value) FROM json_each(\'["0.1","0.2",null]\')').pluck().get()).toBe('0.3');
    expect(reader.prepare("SELECT dec_sum(value) FROM json_each('[]')").pluck().get()).toBe('0');
  });
});

test('closing twice is fine', () => {
  const db = openWritable(join(tempFolder(), 'book.db'));
  closeDb(db);
  expect(() => closeDb(db)).not.toThrow();
});
