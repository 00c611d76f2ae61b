import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { appendAudit, auditHead } from '../../main/store/audit.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { transact } from '../../main/store/transact.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

const ENTRY = join(import.meta.dirname, '../../main/verify-audit.ts');

async function verify(...args: string[]): Promise<{ code: number; out: string }> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [ENTRY, ...args]);
    return { code: 0, out: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout + stderr };
  }
}

function bookWith(entries: number): string {
  const folder = tempFolder();
  const db = openWritable(join(folder, 'book.db'));
  migrate(db, MIGRATIONS);
  const entry = { at: '2026-11-20T09:00:00.000Z', actor: 'Desk', event: 'tested', subject: 's', details: '{}', requestId: 'r' };
  for (let i = 0; i < entries; i += 1) transact(db, () => appendAudit(db, entry));
  writeFileSync(join(folder, 'audit-anchors.jsonl'), `${JSON.stringify({ ...auditHead(db), at: entry.at })}\n`);
  closeDb(db);
  return folder;
}

test('a sound trail, one cut off behind the program’s back, and a folder without a book each have their own exit code', async () => {
  const folder = bookWith(4);
  expect(await verify('--data', folder)).toEqual({
    code: 0,
    out: '4 entries, all sound. Noted outside the book up to entry 4, 2026-11-20T09:00:00.000Z.\n',
  });
  const db = openWritable(join(folder, 'book.db'));
  db.exec('DROP TRIGGER audit_entries_no_delete; DELETE FROM audit_entries WHERE seq = 4');
  closeDb(db);
  expect(await verify('--data', folder)).toEqual({ code: 1, out: 'Entry 4: cut off. The 3 entries before it are sound.\n' });
  const empty = await verify('--data', tempFolder());
  expect(empty.code).toBe(2);
  expect(empty.out).toContain('There is no book in');
});
