import type { ReadDb, WritableDb } from './handles.ts';

/**
 * Writes that no list, count or total depends on. They come many times a second while a pass is fetched; counting them would
 * have every screen work its totals out again for nothing.
 */
const WITHOUT_EFFECT = new Set([
  'alerts/attempted',
  'alerts/evaluate',
  'audit/note',
  'requests/count',
  'requests/recent',
  'schedule/queue-due',
  'sync/cancel-queued',
  'sync/claim',
  'sync/enqueue',
  'sync/enqueue-all',
  'sync/stage',
  'sync/waiting',
]);

/** Counts a write, in its own transaction; any that is not known to be without effect. */
export function countWrite(db: WritableDb, job: string): void {
  if (!WITHOUT_EFFECT.has(job)) db.prepare('UPDATE book_version SET version = version + 1').run();
}

/** Answers are as they were while this stays as it was. */
export const bookVersion = (db: ReadDb): number => db.prepare('SELECT version FROM book_version').pluck().get() as number;
