import { expect, test } from 'vitest';
import { scheduleJobs } from '../../main/sync/schedule-jobs.ts';
import { migrate } from '../../main/store/migrate.ts';
import { bookAt, migrateThrough } from '../support/book-at.ts';
import { MIGRATIONS } from '../support/migrations.ts';

test('connections of an older book keep their rows, and their first planned run follows from their last one', () => {
  const db = bookAt('0002');
  db.exec(`INSERT INTO connections (id, platform, name, base_url, survivorship_rank, sync_every_minutes, created_at, updated_at) VALUES
      (1, 'orion', 'Orion', 'https://orion.example', 1, 60, '2026-11-19T06:00:00.000Z', '2026-11-19T06:00:00.000Z'),
      (2, 'addepar', 'Addepar', 'https://addepar.example', 2, 0, '2026-11-19T06:00:00.000Z', '2026-11-19T06:00:00.000Z');
    INSERT INTO sync_operations (connection_id, kind, status, requested_by, started_at, finished_at)
      VALUES (1, 'sync', 'completed', 'Desk', '2026-11-19T07:00:00.000Z', '2026-11-19T07:02:00.000Z')`);
  migrateThrough(db, '0006');

  expect(db.prepare('SELECT name, sync_every_minutes FROM connections ORDER BY id').raw().all()).toEqual([
    ['Orion', 60],
    ['Addepar', 0],
  ]);
  const context = {
    actor: 'system',
    requestId: 'r',
    now: () => '2026-11-19T07:30:00.000Z' as never,
    uuid: () => 'u',
    progress: () => undefined,
    cancelled: () => false,
  };
  // The schedule of now knows more tables.
  migrate(db, MIGRATIONS);
  expect(scheduleJobs['schedule/queue-due'](db, { fraction: 0.381_966_011_25 }, context)).toBe(0);
  // 07:02 and an hour, without jitter: the fraction and the step of the first connection add up to one. The one that is read only when asked has no plan.
  expect(db.prepare('SELECT * FROM connection_schedules').raw().all()).toEqual([[1, '2026-11-19T08:02:00.000Z']]);

  const count = db.prepare('INSERT INTO request_counts VALUES (?, ?, ?)');
  count.run('a', 1_795_000_000, 3);
  expect(() => count.run('a', 1_795_000_000, 1)).toThrow(/UNIQUE/);
  expect(() => count.run('a', 'soon', 1)).toThrow(/INTEGER/);
});
