import { createHash } from 'node:crypto';
import { AppError, type HandlerInput, type Output } from '../../shared/contract/index.ts';
import type { WritableDb } from '../store/handles.ts';
import type { WriteContext } from '../store/run-job.ts';
import type { AnsweredConflict } from './answered-conflict.ts';
import { planFixes, type FixPlan, type PlannedBreak } from './fix-plan.ts';
import { existingRun } from './run-summaries.ts';

type Item = readonly [kind: 'holding' | 'conflict' | 'break', subjectId: number, before: object, after: object];

/**
 * Writes the values of safe breaks into the book as one batch: one item per position, per conflict that this answers, and
 * per break. With `dryRun` it only says what would happen. Throws `not_found`, or `nothing_selected` when no break of the
 * run was named.
 */
export function fixBreaks(
  db: WritableDb,
  input: HandlerInput<'reconciliation.fix'>,
  context: WriteContext,
): Output<'reconciliation.fix'> {
  const runId = existingRun(db, input.id);
  const { plans, skipped, selected } = planFixes(db, runId, input.breakIds);
  if (selected === 0)
    throw new AppError('nothing_selected', 'None of the breaks belongs to this run. Choose some and try again.');
  const fixed = plans.reduce((total, plan) => total + plan.breaks.length, 0);
  const answer = { fixed, skipped: [...skipped].map(([reason, count]) => ({ reason, count })) };
  if (input.dryRun || fixed === 0) {
    context.audit(`reconciliation ${runId}`, { dryRun: input.dryRun, ...answer });
    return { batchId: null, ...answer };
  }

  const now = context.now();
  const batchId = db
    .prepare("INSERT INTO batches (uid, kind, actor, at, summary, items) VALUES (?, 'fix', ?, ?, ?, ?)")
    .run(
      context.uuid(),
      context.actor,
      now,
      `${fixed} ${fixed === 1 ? 'break' : 'breaks'} of reconciliation ${runId} corrected by rule`,
      fixed,
    ).lastInsertRowid as number;
  const items: Item[] = [
    ...plans.map((plan) => changeHolding(db, plan)),
    ...plans.flatMap((plan) => plan.answeredConflicts.map((conflict) => healConflict(db, conflict, now))),
    ...plans.flatMap((plan) => plan.breaks.map((b) => markFixed(db, b, batchId))),
  ];
  const insert = db.prepare('INSERT INTO batch_items (batch_id, seq, kind, subject_id, before, after) VALUES (?, ?, ?, ?, ?, ?)');
  const digest = createHash('sha256');
  for (const [seq, [kind, subject, before, after]] of items.entries()) {
    const texts = [JSON.stringify(before), JSON.stringify(after)] as const;
    insert.run(batchId, seq, kind, subject, ...texts);
    digest.update(JSON.stringify([seq, kind, subject, ...texts]));
  }
  context.audit(`batch ${batchId}`, { run: runId, ...answer, itemsSha256: digest.digest('hex') });
  return { batchId: String(batchId), ...answer };
}

function changeHolding(db: WritableDb, plan: FixPlan): Item {
  const names = Object.keys(plan.after);
  const changed = db
    .prepare(`UPDATE holdings SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE id = ? AND version = ?`)
    .run(...Object.values(plan.after), plan.holdingId, plan.before.version);
  if (changed.changes !== 1) throw new Error(`Position ${plan.holdingId} changed while it was being corrected.`);
  return ['holding', plan.holdingId, plan.before, plan.after];
}

/** An open conflict that everybody's agreement answers is closed, as the next sync would; undo opens it again. */
function healConflict(db: WritableDb, { id, before, value, origin }: AnsweredConflict, now: string): Item {
  db.prepare("UPDATE conflicts SET status = 'healed', closed_at = ?, clearway = ?, version = version + 1 WHERE id = ?").run(
    now,
    value,
    id,
  );
  return ['conflict', id, before, { ...before, status: 'healed', closedAt: now, value, origin }];
}

function markFixed(db: WritableDb, b: PlannedBreak, batchId: number): Item {
  db.prepare("UPDATE breaks SET status = 'fixed', batch_id = ? WHERE id = ?").run(batchId, b.id);
  return ['break', b.id, { status: 'open', batch_id: null }, { status: 'fixed', batch_id: batchId }];
}
