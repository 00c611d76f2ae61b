-- What people are told about, what stood out, who dealt with it, and messages to other programs about it.

-- One row per kind of condition; the rows below are the defaults, on from the start.
CREATE TABLE alert_rules (
  rule TEXT PRIMARY KEY,
  enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
  -- Whole number in the unit of the rule; null where there is nothing to measure.
  threshold INTEGER,
  -- 0 critical, 1 high, 2 medium, 3 low
  severity INTEGER NOT NULL CHECK (severity BETWEEN 0 AND 3),
  -- Told beside the inbox: by the operating system, by webhook.
  by_system INTEGER NOT NULL CHECK (by_system IN (0, 1)),
  by_webhook INTEGER NOT NULL CHECK (by_webhook IN (0, 1)),
  version INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;
INSERT INTO alert_rules (rule, enabled, threshold, severity, by_system, by_webhook) VALUES
  ('sync_failed', 1, 2, 1, 0, 1),
  ('connection_late', 1, 2, 1, 0, 1),
  ('needs_sign_in', 1, NULL, 0, 1, 1),
  ('conflicts_above', 1, 1000, 2, 0, 1),
  ('conflicts_grown', 1, 200, 1, 0, 1),
  ('breaks_above', 1, 500, 2, 0, 1),
  ('budget_low', 1, 10, 2, 0, 1),
  ('disk_low', 1, 5, 0, 1, 1),
  ('backup_old', 1, 26, 1, 1, 1),
  ('webhook_off', 1, 3, 1, 1, 1);

CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  rule TEXT NOT NULL REFERENCES alert_rules (rule),
  severity INTEGER NOT NULL,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('connection', 'book', 'program', 'destination')),
  -- 0 where there is only one such subject.
  subject_id INTEGER NOT NULL,
  subject TEXT NOT NULL,
  -- The figures the rule fired on, as JSON; counts, times and ids, never accounts, names of clients or amounts.
  figures TEXT NOT NULL,
  -- Higher is worse; compared with the next look.
  level INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open', 'acknowledged', 'snoozed', 'closed')),
  -- How often it came or got worse.
  count INTEGER NOT NULL DEFAULT 1,
  opened_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  closed_at TEXT,
  -- When people were told beside the inbox; null while they are still to be told.
  told_at TEXT,
  acknowledged_at TEXT,
  acknowledged_by TEXT,
  note TEXT NOT NULL DEFAULT '',
  snoozed_until TEXT,
  snoozed_by TEXT
) STRICT;
CREATE UNIQUE INDEX alerts_one_open ON alerts (rule, subject_kind, subject_id) WHERE status <> 'closed';
CREATE INDEX alerts_by_subject ON alerts (rule, subject_kind, subject_id, id);
CREATE INDEX alerts_by_status ON alerts (status, severity, opened_at);

-- Undecided conflicts by the sync that opened them, counted after every change.
CREATE INDEX conflicts_by_opening ON conflicts (opened_op) WHERE status IN ('open', 'review');

-- The history of an alert: what happened to it and who did it.
CREATE TABLE alert_events (
  id INTEGER PRIMARY KEY,
  alert_id INTEGER NOT NULL REFERENCES alerts (id),
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  event TEXT NOT NULL
    CHECK (event IN ('opened', 'worsened', 'told', 'acknowledged', 'snoozed', 'snooze_ended', 'reopened', 'closed')),
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX alert_events_by_alert ON alert_events (alert_id, id);

-- Where messages about alerts are sent. The secrets they are signed with are in the vault.
CREATE TABLE alert_destinations (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  url TEXT NOT NULL,
  -- Addresses of this machine and of private networks are allowed.
  allow_private INTEGER NOT NULL CHECK (allow_private IN (0, 1)),
  secret_ref TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('on', 'off', 'failed')),
  -- The receiver said that it wants no more.
  gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1)),
  -- Since when nothing has arrived; null while it works.
  failing_since TEXT,
  last_delivered_at TEXT,
  made_at TEXT NOT NULL
) STRICT;

-- Messages on their way. The bytes are kept, so that every attempt sends the same under the same id.
CREATE TABLE alert_deliveries (
  id INTEGER PRIMARY KEY,
  destination_id INTEGER NOT NULL REFERENCES alert_destinations (id) ON DELETE CASCADE,
  alert_id INTEGER NOT NULL REFERENCES alerts (id),
  message_id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('waiting', 'delivered', 'given_up')),
  attempts INTEGER NOT NULL DEFAULT 0,
  made_at TEXT NOT NULL,
  next_attempt_at TEXT NOT NULL,
  last_attempt_at TEXT,
  -- The answer to the last attempt in words.
  answer TEXT
) STRICT;
CREATE INDEX alert_deliveries_waiting ON alert_deliveries (next_attempt_at) WHERE status = 'waiting';
CREATE INDEX alert_deliveries_by_destination ON alert_deliveries (destination_id, id);
