import { quickCheck } from './backup.ts';
import type { WritableDb } from './handles.ts';
import { closeDb, openWritable } from './open.ts';

const DAMAGE = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT']);

/** The file of the book cannot be used; it was left as it is. */
export class BookDamaged extends Error {
  override readonly name = 'BookDamaged';
  constructor(reason: string) {
    super(`The book is damaged (${reason}). It was left as it is.`);
  }
}

/** Opens the book for writing after a look at every page of it. Throws BookDamaged before anything is written. */
export function openSound(path: string): WritableDb {
  let db: WritableDb | null = null;
  try {
    db = openWritable(path);
    const problem = quickCheck(db);
    if (problem !== null) throw new BookDamaged(problem);
    return db;
  } catch (error) {
    if (db) closeQuietly(db);
    const code = error instanceof Error ? String(Reflect.get(error, 'code')) : '';
    throw DAMAGE.has(code.split('_').slice(0, 2).join('_')) ? new BookDamaged((error as Error).message) : error;
  }
}

/** What is wrong with the book is known by then; that it cannot even be closed in order says nothing more. */
function closeQuietly(db: WritableDb): void {
  try {
    closeDb(db);
  } catch {
    return;
  }
}
