import { AppError } from '../../shared/contract/errors.ts';
import type { Output } from '../../shared/contract/index.ts';
import { alertPlace, type AlertFigures } from '../../shared/model/alert.ts';
import { appendAudit } from '../store/audit.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import type { AlertRecord } from './record.ts';
import { readRule, severityName } from './rules.ts';
import { WORDS } from './words.ts';

/** A message that is to be sent now. */
export interface DueDelivery {
  readonly id: number;
  readonly destinationId: number;
  readonly messageId: string;
  readonly body: string;
  readonly attempts: number;
  readonly url: string;
  readonly allowPrivate: boolean;
  readonly secretRef: string;
}

/** How an attempt ended. `answer` is a sentence; `wait` is what the receiver asked for, in seconds. */
export interface Attempt {
  readonly id: number;
  readonly outcome: 'delivered' | 'failed' | 'gone';
  readonly answer: string;
  readonly wait: number | null;
  /** In [0, 1): spreads the next attempt. */
  readonly fraction: number;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY_MS = 86_400_000;
const KEPT_DAYS = 30;
/** Seconds after each failed attempt; after the last one the message is given up. */
const WAITS = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR] as const;
const LONGEST_ASKED = 24 * HOUR;
const JITTER = 0.1;

/** What a message says of an alert: the rule, its subject by name, counts and times; nothing of a client. */
const bodyOf = (alert: AlertRecord, type: string, at: string): string => {
  const figures = JSON.parse(alert.figures) as AlertFigures;
  return JSON.stringify({
    type,
    timestamp: at,
    data: {
      id: String(alert.id),
      rule: alert.rule,
      severity: severityName(alert.severity),
      subject: { kind: alert.subjectKind, name: alert.subject },
      title: WORDS[alert.rule].title(alert.subject, figures),
      figures,
      count: alert.count,
      openedAt: alert.openedAt,
      closedAt: alert.closedAt,
      place: alertPlace(alert.rule, alert.subjectId, figures),
    },
  });
};

/** Enters a message for every destination that is on; answers how many. Old messages that are done with go. */
export function enqueue(db: WritableDb, alert: AlertRecord, type: 'alert.opened' | 'alert.closed', context: JobContext): number {
  const now = context.now();
  db.prepare(`DELETE FROM alert_deliveries WHERE status <> 'waiting' AND made_at < ?`).run(
    new Date(Date.parse(now) - KEPT_DAYS * DAY_MS).toISOString(),
  );
  const destinations = db.prepare(`SELECT id FROM alert_destinations WHERE status = 'on' ORDER BY id`).pluck().all() as number[];
  const add = db.prepare(
    `INSERT INTO alert_deliveries (destination_id, alert_id, message_id, type, body, status, made_at, next_attempt_at)
     VALUES (?, ?, ?, ?, ?, 'waiting', ?, ?)`,
  );
  const body = bodyOf(alert, type, now);
  for (const destination of destinations) add.run(destination, alert.id, `msg_${context.uuid()}`, type, body, now, now);
  return destinations.length;
}

/** Messages that are due, oldest first, one for each destination: a receiver gets them in the order they were made. */
export const dueDeliveries = (db: ReadDb, _args: undefined, context: Pick<JobContext, 'now'>): DueDelivery[] =>
  (
    db
      .prepare(
        `SELECT d.id, d.destination_id AS destinationId, d.message_id AS messageId, d.body, d.attempts, t.url,
           t.allow_private AS allowPrivate, t.secret_ref AS secretRef
         FROM alert_deliveries d JOIN alert_destinations t ON t.id = d.destination_id
         WHERE d.id IN (SELECT min(w.id) FROM alert_deliveries w WHERE w.status = 'waiting' GROUP BY w.destination_id)
           AND d.next_attempt_at <= ? AND t.status = 'on' ORDER BY d.id`,
      )
      .all(context.now()) as (Omit<DueDelivery, 'allowPrivate'> & { allowPrivate: number })[]
  ).map((row) => ({ ...row, allowPrivate: row.allowPrivate === 1 }));

interface Attempted {
  readonly destinationId: number;
  readonly attempts: number;
  readonly failingSince: string | null;
  readonly name: string;
}

/** Enters how an attempt ended: plans the next one, gives up, or switches the destination off. True when it did that. */
export function enterAttempt(db: WritableDb, attempt: Attempt, context: JobContext): boolean {
  const now = context.now();
  const known = db
    .prepare(
      `SELECT d.destination_id AS destinationId, d.attempts, t.failing_since AS failingSince, t.name
       FROM alert_deliveries d JOIN alert_destinations t ON t.id = d.destination_id WHERE d.id = ? AND d.status = 'waiting'`,
    )
    .get(attempt.id) as Attempted | undefined;
  // Removed, or given up, while the message was under way.
  if (known === undefined) return false;
  const { destinationId, attempts, name } = known;
  const enter = (status: string, next: string): void => {
    db.prepare(
      'UPDATE alert_deliveries SET status = ?, attempts = ?, last_attempt_at = ?, next_attempt_at = ?, answer = ? WHERE id = ?',
    ).run(status, attempts + 1, now, next, attempt.answer, attempt.id);
  };
  if (attempt.outcome === 'delivered') {
    enter('delivered', now);
    db.prepare('UPDATE alert_destinations SET failing_since = NULL, last_delivered_at = ? WHERE id = ?').run(now, destinationId);
    return false;
  }
  const failingSince = known.failingSince ?? now;
  const wait = WAITS[attempts];
  if (wait === undefined || attempt.outcome === 'gone') enter('given_up', now);
  else {
    const seconds = Math.max(wait * (1 + JITTER * attempt.fraction), Math.min(attempt.wait ?? 0, LONGEST_ASKED));
    enter('waiting', new Date(Date.parse(now) + Math.round(seconds * 1000)).toISOString());
  }
  const days = readRule(db, 'webhook_off').threshold ?? 1;
  const off = attempt.outcome === 'gone' || Date.parse(now) - Date.parse(failingSince) >= days * DAY_MS;
  db.prepare('UPDATE alert_destinations SET failing_since = ?, status = ?, gone = ? WHERE id = ?').run(
    failingSince,
    off ? 'failed' : 'on',
    attempt.outcome === 'gone' ? 1 : 0,
    destinationId,
  );
  if (!off) return false;
  giveUpWaiting(db, destinationId);
  appendAudit(db, {
    at: now,
    actor: context.actor,
    event: 'alert_destination_failed',
    subject: `alert destination ${destinationId}`,
    details: JSON.stringify({ name, failingSince, answer: attempt.answer }),
    requestId: context.requestId,
  });
  return true;
}

/** Nothing of what waits for a destination is sent any more. */
export function giveUpWaiting(db: WritableDb, destinationId: number): void {
  db.prepare(
    `UPDATE alert_deliveries SET status = 'given_up', answer = coalesce(answer, 'The destination was switched off.')
     WHERE destination_id = ? AND status = 'waiting'`,
  ).run(destinationId);
}

/** Messages to one destination, newest first. */
export function listDeliveries(db: ReadDb, id: string, limit: number): Output<'alertDestinations.deliveries'> {
  if (db.prepare('SELECT 1 FROM alert_destinations WHERE id = ?').get(Number(id)) === undefined)
    throw new AppError('not_found', 'There is no such destination.');
  type Row = Output<'alertDestinations.deliveries'>['items'][number];
  const rows = db
    .prepare(
      `SELECT id, message_id AS messageId, type, alert_id AS alertId, status, attempts, made_at AS madeAt,
         CASE status WHEN 'waiting' THEN next_attempt_at END AS nextAttemptAt, answer
       FROM alert_deliveries WHERE destination_id = ? ORDER BY id DESC LIMIT ?`,
    )
    .all(Number(id), limit) as (Omit<Row, 'id' | 'alertId'> & { id: number; alertId: number })[];
  return { items: rows.map((row) => ({ ...row, id: String(row.id), alertId: String(row.alertId) })) };
}
