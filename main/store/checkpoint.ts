import { statSync } from 'node:fs';
import type { WritableDb } from './handles.ts';

/** A log larger than this is copied into the book at the next quiet moment. */
const CHECKPOINT_FROM_BYTES = 8 * 1024 * 1024;

/**
 * Takes checkpoints out of the commits: SQLite would otherwise copy the log into the book inside the commit that makes it
 * long, which is the very commit somebody waits for. Call the answer after each job; it works once the job's reply
 * is out (`soon` runs work after the current message).
 */
export function createCheckpointer(db: WritableDb, soon: (work: () => void) => void): () => void {
  db.pragma('wal_autocheckpoint = 0');
  const log = `${db.name}-wal`;
  let due = false;
  return () => {
    if (due || (statSync(log, { throwIfNoEntry: false })?.size ?? 0) < CHECKPOINT_FROM_BYTES) return;
    due = true;
    soon(() => {
      due = false;
      // Passive: copies what no reader still needs and never waits; the next commit then starts the log anew.
      if (!db.inTransaction) db.pragma('wal_checkpoint(PASSIVE)');
    });
  };
}
