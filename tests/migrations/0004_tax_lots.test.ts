import { expect, test } from 'vitest';
import { bookAt, migrateThrough } from '../support/book-at.ts';

test('a book with transactions takes up tax lots beside them, with exact scaled twins, one current version each', () => {
  const db = bookAt('0002');
  db.exec(`INSERT INTO source_transactions (connection_id, external_id, account_external_id, type, trade_date, quantity_delta, cash_delta,
    currency, memo, payload_id, place, valid_from_op) VALUES (1, 't1', 'a', 'buy', '2026-11-19', '10', '-20', 'USD', '', 1, '', 1)`);
  migrateThrough(db, '0004');

  expect(db.prepare('SELECT external_id, cash_delta_e8 FROM source_transactions').raw().all()).toEqual([['t1', -2_000_000_000]]);
  const insert = db.prepare(
    `INSERT INTO source_tax_lots (connection_id, external_id, position_external_id, account_external_id, security_external_id, acquired_on, term,
       quantity, cost_basis, currency, as_of, payload_id, place, valid_from_op, valid_to_op) VALUES (1, ?, 'p', 'a', 's', ?, ?, ?, ?, 'USD', '2026-11-20', 1, '', 1, ?)`,
  );
  insert.run('l1', '2024-01-05', 'long', '10', '152.51', 2);
  insert.run('l1', '2024-01-05', 'long', '10.5', null, null);
  insert.run('l2', null, null, '-0.000000015', '-1', null);
  expect(db.prepare('SELECT external_id, quantity_e8, cost_basis_e8 FROM source_tax_lots ORDER BY id').raw().all()).toEqual([
    ['l1', 1_000_000_000, 15_251_000_000],
    ['l1', 1_050_000_000, null],
    // Cut after eight decimals.
    ['l2', -1, -100_000_000],
  ]);
  expect(() => insert.run('l2', null, null, '1', null, null)).toThrow('UNIQUE');
  expect(() => insert.run('l3', null, 'medium', '1', null, null)).toThrow('CHECK');
  const plan = (
    db
      .prepare(`EXPLAIN QUERY PLAN SELECT id FROM source_tax_lots t WHERE t.valid_to_op IS NULL
    ORDER BY t.acquired_on DESC, t.id DESC LIMIT 20`)
      .all() as { detail: string }[]
  )
    .map(({ detail }) => detail)
    .join('; ');
  expect(plan).toContain('source_tax_lots_by_date');
});
