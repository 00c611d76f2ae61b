import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { ReadDb, WritableDb } from './handles.ts';

function checkAndPublish(temporary: string, target: string): void {
  const copy = new Database(temporary, { readonly: true });
  const verdict = copy.pragma('integrity_check', { simple: true });
  copy.close();
  if (verdict !== 'ok') throw new Error(`The backup did not pass its integrity check: ${String(verdict)}`);
  const handle = openSync(temporary, 'r+');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(temporary, target);
}

function withTemporary(target: string, body: (temporary: string) => void): void {
  const temporary = `${target}.partial`;
  rmSync(temporary, { force: true });
  try {
    body(temporary);
    checkAndPublish(temporary, target);
  } finally {
    if (existsSync(temporary)) rmSync(temporary);
  }
}

/**
 * Writes a consistent copy of the book to `target` while it is in use, checks the copy, then puts it in place.
 * Never leaves a partial file. Must be called outside a transaction.
 */
export function backupFile(db: ReadDb | WritableDb, target: string): void {
  withTemporary(target, (temporary) => {
    db.prepare('VACUUM INTO ?').run(temporary);
  });
}

/** SQLite's own quick check of every page; returns what is wrong, or null when nothing is. */
export function quickCheck(db: WritableDb): string | null {
  const verdict = db.pragma('quick_check', { simple: true });
  return verdict === 'ok' ? null : String(verdict);
}
