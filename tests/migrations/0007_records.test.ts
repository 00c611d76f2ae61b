import { expect, test } from 'vitest';
import { bookAt, migrateThrough } from '../support/book-at.ts';

test('conflicts of an older book keep their rows, ids, comments and rules when records may be in conflict too', () => {
  const db = bookAt('0006');
  db.exec(`INSERT INTO batches (uid, kind, actor, at, summary) VALUES ('u', 'sync', 'x', '', '');
    INSERT INTO accounts (name, number, number_key, custodian, currency, created_batch) VALUES ('Birch', '1', '1', '', 'USD', 1);
    INSERT INTO securities (name, type, currency, multiplier, created_batch) VALUES ('Alder', 'stock', 'USD', '1', 1);
    INSERT INTO connections (platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES ('orion', 'Orion', '', 1, '', '');
    INSERT INTO holdings (account_id, security_id, status, quantity, currency, origin, created_batch) VALUES (1, 1, 'held', '1', 'USD', 's:1:1', 1);
    INSERT INTO conflicts (id, holding_id, field, reason, status, severity, signature, sources, difference, opened_at)
      VALUES (41, 1, 'price', 'both_changed', 'open', 2, '1=2', '[[1,"2",null]]', '0.5', '2026-11-20');
    INSERT INTO conflicts (id, holding_id, field, reason, status, severity, signature, sources, opened_at)
      VALUES (42, 1, 'quantity', 'no_base', 'settled', 3, '1=3', '[]', '2026-11-19');
    INSERT INTO comments (conflict_id, author, at, text) VALUES (41, 'Desk', '2026-11-20', 'Asked the custodian');`);
  const facts = (): unknown => ({
    conflicts: db
      .prepare(
        'SELECT id, holding_id, field, reason, status, severity, sources, difference, difference_e8 FROM conflicts ORDER BY id',
      )
      .all(),
    comments: db.prepare('SELECT conflict_id, text FROM comments').all(),
  });
  const before = facts();
  migrateThrough(db, '0007');

  expect(facts()).toEqual(before);
  const raise = (columns: string, values: string): unknown =>
    db.exec(`INSERT INTO conflicts (${columns}, field, reason, status, severity, signature, sources, opened_at)
      VALUES (${values}, 'price', 'no_base', 'open', 1, '', '[]', '')`);
  expect(() => raise('holding_id', '1')).toThrow('UNIQUE');
  expect(() => raise('holding_id, record_id', 'NULL, NULL')).toThrow('CHECK');
  db.exec(
    `INSERT INTO book_records (stream, account_id, kind, currency, origin, created_batch) VALUES ('transaction', 1, 'fee', 'USD', 's:1:1', 1)`,
  );
  expect(() => raise('holding_id, record_id', '1, 1')).toThrow('CHECK');
  raise('record_id', '1');
  expect(() => raise('record_id', '1')).toThrow('UNIQUE');
  expect(() => db.exec("INSERT INTO comments (conflict_id, author, at, text) VALUES (99, 'Desk', '', '')")).toThrow(
    'FOREIGN KEY',
  );
});
