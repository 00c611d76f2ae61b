import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError } from '../../shared/contract/errors.ts';
import { bookPath, listBackups, stampOf, type Backup } from './backup-folder.ts';
import { readMigrations } from './migrate.ts';
import { APPLICATION_ID } from './open.ts';

/** A chosen backup lies under this name, complete and flushed, until it stands in the book's place. */
const CHOSEN = /^book\.db\.restoring-(\d{8}T\d{9}Z)$/;
const SET_ASIDE = 'set-aside';
const BESIDE = ['-wal', '-shm', ''] as const;

/** What is wrong with a backup, as the end of a sentence; null when it can be restored. */
function faultOf(path: string, newestVersion: number): string | null {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true });
    try {
      if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID) return 'it is no book of Clearway';
      if ((db.pragma('user_version', { simple: true }) as number) > newestVersion) return 'a newer Clearway made it';
      const verdict = db.pragma('integrity_check', { simple: true });
      return verdict === 'ok' ? null : 'it is damaged itself';
    } finally {
      db.close();
    }
  } catch {
    return 'it cannot be read';
  }
}

/** The newest backup that can be restored; null when there is none. */
export function newestGoodBackup(dataDir: string, migrationsDir: string): Backup | null {
  const newestVersion = readMigrations(migrationsDir).length;
  return listBackups(dataDir).find(({ path }) => faultOf(path, newestVersion) === null) ?? null;
}

function flush(path: string): void {
  const handle = openSync(path, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

/**
 * Checks a backup and puts a flushed copy of it beside the book, from which `finishRestore` goes on, also after a death.
 * Throws `not_found` or `not_possible`; the book is not touched.
 */
export function chooseBackup(options: {
  readonly dataDir: string;
  readonly migrationsDir: string;
  readonly name: string;
  readonly at: string;
}): void {
  const { dataDir, migrationsDir, name, at } = options;
  const backup = listBackups(dataDir).find((candidate) => candidate.name === name);
  if (!backup) throw new AppError('not_found', 'There is no such backup. It may have been replaced by a newer one.');
  const fault = faultOf(backup.path, readMigrations(migrationsDir).length);
  if (fault !== null)
    throw new AppError('not_possible', `This backup cannot be restored: ${fault}. Choose another one; nothing was changed.`);
  const chosen = `${bookPath(dataDir)}.restoring`;
  try {
    copyFileSync(backup.path, `${chosen}.partial`);
    flush(`${chosen}.partial`);
    renameSync(`${chosen}.partial`, `${chosen}-${stampOf(at)}`);
  } finally {
    rmSync(`${chosen}.partial`, { force: true });
  }
  flush(dataDir);
}

/**
 * Completes a restore that was chosen: sets the book aside with its log, never deletes it, and puts the backup in its place.
 * Every step can be taken again after a death. The book must be closed. Answers where the old book lies, or null when no
 * backup was chosen.
 */
export function finishRestore(dataDir: string): string | null {
  if (!existsSync(dataDir)) return null;
  const chosen = readdirSync(dataDir).find((name) => CHOSEN.test(name));
  if (chosen === undefined) return null;
  const stamp = CHOSEN.exec(chosen)?.[1] ?? '';
  const aside = join(SET_ASIDE, `book-${stamp}.db`);
  mkdirSync(join(dataDir, SET_ASIDE), { recursive: true, mode: 0o700 });
  // The log first: a new book must never stand beside the log of the old one.
  for (const beside of BESIDE) {
    const from = `${bookPath(dataDir)}${beside}`;
    if (existsSync(from)) renameSync(from, `${join(dataDir, aside)}${beside}`);
  }
  renameSync(join(dataDir, chosen), bookPath(dataDir));
  flush(dataDir);
  return aside;
}
