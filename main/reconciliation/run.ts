import { AppError } from '../../shared/contract/errors.ts';
import type { WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import { createBreakWriter } from './break-writer.ts';
import { compareSide } from './compare-side.ts';
import type { RunTolerances } from './settings.ts';
import { rowId, type Connection, type Side } from './sides.ts';

interface RunRow {
  readonly id: number;
  readonly status: string;
  readonly startedAt: string;
  readonly asOf: string | null;
  readonly scope: string;
  readonly accountIds: string | null;
  readonly sides: string;
  readonly tolerances: string;
}

export interface RunResult {
  readonly compared: number;
  readonly matched: number;
  readonly breaks: number;
}

/** Progress is told in thousandths of the whole run. */
const WHOLE = 1000;
const MAX_SCOPE = 200;

/**
 * Does the comparing of a run that `startReconciliation` made, in the caller's transaction: every side, to stored and
 * classified breaks. Throws `cancelled` when stopped, and then nothing of it is kept but the row of the run.
 */
export function runReconciliation(db: WritableDb, args: { readonly runId: string }, context: JobContext): RunResult {
  const run = db
    .prepare(
      `SELECT id, status, started_at AS startedAt, as_of AS asOf, scope, account_ids AS accountIds, sides, tolerances
       FROM reconciliation_runs WHERE id = ?`,
    )
    .get(rowId(args.runId)) as RunRow | undefined;
  if (!run) throw new AppError('not_found', 'There is no such run.');
  if (run.status !== 'queued' && run.status !== 'running')
    throw new AppError('not_possible', 'This run has ended already; start a new one.');

  const sides = (JSON.parse(run.sides) as Side[]).filter((s) => s.asOf !== null);
  const accountIds = run.accountIds === null ? null : (JSON.parse(run.accountIds) as number[]);
  const tolerances = JSON.parse(run.tolerances) as RunTolerances;
  const platformOf = db.prepare('SELECT platform FROM connections WHERE id = ?').pluck();
  let [compared, matched, leftOut, breaks] = [0, 0, 0, 0];
  for (const [i, side] of sides.entries()) {
    const connection: Connection = {
      id: side.connectionId,
      name: side.name,
      platform: platformOf.get(side.connectionId) as string,
    };
    const writer = createBreakWriter(db, run, side.connectionId);
    const result = compareSide(
      db,
      { connection, asOf: side.asOf ?? '', asOfDiffers: side.asOfDiffers, accountIds, tolerances },
      writer,
      context,
      (share) => context.progress({ done: Math.round(((i + share) / sides.length) * WHOLE), total: WHOLE }),
    );
    compared += result.compared;
    matched += result.matched;
    leftOut += result.leftOut;
    breaks += writer.stored();
  }
  const note = leftOut === 0 ? '' : `; ${leftOut} ${leftOut === 1 ? 'position' : 'positions'} of another date left out`;
  const scope = run.scope.length + note.length <= MAX_SCOPE ? run.scope + note : run.scope;
  db.prepare(
    "UPDATE reconciliation_runs SET status = 'completed', finished_at = ?, compared = ?, matched = ?, scope = ? WHERE id = ?",
  ).run(context.now(), compared, matched, scope, run.id);
  return { compared, matched, breaks };
}
