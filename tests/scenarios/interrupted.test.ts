import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { syncJobs } from '../../main/sync/jobs.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { testBook, type Says } from '../sync/sync-book.ts';

const positions = (count: number): Says[] => Array.from({ length: count }, (_, i) => ({ security: `Fir${i}`, price: '10' }));

/** Long enough to be killed in the middle of it on any machine. */
const SLOW = `CREATE TABLE later (n INTEGER PRIMARY KEY) STRICT;
INSERT INTO later WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 30000000) SELECT n FROM c;`;
const QUICK = 'CREATE TABLE later (n INTEGER PRIMARY KEY) STRICT;';

test('A4: an update killed in the middle leaves the old version and its backup, and the next start finishes it', async () => {
  const folder = tempFolder();
  const [book, migrations] = [join(folder, 'book.db'), join(folder, 'migrations')];
  mkdirSync(migrations);
  const names = readdirSync(MIGRATIONS);
  for (const name of names) copyFileSync(join(MIGRATIONS, name), join(migrations, name));
  const before = openWritable(book);
  migrate(before, migrations);
  before.prepare("INSERT INTO settings VALUES ('word', 'kept')").run();
  closeDb(before);

  const version = names.length + 1;
  const name = `${String(version).padStart(4, '0')}_later.sql`;
  writeFileSync(join(migrations, name), SLOW);
  const child = spawn(process.execPath, [join(import.meta.dirname, '../support/migrating-child.ts'), book, migrations], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  const backup = `${book}.before-${name}.bak`;
  while (!existsSync(backup)) await new Promise((resolve) => setTimeout(resolve, 5));
  await new Promise((resolve) => setTimeout(resolve, 100));
  child.kill('SIGKILL');
  await ended;
  expect(said.join('')).toBe('begins\n');

  writeFileSync(join(migrations, name), QUICK);
  const after = openWritable(book);
  expect(after.pragma('user_version', { simple: true })).toBe(names.length);
  expect(after.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'later'").pluck().get()).toBe(0);
  expect(migrate(after, migrations)).toEqual([name]);
  expect(after.prepare("SELECT value FROM settings WHERE key = 'word'").pluck().get()).toBe('kept');
  expect(after.pragma('integrity_check', { simple: true })).toBe('ok');
  closeDb(after);
  const copy = openWritable(backup);
  expect(copy.pragma('user_version', { simple: true })).toBe(names.length);
  closeDb(copy);
}, 60_000);

test('A6: a disk that fills up in a sync takes the page back whole, and the sync goes on once there is space', () => {
  const book = testBook();
  const orion = book.connection('Orion', 1);
  book.pass(orion, positions(3), { asOf: '2026-11-19' });
  const before = book.dump(['staged_pages', 'raw_payloads', 'source_holdings', 'holdings']);
  const pages = book.db.pragma('page_count', { simple: true }) as number;
  book.db.pragma(`max_page_count = ${pages + 4}`);
  const full = (): number => book.stage(orion, positions(4000), { pageSize: 2000 });
  expect(full).toThrow(/full/);
  expect(book.db.inTransaction).toBe(false);
  const { id, pages: staged } = book.all<{ id: number; pages: number }>(
    'SELECT id, pages FROM sync_operations ORDER BY id DESC LIMIT 1',
  )[0] ?? { id: 0, pages: -1 };
  expect(book.one('SELECT count(*) FROM staged_pages WHERE operation_id = ?', id)).toBe(staged);
  if (staged === 0) expect(book.dump(['staged_pages', 'raw_payloads', 'source_holdings', 'holdings'])).toEqual(before);
  expect(book.one('PRAGMA integrity_check')).toBe('ok');

  book.db.pragma('max_page_count = 1000000');
  const failed = { operationId: id, code: 'storage_full', message: 'The disk is full', needsSignIn: false };
  book.run(null, (context) => syncJobs['sync/fail'](book.db, failed, context));
  expect(book.pass(orion, positions(4000), { pageSize: 2000 })).toMatchObject({ added: 3997 });
});
