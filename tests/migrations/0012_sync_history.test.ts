import { expect, test } from 'vitest';
import { bookAt, migrateThrough } from '../support/book-at.ts';

test('operations of an older book stay as they are, and the questions of the history are answered from indexes', () => {
  const db = bookAt('0011');
  db.exec(`INSERT INTO connections (id, platform, name, base_url, survivorship_rank, created_at, updated_at)
      VALUES (1, 'orion', 'Orion', 'https://orion.example', 1, '2026-11-19T06:00:00.000Z', '2026-11-19T06:00:00.000Z');
    INSERT INTO sync_operations (connection_id, kind, status, requested_by, started_at, finished_at, as_of, error_code) VALUES
      (1, 'sync', 'completed', 'Desk', '2026-11-19T07:00:00.000Z', '2026-11-19T07:02:00.000Z', '2026-11-18', NULL),
      (1, 'sync', 'failed', 'Schedule', '2026-11-19T11:00:00.000Z', '2026-11-19T11:00:30.000Z', NULL, 'platform_unreachable')`);
  const rows = () => db.prepare('SELECT * FROM sync_operations ORDER BY id').raw().all();
  const before = rows();
  migrateThrough(db, '0012');
  expect(rows()).toEqual(before);

  const plan = (sql: string): string =>
    (db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]).map(({ detail }) => detail).join('; ');
  const completed = "FROM sync_operations WHERE connection_id = 1 AND status = 'completed'";
  expect(plan(`SELECT max(finished_at) ${completed}`)).toContain('sync_operations_last_completed');
  expect(plan(`SELECT max(as_of) ${completed}`)).toContain('sync_operations_last_as_of');
  expect(plan(`SELECT sum(status = 'failed') FROM sync_operations WHERE started_at >= '2026-11-19'`)).toContain(
    'COVERING INDEX sync_operations_by_start',
  );
  expect(plan('SELECT status, connection_id, count(*) FROM sync_operations GROUP BY 1, 2')).toContain(
    'COVERING INDEX sync_operations_by_outcome',
  );
  const order = 'ORDER BY started_at DESC, id DESC LIMIT 200';
  expect(plan(`SELECT id FROM sync_operations ${order}`)).toBe(
    'SCAN sync_operations USING COVERING INDEX sync_operations_by_start',
  );
  expect(plan(`SELECT id FROM sync_operations WHERE connection_id = 1 ${order}`)).toBe(
    'SEARCH sync_operations USING COVERING INDEX sync_operations_by_connection_start (connection_id=?)',
  );
});
