import { AppError } from '../../shared/contract/errors.ts';
import type { Output } from '../../shared/contract/index.ts';
import { findConnection } from '../store/connections.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';
import type { WriteContext } from '../store/run-job.ts';
import type { Reads } from './handler.ts';

/** Where the secret of a connection's messages is, and until when the one before it is taken. */
export interface WebhookEndpoint {
  readonly secretRef: string;
  readonly madeAt: string;
  readonly previousUntil: string | null;
  /** Of the connection; `active` and `needs_sign_in` take messages. */
  readonly status: string;
}

/** A message that passed every check. Times are UTC instants. */
export interface Delivery {
  readonly connectionId: number;
  readonly eventId: string;
  readonly sentAt: string;
  readonly kind: string;
  readonly bytes: number;
}

const KEPT_DAYS = 30;
export const webhookPath = (connectionId: string | number): string => `/webhooks/${connectionId}`;

function requireConnection(db: ReadDb, id: number): void {
  const found = findConnection(db, id);
  if (!found || found.platform === 'custodian_file') throw new AppError('not_found', 'There is no such connection.');
}

/** Null when the connection takes no messages. */
export function webhookEndpoint(db: ReadDb, { connectionId }: { connectionId: number }): WebhookEndpoint | null {
  const row = db
    .prepare(
      `SELECT e.secret_ref AS secretRef, e.made_at AS madeAt, e.previous_until AS previousUntil, c.status
       FROM webhook_endpoints e JOIN connections c ON c.id = e.connection_id WHERE e.connection_id = ?`,
    )
    .get(connectionId) as WebhookEndpoint | undefined;
  return row ?? null;
}

function status(db: ReadDb, id: string): Output<'webhooks.status'> {
  const connectionId = Number(id);
  requireConnection(db, connectionId);
  const endpoint = webhookEndpoint(db, { connectionId });
  const { deliveries, lastReceivedAt } = db
    .prepare('SELECT count(*) AS deliveries, max(received_at) AS lastReceivedAt FROM webhook_deliveries WHERE connection_id = ?')
    .get(connectionId) as { deliveries: number; lastReceivedAt: string | null };
  return {
    enabled: endpoint !== null,
    path: webhookPath(id),
    secretMadeAt: endpoint?.madeAt ?? null,
    previousUntil: endpoint?.previousUntil ?? null,
    deliveries,
    lastReceivedAt,
  };
}

function deliveries(db: ReadDb, id: string, limit: number): Output<'webhooks.deliveries'> {
  requireConnection(db, Number(id));
  const rows = db
    .prepare(
      `SELECT id, event_id AS eventId, kind, sent_at AS sentAt, received_at AS receivedAt, bytes
       FROM webhook_deliveries WHERE connection_id = ? ORDER BY id DESC LIMIT ?`,
    )
    .all(Number(id), limit) as (Omit<Output<'webhooks.deliveries'>['items'][number], 'id'> & { id: number })[];
  return { items: rows.map((row) => ({ ...row, id: String(row.id) })) };
}

/** Queries about signed messages. */
export const webhookReads = {
  'webhooks.status': (db, { id }) => status(db, id),
  'webhooks.deliveries': (db, { id, limit }) => deliveries(db, id, limit),
} satisfies Reads;

/** Keeps where a new secret is; the secret itself is in the vault by now. */
function keep(
  db: WritableDb,
  { connectionId, secretRef, previousUntil }: { connectionId: number; secretRef: string; previousUntil: string | null },
  context: WriteContext,
): null {
  requireConnection(db, connectionId);
  db.prepare(
    `INSERT INTO webhook_endpoints (connection_id, secret_ref, made_at, previous_until) VALUES (?, ?, ?, ?)
     ON CONFLICT (connection_id) DO UPDATE SET secret_ref = excluded.secret_ref, made_at = excluded.made_at, previous_until = excluded.previous_until`,
  ).run(connectionId, secretRef, context.now(), previousUntil);
  context.audit(webhookPath(connectionId), { connectionId, previousUntil });
  return null;
}

function forget(db: WritableDb, { connectionId }: { connectionId: number }, context: WriteContext): null {
  db.prepare('DELETE FROM webhook_endpoints WHERE connection_id = ?').run(connectionId);
  context.audit(webhookPath(connectionId), { connectionId });
  return null;
}

/** Enters a message; false when it was entered before. Old ones go, long after no signature would let them in again. */
function receive(db: WritableDb, { connectionId, eventId, sentAt, kind, bytes }: Delivery, context: WriteContext): boolean {
  const now = context.now();
  const oldest = new Date(Date.parse(now) - KEPT_DAYS * 86_400_000).toISOString();
  db.prepare('DELETE FROM webhook_deliveries WHERE received_at < ?').run(oldest);
  const { changes } = db
    .prepare(
      `INSERT INTO webhook_deliveries (connection_id, event_id, sent_at, received_at, kind, bytes) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (connection_id, event_id) DO NOTHING`,
    )
    .run(connectionId, eventId, sentAt, now, kind, bytes);
  return changes === 1;
}

/** Writes behind the services about signed messages. */
export const webhookWrites = { 'webhook/keep': keep, 'webhook/forget': forget, 'webhook/receive': receive } as const;
