import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import type { Tolerances } from '../../shared/model/holding.ts';
import type { WritableDb } from '../store/handles.ts';
import type { WriteContext } from '../store/run-job.ts';
import { createBatch } from './batch.ts';
import { createStateWriter, readStates } from './conflict-state.ts';
import { planDecision, toChoice } from './plan.ts';

const STRATEGY_WORDS = {
  CLEARWAY_WINS: 'Accepted Clearway',
  PLATFORM_WINS: 'Accepted the platform',
  MERGE: 'Merged',
  TIMESTAMP: 'Took the latest',
  MANUAL_REVIEW: 'Put aside for review',
} as const;

/**
 * Applies one decision to a selection as one batch: Clearway's values, the bases, the conflicts, one audit entry with a
 * digest of all items. Conflicts the decision cannot settle are left as they are and counted by reason.
 */
export function settleConflicts(
  db: WritableDb,
  input: Omit<HandlerInput<'conflicts.resolve'>, 'selection'> & { selection: HandlerInput<'conflicts.resolve'>['selection'] },
  tolerances: Tolerances,
  context: WriteContext,
): Output<'conflicts.resolve'> {
  const choice = toChoice(input.decision);
  const plan = planDecision(db, input.selection, choice, tolerances);
  if (input.expectedVersion !== undefined) assertUnchanged(plan.versions, input.expectedVersion);
  const excluded = [...plan.excluded];
  if (plan.items.length === 0) {
    context.audit('conflicts', { decision: input.decision, settled: 0, excluded });
    return { batchId: null, settled: 0, excluded };
  }

  const byHand = choice.strategy === 'MANUAL_REVIEW' && choice.value !== undefined;
  const summary = `${byHand ? 'Set by hand' : STRATEGY_WORDS[choice.strategy]}: ${plan.items.length} ${plan.items.length === 1 ? 'conflict' : 'conflicts'}`;
  const batch = createBatch(db, context, { kind: 'decision', summary, note: input.comment });
  const states = createStateWriter(db);
  const current = readStates(
    db,
    plan.items.map((item) => item.subject.id),
  );
  const comment = db.prepare('INSERT INTO comments (conflict_id, author, at, text) VALUES (?, ?, ?, ?)');
  const now = context.now();
  for (const item of plan.items) {
    const { subject } = item;
    const before = current.get(subject.id)?.state;
    if (!before) throw new Error(`Conflict ${subject.id} vanished inside its transaction.`);
    const after = states.after(before, {
      field: subject.field,
      value: item.after,
      batchId: batch.id,
      status: item.review ? 'review' : 'settled',
      strategy: choice.strategy,
      by: context.actor,
      at: now,
    });
    states.write(subject.id, subject.ref, subject.field, before, after);
    batch.add('conflict', subject.id, before, after);
    if (input.comment !== '') comment.run(subject.id, context.actor, now, input.comment);
  }
  const { items, digest } = batch.finish();
  context.audit(`batch ${batch.id}`, {
    decision: input.decision,
    settled: items,
    excluded,
    itemsSha256: digest,
    comment: input.comment,
  });
  return { batchId: String(batch.id), settled: items, excluded };
}

function assertUnchanged(versions: readonly number[], expected: number): void {
  const [version] = versions;
  if (versions.length !== 1 || version === expected) return;
  throw new AppError(
    'conflict_changed',
    'This conflict changed while you were looking at it. Look at the values again and decide once more.',
    {
      details: { version },
    },
  );
}
