import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const batches = sqliteTable('batches', {
  id: integer('id').primaryKey(),
  uid: text('uid').notNull().unique(),
  kind: text('kind').notNull(),
  actor: text('actor').notNull(),
  at: text('at').notNull(),
  summary: text('summary').notNull(),
  note: text('note').notNull().default(''),
  items: integer('items').notNull().default(0),
  operationId: integer('operation_id'),
  undoOf: integer('undo_of'),
  undoneBy: integer('undone_by'),
});

export const batchItems = sqliteTable(
  'batch_items',
  {
    batchId: integer('batch_id').notNull(),
    seq: integer('seq').notNull(),
    kind: text('kind').notNull(),
    subjectId: integer('subject_id').notNull(),
    before: text('before').notNull(),
    after: text('after').notNull(),
  },
  (t) => [primaryKey({ columns: [t.batchId, t.seq] })],
);

export const syncOperations = sqliteTable('sync_operations', {
  id: integer('id').primaryKey(),
  connectionId: integer('connection_id').notNull(),
  kind: text('kind').notNull(),
  status: text('status').notNull(),
  requestedBy: text('requested_by').notNull(),
  startedAt: text('started_at').notNull(),
  finishedAt: text('finished_at'),
  asOf: text('as_of'),
  pages: integer('pages').notNull().default(0),
  records: integer('records').notNull().default(0),
  expected: integer('expected'),
  cursor: text('cursor'),
  counts: text('counts').notNull().default('{}'),
  attempt: integer('attempt').notNull().default(1),
  acceptShrink: integer('accept_shrink').notNull().default(0),
  errorCode: text('error_code'),
  error: text('error'),
  priority: integer('priority').notNull().default(0),
  queuedAt: text('queued_at'),
  waitReason: text('wait_reason'),
  waitUntil: text('wait_until'),
  firstAttempt: integer('first_attempt').notNull().default(1),
});

export const operationAttempts = sqliteTable(
  'operation_attempts',
  {
    operationId: integer('operation_id').notNull(),
    attempt: integer('attempt').notNull(),
    startedAt: text('started_at').notNull(),
    endedAt: text('ended_at'),
    errorCode: text('error_code'),
    error: text('error'),
    nextAt: text('next_at'),
  },
  (t) => [primaryKey({ columns: [t.operationId, t.attempt] })],
);

export const connectionBreakers = sqliteTable('connection_breakers', {
  connectionId: integer('connection_id').primaryKey(),
  state: text('state').notNull(),
  failures: integer('failures').notNull(),
  openings: integer('openings').notNull(),
  openedAt: text('opened_at'),
  probeAt: text('probe_at'),
});

export const networkOutages = sqliteTable('network_outages', {
  id: integer('id').primaryKey(),
  since: text('since').notNull(),
  until: text('until'),
});

export const connectionTimetables = sqliteTable('connection_timetables', {
  connectionId: integer('connection_id').primaryKey(),
  cron: text('cron'),
  zone: text('zone').notNull(),
  quietFrom: text('quiet_from'),
  quietTo: text('quiet_to'),
});

export const rawPayloads = sqliteTable('raw_payloads', {
  id: integer('id').primaryKey(),
  sha256: text('sha256').notNull().unique(),
  contentType: text('content_type').notNull(),
  bytes: integer('bytes').notNull(),
  body: blob('body', { mode: 'buffer' }).notNull(),
  receivedAt: text('received_at').notNull(),
});

export const stagedPages = sqliteTable(
  'staged_pages',
  {
    operationId: integer('operation_id').notNull(),
    seq: integer('seq').notNull(),
    payloadId: integer('payload_id').notNull(),
    records: integer('records').notNull(),
    entities: blob('entities', { mode: 'buffer' }).notNull(),
    holdings: blob('holdings', { mode: 'buffer' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.operationId, t.seq] })],
);

export const quarantinedRecords = sqliteTable('quarantined_records', {
  id: integer('id').primaryKey(),
  operationId: integer('operation_id').notNull(),
  payloadId: integer('payload_id').notNull(),
  externalId: text('external_id'),
  reason: text('reason').notNull(),
  path: text('path').notNull(),
  raw: text('raw').notNull(),
});

export const imports = sqliteTable('imports', {
  id: integer('id').primaryKey(),
  fileName: text('file_name').notNull(),
  sha256: text('sha256').notNull(),
  institution: text('institution').notNull(),
  accounts: text('accounts').notNull(),
  asOf: text('as_of').notNull(),
  at: text('at').notNull(),
  actor: text('actor').notNull(),
  rows: integer('rows').notNull(),
  rejected: integer('rejected').notNull(),
  operationId: integer('operation_id').notNull(),
  batchId: integer('batch_id').notNull(),
  rolledBackBy: integer('rolled_back_by'),
});

export const connectionSchedules = sqliteTable('connection_schedules', {
  connectionId: integer('connection_id').primaryKey(),
  nextRunAt: text('next_run_at').notNull(),
});

export const requestCounts = sqliteTable(
  'request_counts',
  {
    account: text('account').notNull(),
    second: integer('second').notNull(),
    requests: integer('requests').notNull(),
  },
  (t) => [primaryKey({ columns: [t.account, t.second] })],
);

export const auditEntries = sqliteTable('audit_entries', {
  seq: integer('seq').primaryKey(),
  at: text('at').notNull(),
  actor: text('actor').notNull(),
  event: text('event').notNull(),
  subject: text('subject').notNull(),
  details: text('details').notNull(),
  requestId: text('request_id').notNull(),
  prevHash: text('prev_hash').notNull(),
  hash: text('hash').notNull(),
});

export const webhookEndpoints = sqliteTable('webhook_endpoints', {
  connectionId: integer('connection_id').primaryKey(),
  secretRef: text('secret_ref').notNull(),
  madeAt: text('made_at').notNull(),
  previousUntil: text('previous_until'),
});

export const webhookDeliveries = sqliteTable('webhook_deliveries', {
  id: integer('id').primaryKey(),
  connectionId: integer('connection_id').notNull(),
  eventId: text('event_id').notNull(),
  sentAt: text('sent_at').notNull(),
  receivedAt: text('received_at').notNull(),
  kind: text('kind').notNull(),
  bytes: integer('bytes').notNull(),
});

export const bookVersion = sqliteTable('book_version', {
  id: integer('id').primaryKey(),
  version: integer('version').notNull(),
});
