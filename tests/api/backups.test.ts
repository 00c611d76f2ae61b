import { appendFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { createBackupWatch, type BackupParts } from '../../main/api/backup-services.ts';
import { newBackupPath } from '../../main/store/backup-folder.ts';
import { startTestApp } from '../support/test-app.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { handClock } from '../sync/job-book.ts';

test('a backup is taken, listed, and refused in words once it is damaged; the book goes on', async () => {
  const program = await startTestApp();
  const { name, bytes } = await program.client.call('backups.create', {});
  const { items } = await program.client.call('backups.list', {});
  expect(items.map((item) => [item.name, item.kind, item.bytes])).toEqual([[name, 'asked', bytes]]);
  expect((await program.client.call('audit.page', { limit: 1 })).items[0]).toMatchObject({ event: 'backup_requested' });

  writeFileSync(join(program.dataDir, 'backups', name), 'not a database any more');
  await expect(program.client.call('backups.restore', { name })).rejects.toMatchObject({
    code: 'not_possible',
    message: expect.stringMatching(/^This backup cannot be restored: it cannot be read\./) as string,
  });
  await expect(program.client.call('backups.restore', { name: 'book-20200101T000000000Z-asked.db' })).rejects.toMatchObject({
    code: 'not_found',
  });
  expect(await program.client.call('audit.verify', {})).toMatchObject({ ok: true, entries: 1 });
  await expect(program.as('analyst').call('backups.create', {})).rejects.toMatchObject({ code: 'forbidden' });
  await program.stop();
}, 60_000);

function watched(dataDir: string) {
  const clock = handClock('2026-11-20T07:00:00.000Z');
  const taken: string[] = [];
  const problems: unknown[] = [];
  const parts: BackupParts = {
    dataDir,
    take: (target) => {
      appendFileSync(target, 'a copy');
      return Promise.resolve();
    },
    restore: () => Promise.reject(new Error('Nobody asked for a restore.')),
    clock,
  };
  const onTaken = (name: string): Promise<void> => {
    taken.push(name);
    return Promise.resolve();
  };
  const watch = createBackupWatch({ ...parts, onTaken, log: { error: (_text, details) => void problems.push(details) } });
  return { clock, taken, problems, watch, parts };
}
const minutes = (n: number): number => n * 60_000;

test('one is taken five minutes after the start, and again once the newest is four hours old', async () => {
  const { clock, taken, watch } = watched(tempFolder());
  watch.start();
  await clock.pass(minutes(4));
  expect(taken).toEqual([]);
  await clock.pass(minutes(1));
  expect(taken).toEqual(['book-20261120T070500000Z-scheduled.db']);
  // Every ten minutes a look: at 11:05 the newest is four hours old.
  for (let look = 0; look < 23; look += 1) await clock.pass(minutes(10));
  expect(taken).toHaveLength(1);
  await clock.pass(minutes(10));
  expect(taken[1]).toBe('book-20261120T110500000Z-scheduled.db');
});

test('one that a person took counts, so that a start soon after takes none', async () => {
  const dataDir = tempFolder();
  writeFileSync(newBackupPath(dataDir, '2026-11-20T06:30:00.000Z', 'asked'), 'a copy');
  const { clock, taken, watch } = watched(dataDir);
  watch.start();
  await clock.pass(minutes(5));
  expect(taken).toEqual([]);
});

test('one that fails is noted and tried again at the next look', async () => {
  const { clock, taken, problems, parts } = watched(tempFolder());
  let attempts = 0;
  const failing = createBackupWatch({
    ...parts,
    take: (target) => ((attempts += 1) === 1 ? Promise.reject(new Error('The disk is full')) : parts.take(target)),
    onTaken: (name) => {
      taken.push(basename(name));
      return Promise.resolve();
    },
    log: { error: (_text, details) => void problems.push(details) },
  });
  failing.start();
  await clock.pass(minutes(5));
  expect([taken.length, problems.length]).toEqual([0, 1]);
  await clock.pass(minutes(10));
  expect([taken.length, problems.length]).toEqual([1, 1]);
});
