import { AppError } from '../../shared/contract/errors.ts';
import type { AlertDestination } from '../../shared/contract/alert-destinations.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';
import type { WriteContext } from '../store/run-job.ts';
import { giveUpWaiting } from './deliveries.ts';

/** A destination as services need it. */
export interface DestinationFacts {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly allowPrivate: boolean;
  readonly secretRef: string;
}

const subject = (id: number): string => `alert destination ${id}`;

export function destinationFacts(db: ReadDb, { id }: { id: number }): DestinationFacts {
  const row = db
    .prepare('SELECT id, name, url, allow_private AS allowPrivate, secret_ref AS secretRef FROM alert_destinations WHERE id = ?')
    .get(id) as (Omit<DestinationFacts, 'allowPrivate'> & { allowPrivate: number }) | undefined;
  if (row === undefined) throw new AppError('not_found', 'There is no such destination.');
  return { ...row, allowPrivate: row.allowPrivate === 1 };
}

/** Where messages are sent, in the order they were added. */
export const listDestinations = (db: ReadDb): AlertDestination[] =>
  (
    db
      .prepare(
        `SELECT t.id, t.name, t.url, t.allow_private AS allowPrivate, t.status, t.failing_since AS failingSince,
           t.last_delivered_at AS lastDeliveredAt,
           (SELECT count(*) FROM alert_deliveries d WHERE d.destination_id = t.id AND d.status = 'waiting') AS waiting
         FROM alert_destinations t ORDER BY t.id`,
      )
      .all() as (Omit<AlertDestination, 'id' | 'allowPrivate'> & { id: number; allowPrivate: number })[]
  ).map((row) => ({ ...row, id: String(row.id), allowPrivate: row.allowPrivate === 1 }));

function assertFree(db: ReadDb, name: string, id: number): void {
  if (db.prepare('SELECT 1 FROM alert_destinations WHERE name = ? AND id <> ?').get(name, id) !== undefined)
    throw new AppError('duplicate', `There is a destination called ${name} already. Choose another name.`);
}

type New = Omit<DestinationFacts, 'id'>;

function add(db: WritableDb, { name, url, allowPrivate, secretRef }: New, context: WriteContext): { id: number } {
  assertFree(db, name, 0);
  const id = db
    .prepare(
      `INSERT INTO alert_destinations (name, url, allow_private, secret_ref, status, made_at) VALUES (?, ?, ?, ?, 'on', ?)`,
    )
    .run(name, url, allowPrivate ? 1 : 0, secretRef, context.now()).lastInsertRowid as number;
  context.audit(subject(id), { name, url, allowPrivate });
  return { id };
}

type Change = Omit<DestinationFacts, 'secretRef'> & { readonly status: 'on' | 'off' };

function update(db: WritableDb, { id, name, url, allowPrivate, status }: Change, context: WriteContext): null {
  const { secretRef: _, ...before } = destinationFacts(db, { id });
  assertFree(db, name, id);
  db.prepare(
    'UPDATE alert_destinations SET name = ?, url = ?, allow_private = ?, status = ?, gone = 0, failing_since = NULL WHERE id = ?',
  ).run(name, url, allowPrivate ? 1 : 0, status, id);
  if (status === 'off') giveUpWaiting(db, id);
  context.audit(subject(id), { before, after: { name, url, allowPrivate, status } });
  return null;
}

function setSecret(db: WritableDb, { id, secretRef }: { id: number; secretRef: string }, context: WriteContext): null {
  const { name } = destinationFacts(db, { id });
  db.prepare('UPDATE alert_destinations SET secret_ref = ? WHERE id = ?').run(secretRef, id);
  context.audit(subject(id), { name });
  return null;
}

function remove(db: WritableDb, { id }: { id: number }, context: WriteContext): null {
  const { name, url } = destinationFacts(db, { id });
  db.prepare('DELETE FROM alert_deliveries WHERE destination_id = ?').run(id);
  db.prepare('DELETE FROM alert_destinations WHERE id = ?').run(id);
  context.audit(subject(id), { name, url });
  return null;
}

/** Writes behind the services about destinations. */
export const destinationWrites = {
  'alert-destination/add': add,
  'alert-destination/update': update,
  'alert-destination/set-secret': setSecret,
  'alert-destination/remove': remove,
} as const;
