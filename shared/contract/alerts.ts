import { z } from 'zod';
import { ALERT_RULES, ALERT_SUBJECTS, THRESHOLD_BOUNDS } from '../model/alert.ts';
import { SEVERITIES } from './conflicts.ts';
import { gridPage, gridRequest } from './grid.ts';
import { command, query } from './procedure.ts';
import { count, id, instant, none, note, shortText } from './values.ts';

export const ALERT_STATUS = ['open', 'acknowledged', 'snoozed', 'closed'] as const;
export const ALERT_EVENTS = [
  'opened',
  'worsened',
  'told',
  'acknowledged',
  'snoozed',
  'snooze_ended',
  'reopened',
  'closed',
] as const;
/** Most alerts one call deals with. */
export const MAX_ALERTS = 1000;
/** Longest that an alert can be put aside. */
export const MAX_SNOOZE_DAYS = 90;

export const ALERT_COLUMNS = [
  'severity',
  'rule',
  'subject',
  'status',
  'openedAt',
  'lastSeenAt',
  'closedAt',
  'count',
  'acknowledgedBy',
  'snoozedUntil',
] as const;

export const alertRow = z.object({
  id,
  rule: z.enum(ALERT_RULES),
  severity: z.enum(SEVERITIES),
  status: z.enum(ALERT_STATUS),
  subjectKind: z.enum(ALERT_SUBJECTS),
  /** Null where there is only one such subject. */
  subjectId: id.nullable(),
  /** Name of the connection or destination, `Book` or `This computer`. */
  subject: shortText,
  /** One line: what is the matter. */
  title: shortText,
  openedAt: instant,
  lastSeenAt: instant,
  closedAt: instant.nullable(),
  /** How often it came or got worse. */
  count: z.int().min(1),
  acknowledgedBy: shortText.nullable(),
  acknowledgedAt: instant.nullable(),
  note,
  snoozedUntil: instant.nullable(),
  snoozedBy: shortText.nullable(),
});
export type AlertRow = z.infer<typeof alertRow>;

export const alertRule = z.object({
  rule: z.enum(ALERT_RULES),
  subjectKind: z.enum(ALERT_SUBJECTS),
  enabled: z.boolean(),
  /** Whole number in the unit of the rule; null where it has none. */
  threshold: z.int().nullable(),
  severity: z.enum(SEVERITIES),
  /** Told by the operating system, in the desktop program. The inbox is told always. */
  bySystem: z.boolean(),
  byWebhook: z.boolean(),
  version: z.int(),
});
export type AlertRuleSettings = z.infer<typeof alertRule>;

const ids = z.array(id).min(1).max(MAX_ALERTS);
/** Closed ones, and those that stand as asked already, are left alone and not counted. */
const changed = z.object({ changed: count });

export const alerts = {
  'alerts.page': query({
    summary: 'Alerts, filtered and sorted; the most severe and newest first',
    http: { method: 'GET', path: '/alerts' },
    input: gridRequest(ALERT_COLUMNS),
    output: gridPage(alertRow),
    errors: [],
    access: 'viewer',
  }),
  'alerts.summary': query({
    summary: 'How many alerts wait for somebody, and the critical ones among them',
    http: { method: 'GET', path: '/alerts/summary' },
    input: none,
    output: z.object({
      open: count,
      critical: count,
      /** The newest critical ones, at most 5. */
      newest: z.array(z.object({ id, title: shortText, openedAt: instant })),
    }),
    errors: [],
    access: 'viewer',
  }),
  'alerts.get': query({
    summary: 'One alert: why it fired with its figures, what happened to it, and the times before',
    http: { method: 'GET', path: '/alerts/:id' },
    input: z.strictObject({ id }),
    output: z.object({
      row: alertRow,
      /** Plain sentences: why it fired, and what to do. */
      why: note,
      advice: note,
      figures: z.array(z.object({ label: shortText, kind: z.enum(['text', 'count', 'instant']), value: z.string() })),
      /** Path of the screen on which its subject stands. */
      place: z.string(),
      /** Newest first. */
      history: z.array(z.object({ at: instant, actor: shortText, event: z.enum(ALERT_EVENTS), detail: note })),
      /** The same rule and subject before, newest first, at most 10. */
      earlier: z.array(z.object({ id, openedAt: instant, closedAt: instant.nullable() })),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'alerts.acknowledge': command({
    summary: 'Say that somebody deals with these alerts',
    http: { method: 'POST', path: '/alerts/acknowledge' },
    input: z.strictObject({ ids, note: note.default('') }),
    output: changed,
    errors: ['not_found'],
    access: 'analyst',
    audit: { event: 'alerts_acknowledged' },
  }),
  'alerts.snooze': command({
    summary: 'Put alerts aside until a time; they come back by themselves if they still stand',
    http: { method: 'POST', path: '/alerts/snooze' },
    input: z.strictObject({ ids, until: instant, note: note.default('') }),
    output: changed,
    errors: ['not_found', 'not_possible'],
    access: 'analyst',
    audit: { event: 'alerts_snoozed' },
  }),
  'alerts.reopen': command({
    summary: 'Take back an acknowledgement or a snooze',
    http: { method: 'POST', path: '/alerts/reopen' },
    input: z.strictObject({ ids }),
    output: changed,
    errors: ['not_found'],
    access: 'analyst',
    audit: { event: 'alerts_reopened' },
  }),
  'alerts.rules': query({
    summary: 'What people are told about',
    http: { method: 'GET', path: '/alert-rules' },
    input: none,
    output: z.object({ items: z.array(alertRule) }),
    errors: [],
    access: 'viewer',
  }),
  'alerts.updateRule': command({
    summary: 'Change what people are told about; a rule that is off closes its alerts',
    http: { method: 'PUT', path: '/alert-rules/:rule' },
    input: z
      .strictObject({
        rule: z.enum(ALERT_RULES),
        enabled: z.boolean(),
        threshold: z.int().nullable(),
        severity: z.enum(SEVERITIES),
        bySystem: z.boolean(),
        byWebhook: z.boolean(),
        /** The version the person was looking at. */
        expectedVersion: z.int(),
      })
      .superRefine(({ rule, threshold }, context) => {
        const bounds = THRESHOLD_BOUNDS[rule];
        const fits =
          bounds === null ? threshold === null : threshold !== null && threshold >= bounds.least && threshold <= bounds.most;
        if (fits) return;
        const message =
          bounds === null ? 'This rule has no threshold' : `A whole number from ${bounds.least} to ${bounds.most} is expected`;
        context.addIssue({ code: 'custom', path: ['threshold'], message });
      }),
    output: alertRule,
    errors: ['conflict_changed'],
    access: 'admin',
    audit: { event: 'alert_rule_changed' },
  }),
};
