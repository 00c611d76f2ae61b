import { AppError } from '../../shared/contract/errors.ts';
import type { HandlerInput, Output } from '../../shared/contract/index.ts';
import type { AccountRecord, SecurityRecord } from '../connectors/connector.ts';
import type { WritableDb } from '../store/handles.ts';
import type { WriteContext } from '../store/run-job.ts';
import { createAccountMaker, createSecurityMaker } from './identity.ts';

/**
 * A person ties a platform's account or security to one of the book, or makes a new one. Its positions join the book with
 * the connection's next sync, through the same rule as all others.
 */
export function linkByHand(
  db: WritableDb,
  input: HandlerInput<'connections.link'>,
  context: WriteContext,
): Output<'connections.link'> {
  const connectionId = Number(input.id);
  const link = db
    .prepare(`SELECT record FROM ${input.kind}_links WHERE connection_id = ? AND external_id = ?`)
    .get(connectionId, input.externalId) as { record: string } | undefined;
  if (!link) throw new AppError('not_found', `The connection no longer reports this ${input.kind}.`);
  const targetId = input.targetId === undefined ? make(db, input.kind, link.record, context) : existing(db, input, connectionId);
  db.prepare(
    `UPDATE ${input.kind}_links SET ${input.kind}_id = ?, reason = ?, suggestions = '[]' WHERE connection_id = ? AND external_id = ?`,
  ).run(targetId, `Linked by ${context.actor}`, connectionId, input.externalId);
  context.audit(`${input.kind} ${targetId}`, {
    connection: connectionId,
    externalId: input.externalId,
    made: input.targetId === undefined,
  });
  return { targetId: String(targetId) };
}

function existing(db: WritableDb, input: HandlerInput<'connections.link'>, connectionId: number): number {
  const id = Number(input.targetId);
  const table = input.kind === 'account' ? 'accounts' : 'securities';
  if (db.prepare(`SELECT 1 FROM ${table} WHERE id = ?`).get(id) === undefined)
    throw new AppError('not_found', `There is no such ${input.kind} in the book.`);
  const taken = db
    .prepare(`SELECT 1 FROM ${input.kind}_links WHERE connection_id = ? AND ${input.kind}_id = ? AND external_id <> ?`)
    .get(connectionId, id, input.externalId);
  if (taken !== undefined && input.kind === 'account')
    throw new AppError(
      'duplicate',
      'Another account of this connection is tied to it already. Make a new account, or change the other link first.',
    );
  return id;
}

function make(db: WritableDb, kind: 'account' | 'security', record: string, context: WriteContext): number {
  const described = JSON.parse(record) as AccountRecord & SecurityRecord;
  const batchId = db
    .prepare("INSERT INTO batches (uid, kind, actor, at, summary) VALUES (?, 'link', ?, ?, ?)")
    .run(context.uuid(), context.actor, context.now(), `New ${kind} ${described.name}`.slice(0, 200)).lastInsertRowid as number;
  return kind === 'account' ? createAccountMaker(db, batchId)(described) : createSecurityMaker(db, batchId)(described);
}
