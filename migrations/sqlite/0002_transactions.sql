-- Transactions as a list of their own: exact scaled twins for sorting and filtering, and the orders it is read in.
ALTER TABLE source_transactions ADD COLUMN quantity_delta_e8 INTEGER GENERATED ALWAYS AS (
  CAST(CASE instr(quantity_delta, '.') WHEN 0 THEN quantity_delta || '00000000'
    ELSE substr(quantity_delta, 1, instr(quantity_delta, '.') - 1) || substr(substr(quantity_delta, instr(quantity_delta, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
) VIRTUAL;
ALTER TABLE source_transactions ADD COLUMN price_e8 INTEGER GENERATED ALWAYS AS (
  CAST(CASE instr(price, '.') WHEN 0 THEN price || '00000000'
    ELSE substr(price, 1, instr(price, '.') - 1) || substr(substr(price, instr(price, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
) VIRTUAL;
ALTER TABLE source_transactions ADD COLUMN cash_delta_e8 INTEGER GENERATED ALWAYS AS (
  CAST(CASE instr(cash_delta, '.') WHEN 0 THEN cash_delta || '00000000'
    ELSE substr(cash_delta, 1, instr(cash_delta, '.') - 1) || substr(substr(cash_delta, instr(cash_delta, '.') + 1) || '00000000', 1, 8) END AS INTEGER)
) VIRTUAL;
-- Newest first, which is how the list opens.
CREATE INDEX source_transactions_by_date ON source_transactions (trade_date, id) WHERE valid_to_op IS NULL;
-- What a pass compares its window with.
CREATE INDEX source_transactions_by_connection ON source_transactions (connection_id, trade_date) WHERE valid_to_op IS NULL;
