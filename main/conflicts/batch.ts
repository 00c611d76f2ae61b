import { createHash } from 'node:crypto';
import type { WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';

export type BatchKind = 'decision' | 'edit' | 'fix' | 'import' | 'opening' | 'undo' | 'redo' | 'link';
export type ItemKind = 'conflict' | 'holding' | 'source' | 'transaction' | 'break';

export interface BatchWriter {
  readonly id: number;
  /** What stood there before and what stands there now, as states that `reverseBatch` can put back. */
  add(kind: ItemKind, subjectId: number, before: object, after: object): void;
  /** Writes the number of items; answers it with a digest of all of them for the audit trail. */
  finish(): { items: number; digest: string };
}

/** Opens a batch: everything one command changes, undone as one. */
export function createBatch(
  db: WritableDb,
  context: JobContext,
  batch: { readonly kind: BatchKind; readonly summary: string; readonly note?: string; readonly undoOf?: number },
): BatchWriter {
  const id = db
    .prepare('INSERT INTO batches (uid, kind, actor, at, summary, note, undo_of) VALUES (?, ?, ?, ?, ?, ?, ?)')
    .run(context.uuid(), batch.kind, context.actor, context.now(), batch.summary, batch.note ?? '', batch.undoOf ?? null)
    .lastInsertRowid as number;
  const insert = db.prepare('INSERT INTO batch_items (batch_id, seq, kind, subject_id, before, after) VALUES (?, ?, ?, ?, ?, ?)');
  const digest = createHash('sha256');
  let items = 0;
  return {
    id,
    add(kind, subjectId, before, after) {
      const [from, to] = [JSON.stringify(before), JSON.stringify(after)];
      insert.run(id, items, kind, subjectId, from, to);
      digest.update(`${kind}\n${subjectId}\n${from}\n${to}\n`);
      items += 1;
    },
    finish() {
      db.prepare('UPDATE batches SET items = ? WHERE id = ?').run(items, id);
      return { items, digest: digest.digest('hex') };
    },
  };
}
