import { AppError } from '../../shared/contract/errors.ts';
import { SEVERITIES } from '../../shared/contract/conflicts.ts';
import type { AlertRuleSettings } from '../../shared/contract/alerts.ts';
import type { HandlerInput } from '../../shared/contract/index.ts';
import { ALERT_RULES, type AlertRule, type AlertSubject } from '../../shared/model/alert.ts';
import type { ReadDb, WritableDb } from '../store/handles.ts';
import type { WriteContext } from '../store/run-job.ts';

/** What the alerts of a rule are about. */
export const SUBJECT_OF: Readonly<Record<AlertRule, AlertSubject>> = {
  sync_failed: 'connection',
  connection_late: 'connection',
  needs_sign_in: 'connection',
  conflicts_above: 'book',
  conflicts_grown: 'connection',
  breaks_above: 'book',
  budget_low: 'connection',
  disk_low: 'program',
  backup_old: 'program',
  webhook_off: 'destination',
};

export const severityName = (code: number): (typeof SEVERITIES)[number] => SEVERITIES[code] ?? 'low';

interface Raw {
  readonly rule: AlertRule;
  readonly enabled: number;
  readonly threshold: number | null;
  readonly severity: number;
  readonly bySystem: number;
  readonly byWebhook: number;
  readonly version: number;
}

/** The rules as they are set, in the order of their list. */
export function readRules(db: ReadDb): AlertRuleSettings[] {
  const rows = db
    .prepare(
      'SELECT rule, enabled, threshold, severity, by_system AS bySystem, by_webhook AS byWebhook, version FROM alert_rules',
    )
    .all() as Raw[];
  return rows
    .map((row) => ({
      ...row,
      subjectKind: SUBJECT_OF[row.rule],
      enabled: row.enabled === 1,
      severity: severityName(row.severity),
      bySystem: row.bySystem === 1,
      byWebhook: row.byWebhook === 1,
    }))
    .toSorted((a, b) => ALERT_RULES.indexOf(a.rule) - ALERT_RULES.indexOf(b.rule));
}

/** One rule as it is set. */
export function readRule(db: ReadDb, rule: AlertRule): AlertRuleSettings {
  const found = readRules(db).find((settings) => settings.rule === rule);
  if (!found) throw new AppError('not_found', 'There is no such rule.');
  return found;
}

/** Sets a rule. Throws `conflict_changed` when it is not the one the person was looking at. */
export function updateRule(
  db: WritableDb,
  { rule, expectedVersion, ...next }: HandlerInput<'alerts.updateRule'>,
  context: WriteContext,
): AlertRuleSettings {
  const { version, subjectKind: _, rule: _rule, ...before } = readRule(db, rule);
  if (version !== expectedVersion)
    throw new AppError('conflict_changed', 'Somebody has changed this rule since. Look at it again before you change it.');
  db.prepare(
    `UPDATE alert_rules SET enabled = ?, threshold = ?, severity = ?, by_system = ?, by_webhook = ?, version = version + 1 WHERE rule = ?`,
  ).run(
    next.enabled ? 1 : 0,
    next.threshold,
    SEVERITIES.indexOf(next.severity),
    next.bySystem ? 1 : 0,
    next.byWebhook ? 1 : 0,
    rule,
  );
  context.audit(`alert rule ${rule}`, { rule, before, after: next });
  return readRule(db, rule);
}
