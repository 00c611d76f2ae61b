import { AppError } from '../../shared/contract/errors.ts';
import type { Output } from '../../shared/contract/index.ts';
import { CONFLICT_FROM } from '../conflicts/columns.ts';
import { describePlan, planDecision, toChoice } from '../conflicts/plan.ts';
import { previewReversal, redoBatch, undoBatch } from '../conflicts/reverse.ts';
import { conflictFacets, conflictPage } from '../conflicts/rows.ts';
import { settleConflicts } from '../conflicts/settle.ts';
import { currentTolerances } from '../reconciliation/settings.ts';
import type { ReadDb } from '../store/handles.ts';
import { conflictDetail } from './conflict-detail.ts';
import type { Reads, Writes } from './handler.ts';

type Batch = Output<'batches.list'>['items'][number];

function listBatches(db: ReadDb, limit: number): Batch[] {
  const rows = db
    .prepare(
      `SELECT id, kind, summary, actor AS by, at, items, undone_by IS NOT NULL AS undone FROM batches
       WHERE kind NOT IN ('sync', 'opening') AND items > 0 ORDER BY id DESC LIMIT ?`,
    )
    .all(limit) as (Omit<Batch, 'id' | 'undone' | 'canUndo'> & { id: number; undone: number })[];
  return rows.map((r) => ({
    ...r,
    id: String(r.id),
    undone: r.undone === 1,
    canUndo: r.undone === 0 && ['decision', 'edit', 'fix'].includes(r.kind),
  }));
}

function auditPage(db: ReadDb, before: number | undefined, limit: number): Output<'audit.page'> {
  return {
    items: db
      .prepare('SELECT seq, at, actor, event, subject, details, hash FROM audit_entries WHERE seq < ? ORDER BY seq DESC LIMIT ?')
      .all(before ?? Number.MAX_SAFE_INTEGER, limit) as Output<'audit.page'>['items'],
  };
}

/** Queries about conflicts, batches and the audit trail. */
export const conflictReads = {
  'conflicts.page': (db, input) => conflictPage(db, input),
  'conflicts.facets': (db, input) => conflictFacets(db, input),
  'conflicts.get': (db, input) => conflictDetail(db, input),
  'conflicts.preview': (db, { selection, decision }) =>
    describePlan(planDecision(db, selection, toChoice(decision), currentTolerances(db))),
  'portfolios.conflicts': (db, { id, ...request }) => {
    if (db.prepare('SELECT 1 FROM portfolios WHERE id = ?').get(Number(id)) === undefined)
      throw new AppError('not_found', 'There is no such portfolio.');
    return conflictPage(db, request, { sql: 'a.portfolio_id = ?', param: Number(id) });
  },
  'batches.list': (db, { limit }) => ({ items: listBatches(db, limit) }),
  'batches.previewUndo': (db, { id }) => previewReversal(db, Number(id)),
  'audit.page': (db, { before, limit }) => auditPage(db, before, limit),
} satisfies Reads;

/** Commands about conflicts and batches. */
export const conflictWrites = {
  'conflicts.resolve': (db, input, context) => settleConflicts(db, input, currentTolerances(db), context),
  'portfolios.resolveConflict': (db, { id, conflictId, comment, expectedVersion, ...decision }, context) => {
    const portfolio = db.prepare(`SELECT a.portfolio_id FROM ${CONFLICT_FROM} WHERE c.id = ?`).pluck().get(Number(conflictId)) as
      | number
      | null
      | undefined;
    if (portfolio !== Number(id)) throw new AppError('not_found', 'There is no such conflict in this portfolio.');
    const settled = settleConflicts(
      db,
      { selection: { ids: [conflictId] }, decision, comment, ...(expectedVersion === undefined ? {} : { expectedVersion }) },
      currentTolerances(db),
      context,
    );
    if (settled.settled === 0)
      throw new AppError('not_possible', `${settled.excluded[0]?.reason ?? 'It cannot be settled this way'}.`);
    return settled;
  },
  'conflicts.comment': (db, { id, text }, context) => {
    if (db.prepare('SELECT 1 FROM conflicts WHERE id = ?').get(Number(id)) === undefined)
      throw new AppError('not_found', 'There is no such conflict.');
    const made = db
      .prepare('INSERT INTO comments (conflict_id, author, at, text) VALUES (?, ?, ?, ?)')
      .run(Number(id), context.actor, context.now(), text);
    context.audit(`conflict ${id}`, { text });
    return { id: String(made.lastInsertRowid) };
  },
  'batches.undo': (db, { id }, context) => undoBatch(db, Number(id), context),
  'batches.redo': (db, { id }, context) => redoBatch(db, Number(id), context),
} satisfies Writes;
