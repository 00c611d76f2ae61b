-- Messages by which a platform says that there is something to fetch. The secrets they are signed with are in the vault.
CREATE TABLE webhook_endpoints (
  connection_id INTEGER PRIMARY KEY REFERENCES connections (id),
  secret_ref TEXT NOT NULL,
  made_at TEXT NOT NULL,
  -- Until when the secret before the last rotation is still taken.
  previous_until TEXT
) STRICT;

-- Accepted ones only: what is refused stands in the log, so that nobody can fill the book without the secret.
CREATE TABLE webhook_deliveries (
  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL REFERENCES connections (id),
  -- The sender's own id of the event, the same on every retry.
  event_id TEXT NOT NULL,
  sent_at TEXT NOT NULL,
  received_at TEXT NOT NULL,
  -- What the message calls itself; empty when it says nothing readable.
  kind TEXT NOT NULL,
  bytes INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (connection_id, event_id);
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (received_at);
