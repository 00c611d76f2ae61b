-- When a connection is read next, so that a restart neither forgets a run nor repeats one.
CREATE TABLE connection_schedules (
  connection_id INTEGER PRIMARY KEY REFERENCES connections (id),
  next_run_at TEXT NOT NULL
) STRICT;

-- Requests to a platform by the second, so that a daily budget survives a restart. An account is a digest of address and
-- client, because the client's id is one of its credentials.
CREATE TABLE request_counts (
  account TEXT NOT NULL,
  second INTEGER NOT NULL,
  requests INTEGER NOT NULL,
  PRIMARY KEY (account, second)
) STRICT, WITHOUT ROWID;
