-- Open tax lots, one row per version per connection; current while valid_to_op is null.
CREATE TABLE source_tax_lots (
  id INTEGER PRIMARY KEY,
  connection_id INTEGER NOT NULL,
  external_id TEXT NOT NULL,
  -- The source's own record of the position that the lot is a part of.
  position_external_id TEXT NOT NULL,
  account_external_id TEXT NOT NULL,
  security_external_id TEXT NOT NULL,
  account_id INTEGER,
  security_id INTEGER,
  acquired_on TEXT,
  -- From where the holding period counts, where it counts at all.
  held_from TEXT,
  -- As the source says; never worked out.
  term TEXT CHECK (term IN ('short', 'long')),
  quantity TEXT NOT NULL,
  cost_basis TEXT,
  market_value TEXT,
  currency TEXT NOT NULL,
  -- The day of which the source first said so; a day that only repeats it makes no new version.
  as_of TEXT NOT NULL,
  payload_id INTEGER NOT NULL,
  place TEXT NOT NULL,
  valid_from_op INTEGER NOT NULL,
  valid_to_op INTEGER,
  quantity_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(quantity, '.') WHEN 0 THEN quantity || '00000000'
      ELSE substr(quantity, 1, instr(quantity, '.') - 1) || substr(substr(quantity, instr(quantity, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL,
  cost_basis_e8 INTEGER GENERATED ALWAYS AS (
    CAST(CASE instr(cost_basis, '.') WHEN 0 THEN cost_basis || '00000000'
      ELSE substr(cost_basis, 1, instr(cost_basis, '.') - 1) || substr(substr(cost_basis, instr(cost_basis, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
  ) VIRTUAL
) STRICT;
CREATE UNIQUE INDEX source_tax_lots_current ON source_tax_lots (connection_id, external_id) WHERE valid_to_op IS NULL;
-- The lots of one position, for the check of their sum.
CREATE INDEX source_tax_lots_by_position ON source_tax_lots (connection_id, position_external_id) WHERE valid_to_op IS NULL;
CREATE INDEX source_tax_lots_by_source_account ON source_tax_lots (connection_id, account_external_id) WHERE valid_to_op IS NULL;
-- Newest first, which is how the list opens.
CREATE INDEX source_tax_lots_by_date ON source_tax_lots (acquired_on, id) WHERE valid_to_op IS NULL;
CREATE INDEX source_tax_lots_by_account ON source_tax_lots (account_id);
CREATE INDEX source_tax_lots_by_security ON source_tax_lots (security_id);
