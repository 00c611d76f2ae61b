import { parentPort, workerData } from 'node:worker_threads';
import { AppError, type ErrorCode } from '../shared/contract/errors.ts';
import { backupFile } from './store/backup.ts';
import { closeDb, openReadable } from './store/open.ts';
import { chooseBackup } from './store/restore.ts';

/** What the work was refused for, as an AppError says it. */
export type BackupRefusal = { readonly code: ErrorCode; readonly message: string };

/** A thread for one piece of work on a backup, so that nobody waits for it: it takes one, or makes one ready to be restored. */
export type BackupWork =
  | { readonly take: { readonly book: string; readonly target: string } }
  | { readonly choose: Parameters<typeof chooseBackup>[0] };

function perform(work: BackupWork): BackupRefusal | null {
  if ('take' in work) {
    const db = openReadable(work.take.book);
    try {
      backupFile(db, work.take.target);
    } finally {
      closeDb(db);
    }
    return null;
  }
  try {
    chooseBackup(work.choose);
    return null;
  } catch (error) {
    // Only its words cross to another thread, not what it is.
    if (error instanceof AppError) return { code: error.code, message: error.message };
    throw error;
  }
}

parentPort?.postMessage(perform(workerData as BackupWork));
