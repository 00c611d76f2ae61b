import { AppError } from '../../shared/contract/errors.ts';
import type { Timetable } from '../../shared/contract/timetable.ts';
import type { Platform, Strategy } from '../../shared/model/holding.ts';
import type { WritableDb } from '../store/handles.ts';
import type { WriteContext } from '../store/run-job.ts';
import { cancelQueued, liveOperation } from '../sync/queue-jobs.ts';
import { keepTimetable, replan } from '../sync/schedule-jobs.ts';
import { changeSentence } from './connection-change.ts';
import type { ConnectionNote } from './connection-events.ts';

/** A connection to be kept. Its credentials are in the vault under `secretRef`; only their last characters come here. */
export interface NewConnection {
  readonly platform: Platform;
  readonly name: string;
  readonly baseUrl: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly secretRef: string | null;
  readonly secretHint: string | null;
  readonly strategy?: Strategy | undefined;
  readonly syncEveryMinutes?: number | undefined;
}

const DEFAULT_EVERY_MINUTES = 240;

function remember(context: WriteContext, note: ConnectionNote): void {
  context.audit(`connection ${note.connection}`, { ...note });
}

function add(db: WritableDb, c: NewConnection, context: WriteContext): { id: number } {
  if (db.prepare('SELECT 1 FROM connections WHERE name = ?').get(c.name) !== undefined)
    throw new AppError('duplicate', `There is a connection named ${c.name} already. Choose another name.`);
  const rank = db.prepare('SELECT coalesce(max(survivorship_rank), 0) + 1 FROM connections').pluck().get() as number;
  const now = context.now();
  const id = db
    .prepare(
      `INSERT INTO connections (platform, name, base_url, settings, survivorship_rank, secret_ref, secret_hint, strategy, sync_every_minutes,
         created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      c.platform,
      c.name,
      c.baseUrl,
      JSON.stringify(c.settings),
      rank,
      c.secretRef,
      c.secretHint,
      c.strategy ?? 'MANUAL_REVIEW',
      c.syncEveryMinutes ?? DEFAULT_EVERY_MINUTES,
      now,
      now,
    ).lastInsertRowid as number;
  replan(db, id, now);
  remember(context, { connection: id, what: 'added', sentence: `${c.name} at ${c.baseUrl}` });
  return { id };
}

/** What of a connection is to change; absent members stay. */
export interface ConnectionChange {
  readonly id: number;
  readonly name?: string | undefined;
  readonly strategy?: Strategy | undefined;
  readonly survivorshipRank?: number | undefined;
  readonly syncEveryMinutes?: number | undefined;
  readonly timetable?: Timetable | undefined;
  readonly baseUrl?: string | undefined;
  readonly settings?: Readonly<Record<string, string>> | undefined;
  readonly secret?: { readonly ref: string; readonly hint: string | null } | undefined;
}

/** Changes what is given. New credentials make a connection that waited for sign-in active again. */
function update(db: WritableDb, change: ConnectionChange, context: WriteContext): null {
  const sentence = changeSentence(db, change);
  const columns: [string, string | number | null][] = [];
  if (change.name !== undefined) {
    if (db.prepare('SELECT 1 FROM connections WHERE name = ? AND id <> ?').get(change.name, change.id) !== undefined)
      throw new AppError('not_possible', `There is a connection named ${change.name} already. Choose another name.`);
    columns.push(['name', change.name]);
  }
  if (change.strategy !== undefined) columns.push(['strategy', change.strategy]);
  if (change.syncEveryMinutes !== undefined) columns.push(['sync_every_minutes', change.syncEveryMinutes]);
  if (change.baseUrl !== undefined) columns.push(['base_url', change.baseUrl]);
  if (change.settings !== undefined) columns.push(['settings', JSON.stringify(change.settings)]);
  if (change.secret !== undefined)
    columns.push(['secret_ref', change.secret.ref], ['secret_hint', change.secret.hint], ['status', 'active']);
  columns.push(['updated_at', context.now()]);
  const changed = db
    .prepare(`UPDATE connections SET ${columns.map(([c]) => `${c} = ?`).join(', ')} WHERE id = ?`)
    .run(...columns.map(([, value]) => value), change.id).changes;
  if (changed === 0) throw new AppError('not_found', 'There is no such connection.');
  if (change.survivorshipRank !== undefined) rerank(db, change.id, change.survivorshipRank);
  if (change.timetable !== undefined) keepTimetable(db, change.id, change.timetable, context.now());
  if (change.syncEveryMinutes !== undefined || change.timetable !== undefined) replan(db, change.id, context.now());
  remember(context, { connection: change.id, what: change.secret === undefined ? 'changed' : 'signed_in', sentence });
  return null;
}

/** Moves a connection to a place in the survivorship order and closes the gaps, so that ranks stay 1, 2, 3 … */
function rerank(db: WritableDb, id: number, rank: number): void {
  const others = db
    .prepare('SELECT id FROM connections WHERE id <> ? ORDER BY survivorship_rank, id')
    .pluck()
    .all(id) as number[];
  const order = others.toSpliced(Math.min(rank - 1, others.length), 0, id);
  const set = db.prepare('UPDATE connections SET survivorship_rank = ? WHERE id = ?');
  for (const [i, connectionId] of order.entries()) set.run(i + 1, connectionId);
}

function disconnect(db: WritableDb, { id }: { id: number }, context: WriteContext): null {
  const live = liveOperation(db, id);
  if (live?.status === 'queued') cancelQueued(db, { operationId: live.id }, context);
  else if (live !== undefined)
    throw new AppError('already_running', 'This connection is syncing. Cancel the sync or wait for it, then disconnect.');
  const changed = db
    .prepare("UPDATE connections SET status = 'disconnected', secret_ref = NULL, secret_hint = NULL, updated_at = ? WHERE id = ?")
    .run(context.now(), id).changes;
  if (changed === 0) throw new AppError('not_found', 'There is no such connection.');
  db.prepare('DELETE FROM webhook_endpoints WHERE connection_id = ?').run(id);
  replan(db, id, context.now());
  remember(context, { connection: id, what: 'disconnected', sentence: 'Credentials removed; history kept' });
  return null;
}

function note(_db: WritableDb, args: { subject: string; input: unknown; output: unknown }, context: WriteContext): null {
  context.audit(args.subject, { input: args.input, output: args.output });
  return null;
}

/** Writes behind the services about connections. */
export const connectionWrites = {
  'connection/add': add,
  'connection/update': update,
  'connection/disconnect': disconnect,
  'audit/note': note,
} as const;
