import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { syncJobs } from '../../main/sync/jobs.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

const OLDER = [
  '0001_spine',
  '0002_transactions',
  '0003_performance',
  '0004_tax_lots',
  '0005_webhooks',
  '0006_connection_health',
  '0007_records',
];

test('operations of an older book keep their rows, have their last attempt noted, and go on from their checkpoint', () => {
  const folder = tempFolder();
  const older = join(folder, 'migrations');
  mkdirSync(older);
  for (const name of OLDER) cpSync(join(MIGRATIONS, `${name}.sql`), join(older, `${name}.sql`));
  const db = openWritable(join(folder, 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, older);
  db.exec(`INSERT INTO connections (id, platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES
      (1, 'orion', 'Orion', 'https://orion.example', 1, '2026-11-19T06:00:00.000Z', '2026-11-19T06:00:00.000Z'),
      (2, 'addepar', 'Addepar', 'https://addepar.example', 2, '2026-11-19T06:00:00.000Z', '2026-11-19T06:00:00.000Z');
    INSERT INTO sync_operations (id, connection_id, kind, status, requested_by, started_at, finished_at, pages, cursor, attempt, error_code, error) VALUES
      (1, 1, 'import', 'completed', 'Desk', '2026-11-19T07:00:00.000Z', '2026-11-19T07:00:01.000Z', 1, NULL, 1, NULL, NULL),
      (2, 1, 'sync', 'failed', 'Desk', '2026-11-19T08:00:00.000Z', '2026-11-19T08:02:00.000Z', 4, 'after 3', 3, 'platform_unreachable', 'No answer.'),
      (3, 2, 'sync', 'fetching', 'Schedule', '2026-11-19T08:00:00.000Z', NULL, 2, 'after 1', 1, NULL, NULL)`);
  migrate(db, MIGRATIONS);

  expect(db.prepare('SELECT * FROM operation_attempts').raw().all()).toEqual([
    [2, 3, '2026-11-19T08:00:00.000Z', '2026-11-19T08:02:00.000Z', 'platform_unreachable', 'No answer.', null],
    [3, 1, '2026-11-19T08:00:00.000Z', null, null, null, null],
  ]);
  const context = {
    actor: 'Desk',
    requestId: 'r',
    now: () => '2026-11-19T09:00:00.000Z' as never,
    uuid: () => 'u',
    progress: () => undefined,
    cancelled: () => false,
  };
  expect(syncJobs['sync/recover'](db, undefined, context)).toBe(1);
  syncJobs['sync/resume'](db, { operationId: 2, acceptShrink: false }, context);
  expect(syncJobs['sync/claim'](db, { atOnce: 4, perPlatform: 2 }, context).starts).toMatchObject([
    { operationId: 2, pages: 4, cursor: 'after 3', status: 'fetching', spentMs: 0 },
    { operationId: 3, pages: 2, cursor: 'after 1', status: 'fetching' },
  ]);
  expect(db.prepare('SELECT id, attempt FROM sync_operations WHERE id > 1').raw().all()).toEqual([
    [2, 4],
    [3, 2],
  ]);
});

test('what the new tables hold is checked where it is written', () => {
  const db = openWritable(join(tempFolder(), 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, MIGRATIONS);
  db.exec(`INSERT INTO connections (id, platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES (1, 'orion', 'Orion', '', 1, '', '');
    INSERT INTO connection_timetables VALUES (1, '0 7 * * 1-5', 'Europe/Zurich', '22:00', '06:00');
    INSERT INTO network_outages (since, until) VALUES ('2026-11-19T06:00:00.000Z', '2026-11-19T06:10:00.000Z'), ('2026-11-19T08:00:00.000Z', NULL)`);
  expect(db.prepare('SELECT since FROM network_outages WHERE until IS NULL').pluck().all()).toEqual(['2026-11-19T08:00:00.000Z']);
  expect(() => db.exec("INSERT INTO network_outages (since) VALUES ('2026-11-19T09:00:00.000Z')")).toThrow(/UNIQUE/);
  expect(() => db.exec("INSERT INTO connection_breakers VALUES (1, 'ajar', 0, 0, NULL, NULL)")).toThrow(/CHECK/);
  expect(() => db.exec("INSERT INTO connection_breakers VALUES (2, 'open', 3, 1, '', '')")).toThrow(/FOREIGN KEY/);
  expect(() =>
    db.exec(
      "INSERT INTO sync_operations (connection_id, kind, status, requested_by, started_at, wait_reason) VALUES (1, 'sync', 'queued', '', '', 'lunch')",
    ),
  ).toThrow(/CHECK/);
});
