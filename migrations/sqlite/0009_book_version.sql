-- Counts the writes after which lists and totals may answer differently (main/store/book-version.ts).
CREATE TABLE book_version (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;
INSERT INTO book_version (id, version) VALUES (1, 1);
