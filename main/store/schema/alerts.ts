import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const alertRules = sqliteTable('alert_rules', {
  rule: text('rule').primaryKey(),
  enabled: integer('enabled').notNull(),
  threshold: integer('threshold'),
  severity: integer('severity').notNull(),
  bySystem: integer('by_system').notNull(),
  byWebhook: integer('by_webhook').notNull(),
  version: integer('version').notNull().default(1),
});

export const alerts = sqliteTable('alerts', {
  id: integer('id').primaryKey(),
  rule: text('rule').notNull(),
  severity: integer('severity').notNull(),
  subjectKind: text('subject_kind').notNull(),
  subjectId: integer('subject_id').notNull(),
  subject: text('subject').notNull(),
  figures: text('figures').notNull(),
  level: integer('level').notNull(),
  status: text('status').notNull(),
  count: integer('count').notNull().default(1),
  openedAt: text('opened_at').notNull(),
  lastSeenAt: text('last_seen_at').notNull(),
  closedAt: text('closed_at'),
  toldAt: text('told_at'),
  acknowledgedAt: text('acknowledged_at'),
  acknowledgedBy: text('acknowledged_by'),
  note: text('note').notNull().default(''),
  snoozedUntil: text('snoozed_until'),
  snoozedBy: text('snoozed_by'),
});

export const alertEvents = sqliteTable('alert_events', {
  id: integer('id').primaryKey(),
  alertId: integer('alert_id').notNull(),
  at: text('at').notNull(),
  actor: text('actor').notNull(),
  event: text('event').notNull(),
  detail: text('detail').notNull(),
});

export const alertDestinations = sqliteTable('alert_destinations', {
  id: integer('id').primaryKey(),
  name: text('name').notNull().unique(),
  url: text('url').notNull(),
  allowPrivate: integer('allow_private').notNull(),
  secretRef: text('secret_ref').notNull(),
  status: text('status').notNull(),
  gone: integer('gone').notNull().default(0),
  failingSince: text('failing_since'),
  lastDeliveredAt: text('last_delivered_at'),
  madeAt: text('made_at').notNull(),
});

export const alertDeliveries = sqliteTable('alert_deliveries', {
  id: integer('id').primaryKey(),
  destinationId: integer('destination_id').notNull(),
  alertId: integer('alert_id').notNull(),
  messageId: text('message_id').notNull().unique(),
  type: text('type').notNull(),
  body: text('body').notNull(),
  status: text('status').notNull(),
  attempts: integer('attempts').notNull().default(0),
  madeAt: text('made_at').notNull(),
  nextAttemptAt: text('next_attempt_at').notNull(),
  lastAttemptAt: text('last_attempt_at'),
  answer: text('answer'),
});
