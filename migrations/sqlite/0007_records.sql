-- Transactions, tax lots and returns under the three-way rule: Clearway's own view of things that are not positions, their bases,
-- and conflicts about them.

-- One row per thing that the book knows of a kind: a transaction. Values a kind does not have stay null. `origin` and
-- `field_origins` are those of holdings.
CREATE TABLE book_records (
  id INTEGER PRIMARY KEY,
  stream TEXT NOT NULL CHECK (stream IN ('transaction', 'tax_lot', 'performance')),
  account_id INTEGER NOT NULL REFERENCES accounts (id),
  security_id INTEGER REFERENCES securities (id),
  -- What makes it this one among those of the account, where its facts do; a transaction is told by matching.
  record_key TEXT,
  -- The word for its kind: type of a transaction, term of a lot, method and fees of a return.
  kind TEXT NOT NULL,
  -- The day it is of: trade date, day acquired, end of the period.
  on_date TEXT,
  from_date TEXT,
  -- `withdrawn` once no source lists it any more.
  status TEXT NOT NULL DEFAULT 'held' CHECK (status IN ('held', 'withdrawn')),
  quantity TEXT,
  price TEXT,
  market_value TEXT,
  cost_basis TEXT,
  cash TEXT,
  rate TEXT,
  currency TEXT NOT NULL,
  as_of TEXT,
  origin TEXT NOT NULL,
  field_origins TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  created_batch INTEGER NOT NULL REFERENCES batches (id)
) STRICT;
CREATE UNIQUE INDEX book_records_by_key ON book_records (account_id, stream, security_id, record_key) WHERE record_key IS NOT NULL;
CREATE INDEX book_records_by_account ON book_records (account_id, stream, on_date);

-- As holding_bases: the base of a field where it is not simply what the source said last.
CREATE TABLE record_bases (
  record_id INTEGER NOT NULL REFERENCES book_records (id),
  connection_id INTEGER NOT NULL REFERENCES connections (id),
  field TEXT NOT NULL,
  value TEXT,
  PRIMARY KEY (record_id, connection_id, field)
) STRICT, WITHOUT ROWID;

-- Null while the account is not tied to the book.
ALTER TABLE source_transactions ADD COLUMN record_id INTEGER;
CREATE INDEX source_transactions_by_record ON source_transactions (record_id) WHERE record_id IS NOT NULL;
ALTER TABLE source_tax_lots ADD COLUMN record_id INTEGER;
CREATE INDEX source_tax_lots_by_record ON source_tax_lots (record_id) WHERE record_id IS NOT NULL;
ALTER TABLE source_performance ADD COLUMN record_id INTEGER;
CREATE INDEX source_performance_by_record ON source_performance (record_id) WHERE record_id IS NOT NULL;

-- What the sources say now of the book's records, whatever their kind.
CREATE VIEW record_sources AS
SELECT id, record_id, connection_id, quantity_delta AS quantity, price, NULL AS market_value, NULL AS cost_basis, cash_delta AS cash,
  NULL AS rate, currency, trade_date AS as_of, NULL AS modified_at, payload_id
FROM source_transactions WHERE valid_to_op IS NULL AND record_id IS NOT NULL
UNION ALL
SELECT id, record_id, connection_id, quantity, NULL, market_value, cost_basis, NULL, NULL, currency, as_of, NULL, payload_id
FROM source_tax_lots WHERE valid_to_op IS NULL AND record_id IS NOT NULL
UNION ALL
SELECT id, record_id, connection_id, NULL, NULL, NULL, NULL, NULL, rate, currency, period_to, NULL, payload_id
FROM source_performance WHERE valid_to_op IS NULL AND record_id IS NOT NULL;

CREATE TABLE conflicts_wider (
  id INTEGER PRIMARY KEY,
  -- What is in dispute: a position or a record, never both.
  holding_id INTEGER REFERENCES holdings (id),
  record_id INTEGER REFERENCES book_records (id),
  field TEXT NOT NULL CHECK (field IN ('quantity', 'price', 'marketValue', 'costBasis', 'presence', 'cash', 'return')),
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
  ) VIRTUAL,
  CHECK ((holding_id IS NULL) <> (record_id IS NULL))
) STRICT;
INSERT INTO conflicts_wider (id, holding_id, field, reason, status, severity, base, clearway, signature, sources, difference, difference_percent, impact, opened_op, opened_at, closed_at, batch_id, strategy, settled_value, settled_by, version)
SELECT id, holding_id, field, reason, status, severity, base, clearway, signature, sources, difference, difference_percent, impact, opened_op, opened_at, closed_at, batch_id, strategy, settled_value, settled_by, version FROM conflicts;

DROP TABLE conflicts;
ALTER TABLE conflicts_wider RENAME TO conflicts;
CREATE UNIQUE INDEX conflicts_one_open ON conflicts (holding_id, field) WHERE holding_id IS NOT NULL AND status IN ('open', 'review');
CREATE UNIQUE INDEX conflicts_one_open_of_record ON conflicts (record_id, field) WHERE record_id IS NOT NULL AND status IN ('open', 'review');
CREATE INDEX conflicts_by_status ON conflicts (status, severity, id);
CREATE INDEX conflicts_by_holding ON conflicts (holding_id) WHERE holding_id IS NOT NULL;
CREATE INDEX conflicts_by_record ON conflicts (record_id) WHERE record_id IS NOT NULL;
