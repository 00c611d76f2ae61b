import { expect, test } from 'vitest';
import { bookAt, migrateThrough } from '../support/book-at.ts';

test('transactions of an older book keep their rows, get exact scaled twins, and are found in the order of the list', () => {
  const db = bookAt('0001');
  const insert = db.prepare(
    `INSERT INTO source_transactions (connection_id, external_id, account_external_id, type, trade_date, quantity_delta, price, cash_delta,
       currency, memo, payload_id, place, valid_from_op, valid_to_op) VALUES (1, ?, 'a', 'buy', ?, ?, ?, ?, 'USD', '', 1, '', 1, ?)`,
  );
  insert.run('t1', '2026-11-19', '10', '152.51', '-1525.1', null);
  insert.run('t2', '2026-11-20', '-0.000000015', null, '0', null);
  insert.run('t3', '2026-11-20', '1', '1', '-1', 2);
  migrateThrough(db, '0002');

  const rows = db
    .prepare('SELECT external_id, quantity_delta_e8, price_e8, cash_delta_e8 FROM source_transactions ORDER BY id')
    .raw()
    .all();
  expect(rows).toEqual([
    ['t1', 1_000_000_000, 15_251_000_000, -152_510_000_000],
    // Cut after eight decimals.
    ['t2', -1, null, 0],
    ['t3', 100_000_000, 100_000_000, -100_000_000],
  ]);
  const plan = (sql: string): string =>
    (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]).map(({ detail }) => detail).join('; ');
  expect(
    plan('SELECT id FROM source_transactions t WHERE t.valid_to_op IS NULL ORDER BY t.trade_date DESC, t.id DESC LIMIT 20'),
  ).toContain('source_transactions_by_date');
});
