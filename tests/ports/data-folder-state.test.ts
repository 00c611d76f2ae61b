import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createDataFolderState } from '../../main/ports/data-folder-state.ts';
import { tempFolder } from '../support/temp-folder.ts';

test('free space is told for a folder that is there, and not for one that is not', async () => {
  const folder = tempFolder();
  expect(await createDataFolderState(folder).freeTenthsGib()).toBeGreaterThanOrEqual(0);
  expect(await createDataFolderState(join(folder, 'gone')).freeTenthsGib()).toBeNull();
});

test('the newest backup is the newest file in the folder of backups; without one there is none', async () => {
  const folder = tempFolder();
  const state = createDataFolderState(folder);
  expect(await state.newestBackup()).toBe('none');
  mkdirSync(join(folder, 'backups/older'), { recursive: true });
  expect(await state.newestBackup()).toBe('none');
  for (const [name, day] of [
    ['b.db', '2026-11-18'],
    ['a.db', '2026-11-19'],
  ] as const) {
    const path = join(folder, 'backups', name);
    writeFileSync(path, '');
    utimesSync(path, new Date(`${day}T06:00:00Z`), new Date(`${day}T06:00:00Z`));
  }
  expect(await state.newestBackup()).toBe('2026-11-19T06:00:00.000Z');
});
