-- The spine: people's decisions, connections, identity, the book, what sources said, conflicts, reconciliation, audit.
-- Amounts are canonical decimal TEXT. *_e8 columns are exact scaled integers computed by SQLite for sorting and filtering;
-- they are truncated past eight decimals and saturate at 9.2e10, so they order and bound but are never shown or summed.

CREATE TABLE settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batches (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('decision', 'edit', 'fix', 'import', 'sync', 'opening', 'undo', 'redo', 'link')),
  actor TEXT NOT NULL,
  at TEXT NOT NULL,
  summary TEXT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  items INTEGER NOT NULL DEFAULT 0,
  operation_id INTEGER,
  undo_of INTEGER REFERENCES batches (id),
  undone_by INTEGER REFERENCES batches (id)
) STRICT;

-- One row per thing a batch changed, with what stood there before and after, so that the batch can be undone as a unit.
CREATE TABLE batch_items (
  batch_id INTEGER NOT NULL REFERENCES batches (id),
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('conflict', 'holding', 'source', 'transaction', 'break')),
  subject_id INTEGER NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  PRIMARY KEY (batch_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX batch_items_by_subject ON batch_items (kind, subject_id);

CREATE TABLE connections (
  id INTEGER PRIMARY KEY,
  platform TEXT NOT NULL CHECK (platform IN ('black_diamond', 'orion', 'addepar', 'custodian_file')),
  name TEXT NOT NULL UNIQUE,
  base_url TEXT NOT NULL,
  settings TEXT NOT NULL DEFAULT '{}',
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'needs_sign_in', 'disconnected')),
  strategy TEXT NOT NULL DEFAULT 'MANUAL_REVIEW'
    CHECK (strategy IN ('CLEARWAY_WINS', 'PLATFORM_WINS', 'MERGE', 'TIMESTAMP', 'MANUAL_REVIEW')),
  survivorship_rank INTEGER NOT NULL,
  sync_every_minutes INTEGER NOT NULL DEFAULT 240,
  secret_ref TEXT,
  secret_hint TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE sync_operations (
  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL REFERENCES connections (id),
  kind TEXT NOT NULL CHECK (kind IN ('sync', 'import', 'opening')),
  status TEXT NOT NULL
    CHECK (status IN ('queued', 'fetching', 'staged', 'merging', 'completed', 'failed', 'cancelled', 'rolled_back')),
  requested_by TEXT NOT NULL,
  started_at TEXT NOT NULL,
  finished_at TEXT,
  as_of TEXT,
  pages INTEGER NOT NULL DEFAULT 0,
  records INTEGER NOT NULL DEFAULT 0,
  expected INTEGER,
  cursor TEXT,
  counts TEXT NOT NULL DEFAULT '{}',
  attempt INTEGER NOT NULL DEFAULT 1,
  accept_shrink INTEGER NOT NULL DEFAULT 0,
  error_code TEXT,
  error TEXT
) STRICT;
-- At most one operation at work per connection, whoever starts it.
CREATE UNIQUE INDEX sync_operations_one_active ON sync_operations (connection_id)
  WHERE status IN ('queued', 'fetching', 'staged', 'merging');
CREATE INDEX sync_operations_by_connection ON sync_operations (connection_id, id);

CREATE TABLE raw_payloads (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  content_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  body BLOB NOT NULL,
  received_at TEXT NOT NULL
) STRICT;

CREATE TABLE staged_pages (
  operation_id INTEGER NOT NULL REFERENCES sync_operations (id),
  seq INTEGER NOT NULL,
  payload_id INTEGER NOT NULL REFERENCES raw_payloads (id),
  records INTEGER NOT NULL,
  -- Accounts, securities and transactions apart from positions, so that the merge can tie identities first.
  entities BLOB NOT NULL,
  holdings BLOB NOT NULL,
  PRIMARY KEY (operation_id, seq)
) STRICT;

CREATE TABLE quarantined_records (
  id INTEGER PRIMARY KEY,
  operation_id INTEGER NOT NULL REFERENCES sync_operations (id),
  payload_id INTEGER NOT NULL REFERENCES raw_payloads (id),
  external_id TEXT,
  reason TEXT NOT NULL,
  path TEXT NOT NULL,
  raw TEXT NOT NULL
) STRICT;
CREATE INDEX quarantined_records_by_operation ON quarantined_records (operation_id);

CREATE TABLE portfolios (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  number TEXT NOT NULL,
  number_key TEXT NOT NULL,
  custodian TEXT NOT NULL,
  currency TEXT NOT NULL,
  -- The household that totals count the account under; an account is in one, so no total counts it twice.
  portfolio_id INTEGER REFERENCES portfolios (id),
  created_batch INTEGER NOT NULL REFERENCES batches (id)
) STRICT;
CREATE INDEX accounts_by_key ON accounts (number_key);
CREATE INDEX accounts_by_portfolio ON accounts (portfolio_id);

CREATE TABLE account_links (
  connection_id INTEGER NOT NULL REFERENCES connections (id),
  external_id TEXT NOT NULL,
  account_id INTEGER REFERENCES accounts (id),
  reason TEXT NOT NULL,
  name TEXT NOT NULL,
  number TEXT NOT NULL,
  custodian TEXT NOT NULL,
  suggestions TEXT NOT NULL DEFAULT '[]',
  -- The account as the platform described it (JSON), for making one of the book out of it.
  record TEXT NOT NULL,
  PRIMARY KEY (connection_id, external_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE securities (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('stock', 'etf', 'fund', 'bond', 'option', 'cash', 'other')),
  ticker TEXT,
  cusip TEXT,
  isin TEXT,
  sedol TEXT,
  figi TEXT,
  currency TEXT NOT NULL,
  multiplier TEXT NOT NULL,
  created_batch INTEGER NOT NULL REFERENCES batches (id)
) STRICT;
CREATE INDEX securities_by_cusip ON securities (cusip) WHERE cusip IS NOT NULL;
CREATE INDEX securities_by_isin ON securities (isin) WHERE isin IS NOT NULL;
CREATE INDEX securities_by_ticker ON securities (ticker) WHERE ticker IS NOT NULL;

CREATE TABLE security_links (
  connection_id INTEGER NOT NULL REFERENCES connections (id),
  external_id TEXT NOT NULL,
  security_id INTEGER REFERENCES securities (id),
  reason TEXT NOT NULL,
  name TEXT NOT NULL,
  detail TEXT NOT NULL,
  suggestions TEXT NOT NULL DEFAULT '[]',
  record TEXT NOT NULL,
  PRIMARY KEY (connection_id, external_id)
) STRICT, WITHOUT ROWID;

-- Clearway's own view. `origin` says where every value came from unless `field_origins` names another for a field:
-- 's:CONNECTION:OPERATION' a platform or file, 'b:BATCH' a decision, edit or opening entry.
CREATE TABLE holdings (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  security_id INTEGER NOT NULL REFERENCES securities (id),
  status TEXT NOT NULL CHECK (status IN ('held', 'not_held')),
  quantity TEXT,
  price TEXT,
  market_value TEXT,
  cost_basis TEXT,
  currency TEXT NOT NULL,
  as_of TEXT,
  origin TEXT NOT NULL,
  field_origins TEXT,
  -- What Clearway held when the book was opened: the base for sources that have not reported since.
  opening_base TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  created_batch INTEGER NOT NULL REFERENCES batches (id),
  quantity_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(quantity, '.') WHEN 0 THEN quantity || '00000000'
      ELSE substr(quantity, 1, instr(quantity, '.') - 1) || substr(substr(quantity, instr(quantity, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL,
  price_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(price, '.') WHEN 0 THEN price || '00000000'
      ELSE substr(price, 1, instr(price, '.') - 1) || substr(substr(price, instr(price, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL,
  market_value_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(market_value, '.') WHEN 0 THEN market_value || '00000000'
      ELSE substr(market_value, 1, instr(market_value, '.') - 1) || substr(substr(market_value, instr(market_value, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL,
  cost_basis_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(cost_basis, '.') WHEN 0 THEN cost_basis || '00000000'
      ELSE substr(cost_basis, 1, instr(cost_basis, '.') - 1) || substr(substr(cost_basis, instr(cost_basis, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX holdings_by_account_security ON holdings (account_id, security_id);
CREATE INDEX holdings_by_security ON holdings (security_id);

-- The base of a field where it is not simply what the source said last: kept while a difference is undecided.
-- A NULL value means Clearway and the source never agreed on one.
CREATE TABLE holding_bases (
  holding_id INTEGER NOT NULL REFERENCES holdings (id),
  connection_id INTEGER NOT NULL REFERENCES connections (id),
  field TEXT NOT NULL,
  value TEXT,
  PRIMARY KEY (holding_id, connection_id, field)
) STRICT, WITHOUT ROWID;

-- What each source said, one row per version. Current while valid_to_op is null.
CREATE TABLE source_holdings (
  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  account_external_id TEXT NOT NULL,
  security_external_id TEXT NOT NULL,
  -- Null while its account or security is not tied to the book.
  holding_id INTEGER,
  quantity TEXT NOT NULL,
  price TEXT,
  market_value TEXT,
  cost_basis TEXT,
  -- Null when the source names none: the amounts are then in the position's own currency.
  currency TEXT,
  as_of TEXT NOT NULL,
  modified_at TEXT,
  payload_id INTEGER NOT NULL,
  place TEXT NOT NULL,
  valid_from_op INTEGER NOT NULL,
  valid_to_op INTEGER
) STRICT;
CREATE UNIQUE INDEX source_holdings_current ON source_holdings (connection_id, external_id) WHERE valid_to_op IS NULL;
CREATE INDEX source_holdings_by_holding ON source_holdings (holding_id) WHERE holding_id IS NOT NULL;

CREATE TABLE source_transactions (
  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  account_external_id TEXT NOT NULL,
  security_external_id TEXT,
  account_id INTEGER,
  security_id INTEGER,
  type TEXT NOT NULL,
  trade_date TEXT NOT NULL,
  settle_date TEXT,
  quantity_delta TEXT NOT NULL,
  price TEXT,
  cash_delta TEXT NOT NULL,
  currency TEXT NOT NULL,
  memo TEXT NOT NULL,
  payload_id INTEGER NOT NULL,
  place TEXT NOT NULL,
  valid_from_op INTEGER NOT NULL,
  valid_to_op INTEGER
) STRICT;
CREATE UNIQUE INDEX source_transactions_current ON source_transactions (connection_id, external_id) WHERE valid_to_op IS NULL;
CREATE INDEX source_transactions_by_account ON source_transactions (account_id, trade_date);

CREATE TABLE conflicts (
  id INTEGER PRIMARY KEY,
  holding_id INTEGER NOT NULL REFERENCES holdings (id),
  field TEXT NOT NULL CHECK (field IN ('quantity', 'price', 'marketValue', 'costBasis', 'presence')),
  reason TEXT NOT NULL CHECK (reason IN ('both_changed', 'sources_disagree', 'missing_at_source', 'only_at_source', 'no_base', 'duplicate_records')),
  status TEXT NOT NULL CHECK (status IN ('open', 'review', 'settled', 'healed')),
  -- 0 critical, 1 high, 2 medium, 3 low
  severity INTEGER NOT NULL,
  base TEXT,
  clearway TEXT,
  -- The values in dispute as text, so that the same disagreement is recognised after it was decided.
  signature TEXT NOT NULL,
  -- [[connection id, value or null, as-of], ...] of the sources that report it, as when last looked at.
  sources TEXT NOT NULL,
  difference TEXT,
  difference_percent TEXT,
  impact TEXT,
  opened_op INTEGER,
  opened_at TEXT NOT NULL,
  closed_at TEXT,
  batch_id INTEGER REFERENCES batches (id),
  strategy TEXT,
  settled_value TEXT,
  settled_by TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  difference_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(difference, '.') WHEN 0 THEN difference || '00000000'
      ELSE substr(difference, 1, instr(difference, '.') - 1) || substr(substr(difference, instr(difference, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL,
  difference_percent_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(difference_percent, '.') WHEN 0 THEN difference_percent || '00000000'
      ELSE substr(difference_percent, 1, instr(difference_percent, '.') - 1) || substr(substr(difference_percent, instr(difference_percent, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL,
  impact_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(impact, '.') WHEN 0 THEN impact || '00000000'
      ELSE substr(impact, 1, instr(impact, '.') - 1) || substr(substr(impact, instr(impact, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX conflicts_one_open ON conflicts (holding_id, field) WHERE status IN ('open', 'review');
CREATE INDEX conflicts_by_status ON conflicts (status, severity, id);
CREATE INDEX conflicts_by_holding ON conflicts (holding_id);

CREATE TABLE comments (
  id INTEGER PRIMARY KEY,
  conflict_id INTEGER NOT NULL REFERENCES conflicts (id),
  author TEXT NOT NULL,
  at TEXT NOT NULL,
  text TEXT NOT NULL
) STRICT;
CREATE INDEX comments_by_conflict ON comments (conflict_id);

CREATE TABLE reconciliation_runs (
  id INTEGER PRIMARY KEY,
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed')),
  started_at TEXT NOT NULL,
  finished_at TEXT,
  actor TEXT NOT NULL,
  as_of TEXT,
  scope TEXT NOT NULL,
  account_ids TEXT,
  sides TEXT NOT NULL,
  tolerances TEXT NOT NULL,
  compared INTEGER NOT NULL DEFAULT 0,
  matched INTEGER NOT NULL DEFAULT 0,
  error TEXT
) STRICT;

CREATE TABLE breaks (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES reconciliation_runs (id),
  connection_id INTEGER NOT NULL REFERENCES connections (id),
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  security_id INTEGER REFERENCES securities (id),
  holding_id INTEGER REFERENCES holdings (id),
  field TEXT NOT NULL,
  class TEXT NOT NULL,
  sentence TEXT NOT NULL,
  -- 0 critical, 1 high, 2 medium, 3 low
  severity INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open', 'fixed', 'accepted')),
  clearway TEXT,
  other TEXT,
  difference TEXT,
  impact TEXT,
  currency TEXT NOT NULL,
  fixable INTEGER NOT NULL DEFAULT 0,
  signature TEXT NOT NULL,
  first_seen TEXT NOT NULL,
  batch_id INTEGER REFERENCES batches (id),
  difference_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(difference, '.') WHEN 0 THEN difference || '00000000'
      ELSE substr(difference, 1, instr(difference, '.') - 1) || substr(substr(difference, instr(difference, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL,
  impact_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(impact, '.') WHEN 0 THEN impact || '00000000'
      ELSE substr(impact, 1, instr(impact, '.') - 1) || substr(substr(impact, instr(impact, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL
) STRICT;
CREATE INDEX breaks_by_run ON breaks (run_id, severity, id);
CREATE INDEX breaks_by_signature ON breaks (signature);

CREATE TABLE imports (
  id INTEGER PRIMARY KEY,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  institution TEXT NOT NULL,
  accounts TEXT NOT NULL,
  as_of TEXT NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  rows INTEGER NOT NULL,
  rejected INTEGER NOT NULL,
  operation_id INTEGER NOT NULL REFERENCES sync_operations (id),
  batch_id INTEGER NOT NULL REFERENCES batches (id),
  rolled_back_by INTEGER REFERENCES batches (id)
) STRICT;
-- The same file cannot be in the book twice.
CREATE UNIQUE INDEX imports_once ON imports (sha256) WHERE rolled_back_by IS NULL;

-- Append-only and hash-chained: hash = SHA-256 over the previous hash and the canonical row.
CREATE TABLE audit_entries (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  event TEXT NOT NULL,
  subject TEXT NOT NULL,
  details TEXT NOT NULL,
  request_id TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_entries_no_update BEFORE UPDATE ON audit_entries
BEGIN SELECT raise(ABORT, 'The audit trail is append-only'); END;
CREATE TRIGGER audit_entries_no_delete BEFORE DELETE ON audit_entries
BEGIN SELECT raise(ABORT, 'The audit trail is append-only'); END;
