import type { ALERT_EVENTS, ALERT_STATUS } from '../../shared/contract/alerts.ts';
import type { AlertRule, AlertSubject } from '../../shared/model/alert.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';

/** An alert as it is stored; `figures` is JSON text. */
export interface AlertRecord {
  readonly id: number;
  readonly rule: AlertRule;
  readonly severity: number;
  readonly subjectKind: AlertSubject;
  readonly subjectId: number;
  readonly subject: string;
  readonly figures: string;
  readonly level: number;
  readonly status: (typeof ALERT_STATUS)[number];
  readonly count: number;
  readonly openedAt: string;
  readonly lastSeenAt: string;
  readonly closedAt: string | null;
  readonly toldAt: string | null;
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly note: string;
  readonly snoozedUntil: string | null;
  readonly snoozedBy: string | null;
}

export const ALERT_ROW = `a.id, a.rule, a.severity, a.subject_kind AS subjectKind, a.subject_id AS subjectId, a.subject, a.figures, a.level, a.status,
  a.count, a.opened_at AS openedAt, a.last_seen_at AS lastSeenAt, a.closed_at AS closedAt, a.told_at AS toldAt,
  a.acknowledged_at AS acknowledgedAt, a.acknowledged_by AS acknowledgedBy, a.note, a.snoozed_until AS snoozedUntil, a.snoozed_by AS snoozedBy`;

export const alertsWhere = (db: ReadDb, condition: string, ...params: readonly (string | number)[]): AlertRecord[] =>
  db.prepare(`SELECT ${ALERT_ROW} FROM alerts a WHERE ${condition}`).all(...params) as AlertRecord[];

/** Adds a line to the history of an alert. */
export function addEvent(
  db: WritableDb,
  alertId: number,
  event: (typeof ALERT_EVENTS)[number],
  { at, actor, detail = '' }: { readonly at: string; readonly actor: string; readonly detail?: string },
): void {
  db.prepare('INSERT INTO alert_events (alert_id, at, actor, event, detail) VALUES (?, ?, ?, ?, ?)').run(
    alertId,
    at,
    actor,
    event,
    detail,
  );
}
