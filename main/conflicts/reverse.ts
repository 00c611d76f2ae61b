import { AppError } from '../../shared/contract/errors.ts';
import { SUBJECTS, type SubjectRef } from '../core/subject.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';
import type { WriteContext } from '../store/run-job.ts';
import { createBatch, type ItemKind } from './batch.ts';
import { refreshConflicts } from './refresh.ts';
import { createStateWriter, readStates, type ConflictState, type StoredState } from './conflict-state.ts';

interface Item {
  readonly kind: ItemKind;
  readonly subjectId: number;
  readonly before: string;
  readonly after: string;
}
interface BatchRow {
  readonly id: number;
  readonly kind: string;
  readonly summary: string;
  readonly undoneBy: number | null;
}

export interface Reversal {
  readonly batchId: string;
  readonly restored: number;
  readonly blocked: { readonly reason: string; readonly count: number }[];
}

/** Columns of a holding or break that a batch item may put back. Nothing else of an item's JSON is ever used as a name. */
const RESTORABLE: Readonly<Record<'holding' | 'break', { table: string; columns: readonly string[] }>> = {
  holding: {
    table: 'holdings',
    columns: ['quantity', 'price', 'market_value', 'cost_basis', 'as_of', 'status', 'field_origins'],
  },
  break: { table: 'breaks', columns: ['status', 'batch_id'] },
};

/** Kinds of batch that are undone and redone here; an import is rolled back on the Import screen. */
const UNDOABLE: readonly string[] = ['decision', 'edit', 'fix', 'redo'];

const CHANGED = 'Changed again since by a later decision or sync';
const NEWER = 'A newer conflict is open on the same value';

function readBatch(db: ReadDb, id: number): BatchRow {
  const row = db.prepare('SELECT id, kind, summary, undone_by AS undoneBy FROM batches WHERE id = ?').get(id) as
    | BatchRow
    | undefined;
  if (!row) throw new AppError('not_found', 'There is no such batch.');
  return row;
}

const itemsOf = (db: ReadDb, id: number): Item[] =>
  db
    .prepare('SELECT kind, subject_id AS subjectId, before, after FROM batch_items WHERE batch_id = ? ORDER BY seq DESC')
    .all(id) as Item[];

const sameState = (a: ConflictState, b: ConflictState): boolean =>
  a.status === b.status &&
  a.batchId === b.batchId &&
  a.value === b.value &&
  a.origin === b.origin &&
  a.settledValue === b.settledValue;

/** What stands now where a batch changed something. */
interface Standing {
  readonly conflicts: ReadonlyMap<number, StoredState>;
  /** `kind/id/field` of undecided conflicts -> their id. */
  readonly open: ReadonlyMap<string, number>;
}

function standingOf(db: ReadDb, items: readonly Item[]): Standing {
  const ids = items.filter((item) => item.kind === 'conflict').map((item) => item.subjectId);
  const open = new Map<string, number>();
  for (const [kind, { column }] of Object.entries(SUBJECTS)) {
    const rows = db
      .prepare(
        `SELECT o.${column}, o.field, o.id FROM conflicts o
         WHERE o.status IN ('open', 'review') AND o.${column} IN (SELECT c.${column} FROM json_each(?) j JOIN conflicts c ON c.id = j.value)`,
      )
      .raw()
      .all(JSON.stringify(ids)) as [number, string, number][];
    for (const [subject, field, id] of rows) open.set(`${kind}/${subject}/${field}`, id);
  }
  return { conflicts: readStates(db, ids), open };
}

/** Why an item cannot be put back now; null when it can. */
function obstacle(db: ReadDb, item: Item, standing: Standing): string | null {
  if (item.kind === 'conflict') {
    const current = standing.conflicts.get(item.subjectId);
    if (!current || !sameState(current.state, JSON.parse(item.after) as ConflictState)) return CHANGED;
    const reopens = ['open', 'review'].includes((JSON.parse(item.before) as ConflictState).status);
    const open = standing.open.get(`${current.subject.kind}/${current.subject.id}/${current.field}`);
    return reopens && open !== undefined && open !== item.subjectId ? NEWER : null;
  }
  if (item.kind !== 'holding' && item.kind !== 'break') return 'This kind of change is taken back with its import';
  const after = JSON.parse(item.after) as Record<string, unknown>;
  const { table, columns } = RESTORABLE[item.kind];
  const row = db.prepare(`SELECT * FROM ${table} WHERE id = ?`).get(item.subjectId) as Record<string, unknown> | undefined;
  return row && columns.every((c) => !Object.hasOwn(after, c) || row[c] === after[c]) ? null : CHANGED;
}

function restore(db: WritableDb, item: Item, standing: Standing, conflicts: ReturnType<typeof createStateWriter>): void {
  if (item.kind === 'conflict') {
    const current = standing.conflicts.get(item.subjectId);
    if (current)
      conflicts.write(item.subjectId, current.subject, current.field, current.state, JSON.parse(item.before) as ConflictState);
    return;
  }
  const before = JSON.parse(item.before) as Record<string, string | number | null>;
  const { table, columns } = RESTORABLE[item.kind as 'holding' | 'break'];
  const names = columns.filter((c) => Object.hasOwn(before, c));
  const bump = table === 'holdings' ? ', version = version + 1' : '';
  db.prepare(`UPDATE ${table} SET ${names.map((n) => `${n} = ?`).join(', ')}${bump} WHERE id = ?`).run(
    ...names.map((n) => before[n] ?? null),
    item.subjectId,
  );
}

const tally = (reasons: readonly string[]): { reason: string; count: number }[] =>
  [...new Set(reasons)].map((reason) => ({ reason, count: reasons.filter((r) => r === reason).length }));

/** What reversing a batch would do now; writes nothing. */
export function previewReversal(db: ReadDb, id: number): { restores: number; blocked: { reason: string; count: number }[] } {
  const batch = readBatch(db, id);
  if (batch.undoneBy !== null) throw new AppError('already_undone', 'This batch has been undone already.');
  const items = itemsOf(db, id);
  const standing = standingOf(db, items);
  const reasons = items.map((item) => obstacle(db, item, standing));
  return {
    restores: reasons.filter((r) => r === null).length,
    blocked: tally(reasons.filter((r) => r !== null)),
  };
}

function reverse(db: WritableDb, batch: BatchRow, kind: 'undo' | 'redo', context: WriteContext): Reversal {
  const items = itemsOf(db, batch.id);
  const standing = standingOf(db, items);
  const obstacles = items.map((item) => obstacle(db, item, standing));
  const blocked = tally(obstacles.filter((o) => o !== null));
  if (items.length > 0 && obstacles.every((o) => o !== null))
    throw new AppError(
      'later_decisions',
      'Everything in this batch was changed again since, so nothing can be put back. Undo the later changes first.',
      {
        details: { blocked },
      },
    );
  const reversal = createBatch(db, context, {
    kind,
    summary: `${kind === 'undo' ? 'Undid' : 'Redid'}: ${batch.summary}`,
    undoOf: batch.id,
  });
  const conflicts = createStateWriter(db);
  for (const [i, item] of items.entries()) {
    if (obstacles[i] !== null) continue;
    restore(db, item, standing, conflicts);
    reversal.add(item.kind, item.subjectId, JSON.parse(item.after) as object, JSON.parse(item.before) as object);
  }
  const { items: restored, digest } = reversal.finish();
  refreshConflicts(
    db,
    items.flatMap((item): SubjectRef[] => {
      if (item.kind === 'holding') return [{ kind: 'position', id: item.subjectId }];
      const conflict = standing.conflicts.get(item.subjectId);
      return conflict ? [conflict.subject] : [];
    }),
  );
  context.audit(`batch ${batch.id}`, { [kind]: reversal.id, restored, blocked, itemsSha256: digest });
  return { batchId: String(reversal.id), restored, blocked };
}

/** Undoes a batch as one; items that were changed since are left alone and counted. */
export function undoBatch(db: WritableDb, id: number, context: WriteContext): Reversal {
  const batch = readBatch(db, id);
  if (batch.undoneBy !== null) throw new AppError('already_undone', 'This batch has been undone already.');
  if (!UNDOABLE.includes(batch.kind))
    throw new AppError(
      'later_decisions',
      'This batch is taken back another way: an import is rolled back on the Import screen, an undo is redone.',
    );
  const reversal = reverse(db, batch, 'undo', context);
  db.prepare('UPDATE batches SET undone_by = ? WHERE id = ?').run(Number(reversal.batchId), id);
  return reversal;
}

/** Applies an undone batch again, by reversing its undo. */
export function redoBatch(db: WritableDb, id: number, context: WriteContext): Reversal {
  const batch = readBatch(db, id);
  if (batch.undoneBy === null) throw new AppError('not_possible', 'This batch was not undone, so there is nothing to redo.');
  if (!UNDOABLE.includes(batch.kind))
    throw new AppError('not_possible', 'A rolled back import is not redone. Import the file again on the Import screen.');
  const reversal = reverse(db, { ...readBatch(db, batch.undoneBy), summary: batch.summary }, 'redo', context);
  db.prepare('UPDATE batches SET undone_by = NULL WHERE id = ?').run(id);
  return reversal;
}
