import { AppError, type HandlerInput, type Output } from '../../shared/contract/index.ts';
import type { WritableDb } from '../store/handles.ts';
import type { WriteContext } from '../store/run-job.ts';
import { currentTolerances } from './settings.ts';
import { findConnections, resolveSides, rowId, type Side } from './sides.ts';

const MAX_SCOPE = 200;

function knownAccounts(db: WritableDb, ids: readonly string[]): number[] {
  const wanted = [...new Set(ids.map(rowId))].filter((id) => id !== null);
  const found = db
    .prepare('SELECT id FROM accounts WHERE id IN (SELECT value FROM json_each(?))')
    .pluck()
    .all(JSON.stringify(wanted)) as number[];
  if (found.length < new Set(ids).size) throw new AppError('not_found', 'One of the accounts does not exist any more.');
  return found;
}

function scopeSentence(accountIds: readonly number[] | null, sides: readonly Side[], asOf: string | undefined): string {
  const accounts = accountIds === null ? 'All accounts' : accountIds.length === 1 ? '1 account' : `${accountIds.length} accounts`;
  const names = sides.map((s) => s.name);
  const listed = names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
  const date = asOf === undefined ? '' : ` as of ${asOf}`;
  const sentence = `${accounts} with ${listed}${date}`;
  return sentence.length <= MAX_SCOPE ? sentence : `${accounts} with ${names.length} connections${date}`;
}

/**
 * Makes the row of a run; `runReconciliation` then does the comparing. Throws `not_found` for an unknown account or
 * connection, `not_possible` when no side has anything to compare.
 */
export function startReconciliation(
  db: WritableDb,
  input: HandlerInput<'reconciliation.start'>,
  context: WriteContext,
): Output<'reconciliation.start'> {
  const accountIds = input.accountIds === undefined ? null : knownAccounts(db, input.accountIds);
  const sides = resolveSides(db, findConnections(db, input.connectionIds), input.asOf ?? null);
  if (sides.length === 0)
    throw new AppError(
      'not_possible',
      'There is nothing to compare with yet. Sync a platform or import a custodian statement first.',
    );
  if (sides.every((s) => s.asOf === null))
    throw new AppError(
      'not_possible',
      `None of the sides has positions as of ${input.asOf ?? ''}. Choose another date, or leave it empty for the newest.`,
    );

  const dates = new Set(sides.map((s) => s.asOf));
  const common = dates.size === 1 ? (sides[0]?.asOf ?? null) : null;
  const scope = scopeSentence(accountIds, sides, input.asOf);
  const tolerances = input.tolerances ?? currentTolerances(db);
  const id = db
    .prepare(
      `INSERT INTO reconciliation_runs (status, started_at, actor, as_of, scope, account_ids, sides, tolerances)
       VALUES ('running', ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      context.now(),
      context.actor,
      input.asOf ?? common,
      scope,
      accountIds === null ? null : JSON.stringify(accountIds),
      JSON.stringify(sides),
      JSON.stringify(tolerances),
    ).lastInsertRowid as number;
  context.audit(`reconciliation ${id}`, { scope, sides: sides.map(({ name, asOf }) => ({ name, asOf })), tolerances });
  return { id: String(id) };
}

/** Marks a run that did not finish, with the reason a person reads. */
export function failReconciliation(
  db: WritableDb,
  args: { readonly runId: string; readonly message: string },
  context: WriteContext,
): null {
  db.prepare(
    "UPDATE reconciliation_runs SET status = 'failed', finished_at = ?, error = ? WHERE id = ? AND status IN ('queued', 'running')",
  ).run(context.now(), args.message.slice(0, 4000), rowId(args.runId));
  return null;
}

/** At start-up: no run survives the program it ran in. Answers how many were marked as failed. */
export function failInterruptedRuns(db: WritableDb, _args: unknown, context: WriteContext): number {
  return db
    .prepare("UPDATE reconciliation_runs SET status = 'failed', finished_at = ?, error = ? WHERE status IN ('queued', 'running')")
    .run(context.now(), 'The program was closed before the run finished. Start it again.').changes;
}
