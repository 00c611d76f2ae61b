import { parentPort, workerData } from 'node:worker_threads';
import { backupFile } from './store/backup.ts';
import { closeDb, openReadable } from './store/open.ts';
import { chooseBackup } from './store/restore.ts';

/** A thread for one piece of work on a backup, so that nobody waits for it: it takes one, or makes one ready to be restored. */
export type BackupWork =
  | { readonly take: { readonly book: string; readonly target: string } }
  | { readonly choose: Parameters<typeof chooseBackup>[0] };

const work = workerData as BackupWork;
if ('take' in work) {
  const db = openReadable(work.take.book);
  try {
    backupFile(db, work.take.target);
  } finally {
    closeDb(db);
  }
} else chooseBackup(work.choose);
parentPort?.postMessage('ready');
