-- Counts the writes after which lists and totals may answer differently (main/store/book-version.ts).
CREATE TABLE book_version (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;
INSERT INTO book_version (id, version) VALUES (1, 1);

-- Counting the positions of a large book, and finding its thousandth page, read this instead of the whole table. Positions are
-- added in the order of their ids, so it costs them little.
CREATE INDEX holdings_held ON holdings (id) WHERE status = 'held';

-- What else is in dispute about a security, and which sources know an account.
CREATE INDEX book_records_by_security ON book_records (security_id) WHERE security_id IS NOT NULL;
CREATE INDEX account_links_by_account ON account_links (account_id) WHERE account_id IS NOT NULL;
