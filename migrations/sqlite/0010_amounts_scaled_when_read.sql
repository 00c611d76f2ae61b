-- The exact integer twins of amounts are worked out when a list is sorted or filtered by them (main/store/e8.ts). As columns
-- they were worked out at every insert, which was half of what inserting a position cost.
ALTER TABLE holdings DROP COLUMN quantity_e8;
ALTER TABLE holdings DROP COLUMN price_e8;
ALTER TABLE holdings DROP COLUMN market_value_e8;
ALTER TABLE holdings DROP COLUMN cost_basis_e8;
ALTER TABLE source_transactions DROP COLUMN quantity_delta_e8;
ALTER TABLE source_transactions DROP COLUMN price_e8;
ALTER TABLE source_transactions DROP COLUMN cash_delta_e8;
ALTER TABLE source_tax_lots DROP COLUMN quantity_e8;
ALTER TABLE source_tax_lots DROP COLUMN cost_basis_e8;
ALTER TABLE source_performance DROP COLUMN rate_e8;
ALTER TABLE source_performance DROP COLUMN begin_value_e8;
ALTER TABLE source_performance DROP COLUMN end_value_e8;
ALTER TABLE source_performance DROP COLUMN net_flows_e8;
ALTER TABLE source_benchmark_returns DROP COLUMN rate_e8;
