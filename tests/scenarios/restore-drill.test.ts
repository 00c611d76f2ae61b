import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { bookPath } from '../../main/store/backup-folder.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { asDemo, startTestApp, syncsDone, type TestApp } from '../support/test-app.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ accounts: 12, holdings: 300, today: '2026-11-20' as never });
});
afterAll(() => sandbox.close());

const demo = () => asDemo({ ...sandbox });
const firstPosition = async ({ client }: TestApp) => {
  const { rows } = await client.call('holdings.page', { limit: 1, sort: [{ column: 'security', direction: 'asc' }] });
  const [row] = rows;
  if (!row) throw new Error('The book is empty.');
  return row;
};
const edit = async (program: TestApp, value: string): Promise<void> => {
  const { id, quantity } = await firstPosition(program);
  await program.client.call('holdings.edit', {
    id,
    field: 'quantity',
    value: value as never,
    expected: quantity,
    reason: 'Drill',
  });
};

test('a backup taken while syncs run restores to a consistent book, which the next syncs complete', async () => {
  const program = await startTestApp({ demo: demo() });
  // Both kinds of moment: pages being staged, and everything merged.
  const during = await program.client.call('backups.create', {});
  await syncsDone(program.client);
  await edit(program, '4711');

  const { setAside } = await program.client.call('backups.restore', { name: during.name });
  const db = new Database(bookPath(program.dataDir), { readonly: true });
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.pragma('foreign_key_check')).toEqual([]);
  db.close();
  expect(await program.client.call('audit.verify', {})).toMatchObject({ ok: true });
  const { items } = await program.client.call('audit.page', { limit: 200 });
  expect(items.filter(({ event }) => event === 'book_restored')).toHaveLength(1);
  expect(items.filter(({ event }) => event === 'holding_edited')).toHaveLength(0);
  expect(items.filter(({ event }) => event === 'backup_requested')).toHaveLength(1);

  const operations = await syncsDone(program.client);
  expect(new Set(operations.map(({ status }) => status))).toEqual(new Set(['completed']));
  expect((await firstPosition(program)).quantity).not.toBe('4711');
  // Nothing is deleted: the edit is in the book that was set aside.
  const old = new Database(join(program.dataDir, setAside), { readonly: true });
  expect(old.prepare("SELECT count(*) FROM holdings WHERE quantity = '4711'").pluck().get()).toBe(1);
  old.close();
  await program.stop();
}, 120_000);

test('a damaged book is left as it is, the newest good backup is named, and starting with it sets the damaged book aside', async () => {
  const dataDir = tempFolder();
  const before = await startTestApp({ dataDir, demo: demo() });
  await syncsDone(before.client);
  await edit(before, '4712');
  const { name } = await before.client.call('backups.create', {});
  await before.stop();
  const damaged = readFileSync(bookPath(dataDir)).fill(0, 8192, 65_536);
  writeFileSync(bookPath(dataDir), damaged);

  const offer = `start with --restore-backup ${name} to set the damaged book aside`;
  for (const attempt of [1, 2]) await expect(startTestApp({ dataDir }), `attempt ${attempt}`).rejects.toThrow(offer);
  expect(readFileSync(bookPath(dataDir)).equals(damaged)).toBe(true);

  const after = await startTestApp({ dataDir, restoreBackup: 'newest' });
  expect((await firstPosition(after)).quantity).toBe('4712');
  const [entry] = (await after.client.call('audit.page', { limit: 1 })).items;
  expect(entry).toMatchObject({ event: 'book_restored', actor: 'system' });
  const { output } = JSON.parse(entry?.details ?? '{}') as { output: { setAside: string } };
  expect(readFileSync(join(dataDir, output.setAside)).equals(damaged)).toBe(true);
  await after.stop();
}, 120_000);

test('an older program refuses a newer book without touching it, and offers nothing that would lose it', async () => {
  const dataDir = tempFolder();
  const program = await startTestApp({ dataDir });
  await program.client.call('backups.create', {});
  await program.stop();
  const db = new Database(bookPath(dataDir));
  db.prepare("INSERT INTO schema_migrations VALUES (999, '0999_of_tomorrow.sql', 'x')").run();
  db.pragma('user_version = 999');
  db.close();
  const before = readFileSync(bookPath(dataDir));
  const refusal = await startTestApp({ dataDir }).catch((error: Error) => error.message);
  expect(refusal).toMatch(/^This book was written by a newer Clearway .+ It was left as it is/);
  expect(refusal).not.toContain('--restore-backup');
  expect(readFileSync(bookPath(dataDir)).equals(before)).toBe(true);
}, 60_000);
