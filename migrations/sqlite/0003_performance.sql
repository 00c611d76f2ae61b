-- What each connection says of returns and benchmarks: one row per record version, current while valid_to_op is null.
CREATE TABLE source_performance (
  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  payload_id INTEGER NOT NULL,
  place TEXT NOT NULL,
  valid_from_op INTEGER NOT NULL,
  valid_to_op INTEGER,
  kind TEXT NOT NULL,
  -- From the close of this day; null when the source does not say.
  period_from TEXT,
  period_to TEXT NOT NULL,
  annualised INTEGER NOT NULL,
  -- A fraction: 0.05 is five percent.
  rate TEXT NOT NULL,
  rate_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(rate, '.') WHEN 0 THEN rate || '00000000'
      ELSE substr(rate, 1, instr(rate, '.') - 1) || substr(substr(rate, instr(rate, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL,
  account_external_id TEXT NOT NULL,
  account_id INTEGER,
  method TEXT NOT NULL,
  fees TEXT,
  begin_value TEXT,
  end_value TEXT,
  net_flows TEXT,
  currency TEXT,
  begin_value_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(begin_value, '.') WHEN 0 THEN begin_value || '00000000'
      ELSE substr(begin_value, 1, instr(begin_value, '.') - 1) || substr(substr(begin_value, instr(begin_value, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL,
  end_value_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(end_value, '.') WHEN 0 THEN end_value || '00000000'
      ELSE substr(end_value, 1, instr(end_value, '.') - 1) || substr(substr(end_value, instr(end_value, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL,
  net_flows_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(net_flows, '.') WHEN 0 THEN net_flows || '00000000'
      ELSE substr(net_flows, 1, instr(net_flows, '.') - 1) || substr(substr(net_flows, instr(net_flows, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX source_performance_current ON source_performance (connection_id, external_id) WHERE valid_to_op IS NULL;
CREATE INDEX source_performance_by_date ON source_performance (period_to, id) WHERE valid_to_op IS NULL;
CREATE INDEX source_performance_by_connection ON source_performance (connection_id, period_to) WHERE valid_to_op IS NULL;
CREATE INDEX source_performance_by_account ON source_performance (connection_id, account_external_id, kind) WHERE valid_to_op IS NULL;

CREATE TABLE source_benchmarks (
  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  payload_id INTEGER NOT NULL,
  place TEXT NOT NULL,
  valid_from_op INTEGER NOT NULL,
  valid_to_op INTEGER,
  name TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX source_benchmarks_current ON source_benchmarks (connection_id, external_id) WHERE valid_to_op IS NULL;

CREATE TABLE source_benchmark_returns (
  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  payload_id INTEGER NOT NULL,
  place TEXT NOT NULL,
  valid_from_op INTEGER NOT NULL,
  valid_to_op INTEGER,
  kind TEXT NOT NULL,
  -- From the close of this day; null when the source does not say.
  period_from TEXT,
  period_to TEXT NOT NULL,
  annualised INTEGER NOT NULL,
  -- A fraction: 0.05 is five percent.
  rate TEXT NOT NULL,
  rate_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(rate, '.') WHEN 0 THEN rate || '00000000'
      ELSE substr(rate, 1, instr(rate, '.') - 1) || substr(substr(rate, instr(rate, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL,
  benchmark_external_id TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX source_benchmark_returns_current ON source_benchmark_returns (connection_id, external_id) WHERE valid_to_op IS NULL;
CREATE INDEX source_benchmark_returns_by_connection ON source_benchmark_returns (connection_id, period_to) WHERE valid_to_op IS NULL;
CREATE INDEX source_benchmark_returns_by_benchmark ON source_benchmark_returns (connection_id, benchmark_external_id, kind) WHERE valid_to_op IS NULL;

CREATE TABLE source_benchmark_assignments (
  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  payload_id INTEGER NOT NULL,
  place TEXT NOT NULL,
  valid_from_op INTEGER NOT NULL,
  valid_to_op INTEGER,
  account_external_id TEXT NOT NULL,
  account_id INTEGER,
  benchmark_external_id TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX source_benchmark_assignments_current ON source_benchmark_assignments (connection_id, external_id) WHERE valid_to_op IS NULL;
CREATE INDEX source_benchmark_assignments_by_account ON source_benchmark_assignments (connection_id, account_external_id) WHERE valid_to_op IS NULL;
