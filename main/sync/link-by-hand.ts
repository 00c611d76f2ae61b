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
  const targetId = tie(db, connectionId, input, context, (name) => newBatch(db, context, `New ${input.kind} ${name}`));
  context.audit(`${input.kind} ${targetId}`, {
    connection: connectionId,
    externalId: input.externalId,
    made: input.targetId === undefined,
  });
  return { targetId: String(targetId) };
}

/** The same for several accounts, in one transaction and one batch: one that cannot be tied leaves all as they were. */
export function linkAccountsByHand(
  db: WritableDb,
  { id, links }: HandlerInput<'connections.linkAccounts'>,
  context: WriteContext,
): Output<'connections.linkAccounts'> {
  const connectionId = Number(id);
  const made = links.filter(({ targetId }) => targetId === undefined).length;
  let batch: number | null = null;
  for (const link of links)
    tie(db, connectionId, { ...link, kind: 'account' }, context, () => (batch ??= newBatch(db, context, `${made} new accounts`)));
  context.audit(`connection ${connectionId}`, {
    connection: connectionId,
    accounts: links.length,
    made,
    externalIds: links.slice(0, 50).map(({ externalId }) => externalId),
  });
  return { linked: links.length, made };
}

type Link = Pick<HandlerInput<'connections.link'>, 'kind' | 'externalId' | 'targetId'>;

function tie(
  db: WritableDb,
  connectionId: number,
  link: Link,
  context: WriteContext,
  batchFor: (name: string) => number,
): number {
  const known = db
    .prepare(`SELECT record FROM ${link.kind}_links WHERE connection_id = ? AND external_id = ?`)
    .get(connectionId, link.externalId) as { record: string } | undefined;
  if (!known) throw new AppError('not_found', `The connection no longer reports this ${link.kind}.`);
  const targetId = link.targetId === undefined ? make(db, link.kind, known.record, batchFor) : existing(db, link, connectionId);
  db.prepare(
    `UPDATE ${link.kind}_links SET ${link.kind}_id = ?, reason = ?, suggestions = '[]' WHERE connection_id = ? AND external_id = ?`,
  ).run(targetId, `Linked by ${context.actor}`, connectionId, link.externalId);
  return targetId;
}

function existing(db: WritableDb, link: Link, connectionId: number): number {
  const id = Number(link.targetId);
  const table = link.kind === 'account' ? 'accounts' : 'securities';
  if (db.prepare(`SELECT 1 FROM ${table} WHERE id = ?`).get(id) === undefined)
    throw new AppError('not_found', `There is no such ${link.kind} in the book.`);
  const taken = db
    .prepare(`SELECT 1 FROM ${link.kind}_links WHERE connection_id = ? AND ${link.kind}_id = ? AND external_id <> ?`)
    .get(connectionId, id, link.externalId);
  if (taken !== undefined && link.kind === 'account')
    throw new AppError(
      'duplicate',
      'Another account of this connection is tied to it already. Make a new account, or change the other link first.',
    );
  return id;
}

const newBatch = (db: WritableDb, context: WriteContext, summary: string): number =>
  db
    .prepare("INSERT INTO batches (uid, kind, actor, at, summary) VALUES (?, 'link', ?, ?, ?)")
    .run(context.uuid(), context.actor, context.now(), summary.slice(0, 200)).lastInsertRowid as number;

function make(db: WritableDb, kind: Link['kind'], record: string, batchFor: (name: string) => number): number {
  const described = JSON.parse(record) as AccountRecord & SecurityRecord;
  const batchId = batchFor(described.name);
  return kind === 'account' ? createAccountMaker(db, batchId)(described) : createSecurityMaker(db, batchId)(described);
}
