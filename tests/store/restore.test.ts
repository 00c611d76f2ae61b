import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { backupFile } from '../../main/store/backup.ts';
import {
  bookPath,
  listBackups,
  newBackupPath,
  supersededBackups,
  type Backup,
  type BackupKind,
} from '../../main/store/backup-folder.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { openSound } from '../../main/store/open-sound.ts';
import { chooseBackup, finishRestore, newestGoodBackup } from '../../main/store/restore.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

const AT = '2026-11-20T09:00:00.000Z';
const sha = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** A book with one setting, and a backup of it for each earlier value. */
function bookWith(...values: string[]) {
  const dataDir = tempFolder();
  const db = openWritable(bookPath(dataDir));
  migrate(db, MIGRATIONS);
  const backups = values.map((value, hour) => {
    db.prepare("INSERT INTO settings VALUES ('word', ?) ON CONFLICT DO UPDATE SET value = excluded.value").run(value);
    const path = newBackupPath(dataDir, `2026-11-20T0${hour}:00:00.000Z`, 'scheduled');
    backupFile(db, path);
    return path;
  });
  db.prepare("INSERT INTO settings VALUES ('word', 'now') ON CONFLICT DO UPDATE SET value = excluded.value").run();
  closeDb(db);
  return { dataDir, backups };
}

const wordOf = (path: string): unknown => {
  const db = openWritable(path);
  const word = db.prepare("SELECT value FROM settings WHERE key = 'word'").pluck().get();
  closeDb(db);
  return word;
};
const choose = (dataDir: string, path: string): void =>
  chooseBackup({ dataDir, migrationsDir: MIGRATIONS, name: basename(path), at: AT });

describe('restoring a backup', () => {
  test('puts it in the place of the book, and keeps the book of before aside', () => {
    const { dataDir, backups } = bookWith('first', 'second');
    choose(dataDir, backups[0] ?? '');
    const aside = finishRestore(dataDir) ?? '';
    expect(wordOf(bookPath(dataDir))).toBe('first');
    expect(wordOf(join(dataDir, aside))).toBe('now');
    expect(listBackups(dataDir).map(({ name }) => name)).toEqual(backups.map((path) => basename(path)).toReversed());
  });

  test('is completed at the next start after a death at any of its steps, also with a log beside the old book', () => {
    for (const died of ['before the first step', 'after the log was moved', 'after the book was moved']) {
      const { dataDir, backups } = bookWith('first');
      writeFileSync(`${bookPath(dataDir)}-wal`, 'log of the old book');
      choose(dataDir, backups[0] ?? '');
      const aside = join(dataDir, 'set-aside', 'book-20261120T090000000Z.db');
      mkdirSync(dirname(aside), { recursive: true });
      if (died !== 'before the first step') renameSync(`${bookPath(dataDir)}-wal`, `${aside}-wal`);
      if (died === 'after the book was moved') renameSync(bookPath(dataDir), aside);
      finishRestore(dataDir);
      expect([died, wordOf(bookPath(dataDir))]).toEqual([died, 'first']);
      expect(readFileSync(`${aside}-wal`, 'utf8')).toBe('log of the old book');
      expect(existsSync(aside)).toBe(true);
      expect(finishRestore(dataDir)).toBeNull();
    }
  });

  test('that was not chosen to its end leaves the book as it is', () => {
    const { dataDir } = bookWith('first');
    writeFileSync(`${bookPath(dataDir)}.restoring.partial`, 'half a copy');
    expect(finishRestore(dataDir)).toBeNull();
    expect(wordOf(bookPath(dataDir))).toBe('now');
  });

  test('refuses one that is damaged, one of a newer program and one that is gone, and touches nothing', () => {
    const { dataDir, backups } = bookWith('first', 'second', 'third');
    const [damaged = '', newer = '', gone = ''] = backups;
    const bytes = readFileSync(damaged);
    writeFileSync(damaged, bytes.fill(0xee, 4096, 8192));
    const db = openWritable(newer);
    db.pragma('user_version = 999');
    closeDb(db);
    const before = sha(bookPath(dataDir));
    expect(() => choose(dataDir, damaged)).toThrow(/cannot be restored: it (is damaged itself|cannot be read)/);
    expect(() => choose(dataDir, newer)).toThrow('This backup cannot be restored: a newer Clearway made it.');
    expect(() => choose(dataDir, join(dirname(gone), 'book-20200101T000000000Z-asked.db'))).toThrow('There is no such backup.');
    expect(() => chooseBackup({ dataDir, migrationsDir: MIGRATIONS, name: '../book.db', at: AT })).toThrow(
      'There is no such backup.',
    );
    expect(sha(bookPath(dataDir))).toBe(before);
    expect(readdirSync(dataDir).filter((name) => name.includes('restoring'))).toEqual([]);
  });
});

describe('a damaged book', () => {
  test.each([
    ['a page of zeroes', (path: string) => writeFileSync(path, readFileSync(path).fill(0, 8192, 12_288))],
    ['another file', (path: string) => writeFileSync(path, 'This is a letter, not a book. '.repeat(400))],
    ['its first half', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 40_000))],
  ])('%s is not opened and not touched', (_what, spoil) => {
    const { dataDir } = bookWith('first');
    spoil(bookPath(dataDir));
    const before = sha(bookPath(dataDir));
    expect(() => openSound(bookPath(dataDir))).toThrow(/^The book is damaged \(.+\)\. It was left as it is\.$/s);
    expect(sha(bookPath(dataDir))).toBe(before);
  });

  test('gets the newest good backup offered: damaged ones are passed over', () => {
    const { dataDir, backups } = bookWith('first', 'second');
    writeFileSync(backups[1] ?? '', 'not a database at all');
    expect(newestGoodBackup(dataDir, MIGRATIONS)?.name).toBe(basename(backups[0] ?? ''));
    writeFileSync(backups[0] ?? '', '');
    expect(newestGoodBackup(dataDir, MIGRATIONS)).toBeNull();
  });
});

describe('how long backups are kept', () => {
  const day = (n: number, kind: BackupKind = 'scheduled', hour = 12): Backup => {
    const takenAt = new Date(Date.parse('2026-11-20T12:00:00.000Z') - n * 86_400_000 - (12 - hour) * 3_600_000).toISOString();
    return { name: `${takenAt}-${kind}`, kind, takenAt, bytes: 1 };
  };
  const now = '2026-11-20T13:00:00.000Z';
  const ages = (backups: readonly Backup[]): number[] =>
    backups.map(({ takenAt }) => Math.floor((Date.parse(now) - Date.parse(takenAt)) / 86_400_000));

  test('the newest three, then one for each of 14 days and one for each of 8 weeks', () => {
    const daily = Array.from({ length: 80 }, (_, n) => day(n));
    const kept = daily.filter((backup) => !supersededBackups(daily, now).includes(backup));
    // Days 0 to 13, and of weeks 2 to 7 the newest: days 14, 21, 28, 35, 42, 49.
    expect(ages(kept)).toEqual([...Array(14).keys(), 14, 21, 28, 35, 42, 49]);
  });

  test('of one day the newest, beside the newest three of all', () => {
    const hours = [12, 8, 4, 0].map((hour) => day(0, 'scheduled', hour));
    expect(supersededBackups(hours, now)).toEqual([hours[3]]);
  });

  test('ten that a person asked for, and every one before an update', () => {
    const asked = Array.from({ length: 12 }, (_, n) => day(n, 'asked'));
    const updates = Array.from({ length: 12 }, (_, n) => day(n * 30, 'before_update'));
    expect(supersededBackups([...updates, ...asked], now)).toEqual(asked.slice(10));
  });
});
