import type { AlertRuleSettings } from '../../shared/contract/alerts.ts';
import { SEVERITIES } from '../../shared/contract/conflicts.ts';
import { alertPlace, type AlertFigures } from '../../shared/model/alert.ts';
import type { WritableDb } from '../store/handles.ts';
import type { JobContext } from '../store/job.ts';
import { findConditions, type Condition, type Measures } from './conditions.ts';
import { enqueue } from './deliveries.ts';
import { addEvent, alertsWhere, type AlertRecord } from './record.ts';
import { readRules, SUBJECT_OF } from './rules.ts';
import { WORDS } from './words.ts';

/** An alert that people are to be told of by the operating system: counts and names of connections only. */
export interface Notice {
  readonly title: string;
  readonly text: string;
  /** Path of the screen on which its subject stands. */
  readonly place: string;
}

export interface Evaluated {
  /** Something is not as it was: the screens ask again. */
  readonly changed: boolean;
  readonly notices: readonly Notice[];
}

/** What comes again within this time of being told is shown, and told only if it still stands after it. */
const QUIET_MS = 3_600_000;
const PROGRAM = 'Clearway';

/**
 * Compares what stands with the open alerts, in one transaction: opens, worsens and closes them, ends snoozes that are
 * over, and says who is to be told. One alert is open per rule and subject.
 */
export function evaluate(db: WritableDb, { measures }: { measures: Measures | null }, context: JobContext): Evaluated {
  const now = context.now();
  const rules = readRules(db);
  const before = db.prepare('SELECT total_changes()').pluck().get() as number;
  endSnoozes(db, now);
  for (const rule of rules) {
    const found = findConditions(db, rule, { now, measures });
    if (found === null) continue;
    const open = new Map(
      alertsWhere(db, `a.rule = ? AND a.status <> 'closed'`, rule.rule).map((alert) => [alert.subjectId, alert]),
    );
    const keep = found.keep ?? new Set<number>();
    for (const condition of found.conditions) {
      const alert = open.get(condition.subjectId);
      open.delete(condition.subjectId);
      if (alert) see(db, alert, rule, condition, now);
      else if (!keep.has(condition.subjectId)) raise(db, rule, condition, now);
    }
    for (const alert of open.values()) if (!keep.has(alert.subjectId)) close(db, alert, rule, now, context);
  }
  const notices = tell(db, rules, now, context);
  return { changed: (db.prepare('SELECT total_changes()').pluck().get() as number) !== before, notices };
}

function raise(db: WritableDb, { rule, severity }: AlertRuleSettings, condition: Condition, now: string): void {
  const { subjectId, subject, figures, level } = condition;
  const id = db
    .prepare(
      `INSERT INTO alerts (rule, severity, subject_kind, subject_id, subject, figures, level, status, opened_at, last_seen_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)`,
    )
    .run(rule, SEVERITIES.indexOf(severity), SUBJECT_OF[rule], subjectId, subject, JSON.stringify(figures), level, now, now)
    .lastInsertRowid as number;
  addEvent(db, id, 'opened', { at: now, actor: PROGRAM, detail: WORDS[rule].title(subject, figures) });
}

const MINUTE_MS = 60_000;

function see(db: WritableDb, alert: AlertRecord, { rule, severity }: AlertRuleSettings, condition: Condition, now: string): void {
  const { subject, figures, level } = condition;
  const worse = level > alert.level;
  const facts = JSON.stringify(figures);
  const code = SEVERITIES.indexOf(severity);
  const same = !worse && level === alert.level && facts === alert.figures && code === alert.severity && subject === alert.subject;
  // A look that finds nothing new is noted by the minute, so that a burst of looks writes once.
  if (same && Date.parse(now) - Date.parse(alert.lastSeenAt) < MINUTE_MS) return;
  db.prepare(
    'UPDATE alerts SET severity = ?, subject = ?, figures = ?, level = ?, count = count + ?, last_seen_at = ? WHERE id = ?',
  ).run(code, subject, facts, level, worse ? 1 : 0, now, alert.id);
  if (worse) addEvent(db, alert.id, 'worsened', { at: now, actor: PROGRAM, detail: WORDS[rule].title(subject, figures) });
}

function close(db: WritableDb, alert: AlertRecord, rule: AlertRuleSettings, now: string, context: JobContext): void {
  db.prepare(`UPDATE alerts SET status = 'closed', closed_at = ?, snoozed_until = NULL, snoozed_by = NULL WHERE id = ?`).run(
    now,
    alert.id,
  );
  const detail = rule.enabled ? WORDS[alert.rule].ended : 'The rule was switched off.';
  addEvent(db, alert.id, 'closed', { at: now, actor: PROGRAM, detail });
  if (rule.byWebhook && wasSent(db, alert.id)) enqueue(db, { ...alert, closedAt: now }, 'alert.closed', context);
}

const wasSent = (db: WritableDb, alertId: number): boolean =>
  db.prepare('SELECT 1 FROM alert_deliveries WHERE alert_id = ?').get(alertId) !== undefined;

function endSnoozes(db: WritableDb, now: string): void {
  for (const { id } of alertsWhere(db, `a.status = 'snoozed' AND a.snoozed_until <= ?`, now)) {
    db.prepare(`UPDATE alerts SET status = 'open', snoozed_until = NULL, snoozed_by = NULL, told_at = NULL WHERE id = ?`).run(id);
    addEvent(db, id, 'snooze_ended', { at: now, actor: PROGRAM });
  }
}

/** Open alerts nobody was told of yet, unless the same came and went within the last hour. */
function tell(db: WritableDb, rules: readonly AlertRuleSettings[], now: string, context: JobContext): Notice[] {
  const quietFrom = new Date(Date.parse(now) - QUIET_MS).toISOString();
  const untold = alertsWhere(
    db,
    `a.status = 'open' AND a.told_at IS NULL AND NOT EXISTS (SELECT 1 FROM alerts b WHERE b.rule = a.rule
       AND b.subject_kind = a.subject_kind AND b.subject_id = a.subject_id AND b.id <> a.id AND b.told_at > ?)
     ORDER BY a.severity, a.id`,
    quietFrom,
  );
  const notices: Notice[] = [];
  for (const alert of untold) {
    const rule = rules.find((r) => r.rule === alert.rule);
    if (!rule) continue;
    db.prepare('UPDATE alerts SET told_at = ? WHERE id = ?').run(now, alert.id);
    const figures = JSON.parse(alert.figures) as AlertFigures;
    const sent = rule.byWebhook ? enqueue(db, alert, 'alert.opened', context) : 0;
    if (rule.bySystem)
      notices.push({
        title: WORDS[alert.rule].title(alert.subject, figures),
        text: WORDS[alert.rule].advice,
        place: alertPlace(alert.rule, alert.subjectId, figures),
      });
    const ways = ['inbox', ...(rule.bySystem ? ['operating system'] : []), ...(sent > 0 ? [`${sent} by webhook`] : [])];
    addEvent(db, alert.id, 'told', { at: now, actor: PROGRAM, detail: ways.join(', ') });
  }
  return notices;
}
