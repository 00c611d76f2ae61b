import { expect, test } from 'vitest';
import { bookAt, migrateThrough } from '../support/book-at.ts';

test('an older book takes returns in with exact scaled twins, one current version a record, and keeps what it held', () => {
  const db = bookAt('0002');
  db.exec(`INSERT INTO source_transactions (connection_id, external_id, account_external_id, type, trade_date, quantity_delta, cash_delta,
    currency, memo, payload_id, place, valid_from_op) VALUES (1, 't1', 'a', 'buy', '2026-11-19', '10', '-20', 'USD', '', 1, '', 1)`);
  migrateThrough(db, '0003');
  expect(db.prepare('SELECT external_id, cash_delta FROM source_transactions').raw().all()).toEqual([['t1', '-20']]);

  const insert = db.prepare(
    `INSERT INTO source_performance (connection_id, external_id, account_external_id, kind, period_from, period_to, method, fees, annualised,
       rate, begin_value, end_value, payload_id, place, valid_from_op, valid_to_op)
     VALUES (1, ?, 'a', 'month', '2026-09-30', '2026-10-31', 'twr', 'net', 0, ?, ?, ?, 1, '', 1, ?)`,
  );
  insert.run('m', '0.0123', '1000', '1012.3', 2);
  insert.run('m', '-0.000000019', null, null, null);
  expect(
    db.prepare('SELECT rate_e8, begin_value_e8, end_value_e8, net_flows_e8 FROM source_performance ORDER BY id').raw().all(),
  ).toEqual([
    // 0.0123 x 10^8; 1000 x 10^8; 1012.3 x 10^8
    [1_230_000, 100_000_000_000, 101_230_000_000, null],
    // Cut after eight decimals.
    [-1, null, null, null],
  ]);
  expect(() => insert.run('m', '0.1', null, null, null)).toThrow('UNIQUE');

  db.exec(`INSERT INTO source_benchmarks (connection_id, external_id, name, payload_id, place, valid_from_op) VALUES (1, 'b', 'Balanced', 1, '', 1);
    INSERT INTO source_benchmark_returns (connection_id, external_id, benchmark_external_id, kind, period_to, annualised, rate, payload_id, place, valid_from_op)
      VALUES (1, 'b:month:2026-10-31', 'b', 'month', '2026-10-31', 0, '0.5', 1, '', 1);
    INSERT INTO source_benchmark_assignments (connection_id, external_id, account_external_id, benchmark_external_id, payload_id, place, valid_from_op)
      VALUES (1, 'a:b', 'a', 'b', 1, '', 1)`);
  expect(
    db
      .prepare(
        `SELECT a.account_external_id, b.name, r.rate_e8 FROM source_benchmark_assignments a JOIN source_benchmarks b ON b.external_id = a.benchmark_external_id
         JOIN source_benchmark_returns r ON r.benchmark_external_id = b.external_id`,
      )
      .raw()
      .all(),
  ).toEqual([['a', 'Balanced', 50_000_000]]);
  const plan = (sql: string): string =>
    (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]).map(({ detail }) => detail).join('; ');
  expect(
    plan('SELECT id FROM source_performance p WHERE p.valid_to_op IS NULL ORDER BY p.period_to DESC, p.id DESC LIMIT 20'),
  ).toContain('source_performance_by_date');
});
