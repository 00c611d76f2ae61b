-- The queue of syncs: a row of sync_operations that waits is `queued`, whoever asked for it and whatever it waits for.
ALTER TABLE sync_operations ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sync_operations ADD COLUMN queued_at TEXT;
-- Why it does not go on now, and until when where that is known. A running one may wait for its request budget.
ALTER TABLE sync_operations ADD COLUMN wait_reason TEXT CHECK (wait_reason IN ('retry', 'breaker', 'offline', 'budget'));
ALTER TABLE sync_operations ADD COLUMN wait_until TEXT;
-- Retries and the time limit count from this attempt on: the first after somebody, or the schedule, asked.
ALTER TABLE sync_operations ADD COLUMN first_attempt INTEGER NOT NULL DEFAULT 1;
CREATE INDEX sync_operations_queue ON sync_operations (priority DESC, queued_at, id) WHERE status = 'queued';

CREATE INDEX sync_operations_at_work ON sync_operations (connection_id) WHERE status IN ('fetching', 'staged', 'merging');

CREATE TABLE operation_attempts (
  operation_id INTEGER NOT NULL REFERENCES sync_operations (id),
  attempt INTEGER NOT NULL,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  error_code TEXT,
  error TEXT,
  -- When the next one was to begin, where this one failed for a passing reason.
  next_at TEXT,
  PRIMARY KEY (operation_id, attempt)
) STRICT, WITHOUT ROWID;
-- Of what was done before attempts were noted, the last one is known.
INSERT INTO operation_attempts (operation_id, attempt, started_at, ended_at, error_code, error)
  SELECT id, attempt, started_at, finished_at, error_code, error FROM sync_operations WHERE kind = 'sync';
UPDATE sync_operations SET first_attempt = attempt;

CREATE TABLE connection_breakers (
  connection_id INTEGER PRIMARY KEY REFERENCES connections (id),
  state TEXT NOT NULL CHECK (state IN ('closed', 'open', 'half_open')),
  -- Syncs in a row that failed for a passing reason.
  failures INTEGER NOT NULL,
  -- How often in a row it has opened, which is what the wait grows by.
  openings INTEGER NOT NULL,
  opened_at TEXT,
  probe_at TEXT
) STRICT;

-- Spans in which no platform could be reached. The one that goes on has no end.
CREATE TABLE network_outages (
  id INTEGER PRIMARY KEY,
  since TEXT NOT NULL,
  until TEXT
) STRICT;
CREATE UNIQUE INDEX network_outages_one_now ON network_outages (ifnull(until, '')) WHERE until IS NULL;

-- When a connection is read, beside its interval: a cron expression in place of it, and hours in which it rests.
CREATE TABLE connection_timetables (
  connection_id INTEGER PRIMARY KEY REFERENCES connections (id),
  cron TEXT,
  zone TEXT NOT NULL,
  quiet_from TEXT,
  quiet_to TEXT
) STRICT;
