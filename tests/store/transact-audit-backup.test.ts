import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Decimal } from 'decimal.js';
import { appendAudit, auditHead, verifyAudit } from '../../main/store/audit.ts';
import { backupFile, quickCheck } from '../../main/store/backup.ts';
import { createDecSum } from '../../main/store/dec-sum.ts';
import type { WritableDb } from '../../main/store/handles.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { transact } from '../../main/store/transact.ts';
import { dec } from '../../shared/model/decimal.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

function book(): { db: WritableDb; folder: string } {
  const folder = tempFolder();
  const db = openWritable(join(folder, 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, MIGRATIONS);
  return { db, folder };
}
const put = (db: WritableDb, key: string): unknown => db.prepare("INSERT INTO settings VALUES (?, '1')").run(key);
const keys = (db: WritableDb): unknown => db.prepare('SELECT key FROM settings ORDER BY key').pluck().all();

describe('a transaction', () => {
  test('keeps all of it or none of it', () => {
    const { db } = book();
    expect(transact(db, () => (put(db, 'a'), put(db, 'b'), 'done'))).toBe('done');
    expect(() =>
      transact(db, () => {
        put(db, 'c');
        throw new Error('No');
      }),
    ).toThrow('No');
    expect([keys(db), db.inTransaction]).toEqual([['a', 'b'], false]);
  });

  test('refuses a body that answers a promise, and keeps nothing of it', () => {
    const { db } = book();
    const later = (): never => (put(db, 'a'), Promise.resolve()) as never;
    expect(() => transact(db, later)).toThrow(/must not be asynchronous/);
    expect([keys(db), db.inTransaction]).toEqual([[], false]);
  });

  test('refuses to nest, and takes the outer one back with it', () => {
    const { db } = book();
    expect(() =>
      transact(db, () => {
        put(db, 'a');
        transact(db, () => put(db, 'b') as object);
        return 1;
      }),
    ).toThrow(/nested transactions are not used/);
    expect(keys(db)).toEqual([]);
  });
});

describe('the audit trail', () => {
  function trail(entries: number) {
    const { db } = book();
    for (let i = 1; i <= entries; i += 1)
      transact(db, () =>
        appendAudit(db, {
          at: '2026-11-20T09:00:00.000Z',
          actor: 'analyst',
          event: 'tested',
          subject: `item ${i}`,
          details: '{}',
          requestId: 'r',
        }),
      );
    return db;
  }
  /** Edits the file as somebody would who has got hold of it and knows how to switch the triggers off. */
  const tamper = (db: WritableDb, sql: string): void => {
    db.exec('DROP TRIGGER audit_entries_no_update; DROP TRIGGER audit_entries_no_delete');
    db.exec(sql);
  };

  test.each([
    ['UPDATE', "UPDATE audit_entries SET actor = 'nobody' WHERE seq = 2"],
    ['DELETE', 'DELETE FROM audit_entries WHERE seq = 2'],
    [
      'INSERT OR REPLACE',
      "INSERT OR REPLACE INTO audit_entries SELECT seq, at, 'nobody', event, subject, details, request_id, prev_hash, hash FROM audit_entries WHERE seq = 2",
    ],
    [
      'REPLACE through an upsert',
      "INSERT INTO audit_entries SELECT * FROM audit_entries WHERE seq = 2 ON CONFLICT DO UPDATE SET actor = 'nobody'",
    ],
  ])('cannot be changed by %s', (_name, sql) => {
    const db = trail(3);
    expect(() => db.exec(sql)).toThrow();
    expect(verifyAudit(db)).toEqual({ entries: 3, firstBad: null, problem: null });
    expect(db.prepare('SELECT DISTINCT actor FROM audit_entries').pluck().all()).toEqual(['analyst']);
  });

  test('belongs to the transaction it describes', () => {
    const { db } = book();
    const entry = { at: '', actor: '', event: '', subject: '', details: '', requestId: '' };
    expect(() => appendAudit(db, entry)).toThrow(/belongs to the transaction/);
    expect(() =>
      transact(db, () => {
        appendAudit(db, entry);
        throw new Error('No');
      }),
    ).toThrow('No');
    expect(verifyAudit(db).entries).toBe(0);
  });

  test.each([
    ['an edited entry', 'UPDATE audit_entries SET details = \'{"a":1}\' WHERE seq = 3', 3, 'edited'],
    ['a missing entry', 'DELETE FROM audit_entries WHERE seq = 3', 3, 'missing'],
    ['a missing first entry', 'DELETE FROM audit_entries WHERE seq = 1', 1, 'missing'],
    [
      'entries moved up over a gap',
      'DELETE FROM audit_entries WHERE seq = 3; UPDATE audit_entries SET seq = seq - 1 WHERE seq > 3',
      3,
      'not chained',
    ],
    [
      'two entries that changed places',
      'UPDATE audit_entries SET seq = 99 WHERE seq = 2; UPDATE audit_entries SET seq = 2 WHERE seq = 3; UPDATE audit_entries SET seq = 3 WHERE seq = 99',
      2,
      'not chained',
    ],
    ['an edited hash', "UPDATE audit_entries SET hash = 'x' WHERE seq = 4", 4, 'edited'],
  ])('names %s', (_name, sql, firstBad, problem) => {
    const db = trail(5);
    tamper(db, sql);
    expect(verifyAudit(db)).toEqual({ entries: firstBad - 1, firstBad, problem });
  });

  /** What another machine with the same first entries would have written from there on. */
  function writtenAnew(entries: number, from: number) {
    const { db } = book();
    for (let i = 1; i <= entries; i += 1)
      transact(db, () =>
        appendAudit(db, {
          at: '2026-11-20T09:00:00.000Z',
          actor: 'analyst',
          event: 'tested',
          subject: `${i < from ? 'item' : 'other'} ${i}`,
          details: '{}',
          requestId: 'r',
        }),
      );
    return db;
  }
  const anchorAt = (db: WritableDb, seq: number) => ({
    seq,
    hash: db.prepare('SELECT hash FROM audit_entries WHERE seq = ?').pluck().get(seq) as string,
    at: '2026-11-20T10:00:00.000Z',
  });

  test('is known to be written anew, or cut off at its end, by what was noted of it outside', () => {
    const whole = trail(5);
    const anchors = [anchorAt(whole, 2), anchorAt(whole, 4)];
    expect(auditHead(whole)).toEqual({ seq: 5, hash: anchorAt(whole, 5).hash });
    expect(verifyAudit(whole, anchors)).toEqual({ entries: 5, firstBad: null, problem: null });
    // Entries 3 to 5 are others; each chain is sound in itself, and the first note they contradict is that of entry 4.
    const forged = writtenAnew(5, 3);
    expect(verifyAudit(forged)).toEqual({ entries: 5, firstBad: null, problem: null });
    expect(verifyAudit(forged, anchors)).toEqual({ entries: 3, firstBad: 4, problem: 'rewritten' });
    const cut = trail(5);
    tamper(cut, 'DELETE FROM audit_entries WHERE seq > 3');
    expect(verifyAudit(cut)).toEqual({ entries: 3, firstBad: null, problem: null });
    expect(verifyAudit(cut, anchors)).toEqual({ entries: 3, firstBad: 4, problem: 'cut off' });
  });

  test('keeps what people write as it is', () => {
    const { db } = book();
    transact(db, () => appendAudit(db, { at: '', actor: '"]\u0000株', event: '', subject: '\n', details: '["', requestId: '' }));
    expect(verifyAudit(db)).toMatchObject({ entries: 1, firstBad: null });
  });
});

describe('a backup', () => {
  test('is a sound copy with everything committed, taken while the book is in use', () => {
    const { db, folder } = book();
    put(db, 'a');
    const target = join(folder, 'copy.db');
    backupFile(db, target);
    put(db, 'b');
    const copy = new Database(target, { readonly: true });
    onTestFinished(() => void copy.close());
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    expect([copy.prepare('SELECT key FROM settings').pluck().all(), copy.pragma('user_version', { simple: true })]).toEqual([
      ['a'],
      db.pragma('user_version', { simple: true }),
    ]);
  });

  test('replaces an older copy, and what a crash left of an earlier one', () => {
    const { db, folder } = book();
    const target = join(folder, 'copy.db');
    writeFileSync(target, 'old');
    writeFileSync(`${target}.partial`, 'half');
    backupFile(db, target);
    expect(readdirSync(folder).filter((n) => n.startsWith('copy'))).toEqual(['copy.db']);
  });

  test('that fails leaves no file behind and keeps the older copy', () => {
    const { db, folder } = book();
    const target = join(folder, 'copy.db');
    writeFileSync(target, 'old');
    expect(() => transact(db, () => backupFile(db, target) as never)).toThrow(/transaction/);
    expect(() => backupFile(db, join(folder, 'no such folder', 'copy.db'))).toThrow();
    expect(readdirSync(folder).filter((n) => !n.startsWith('book'))).toEqual(['copy.db']);
  });

  test('a sound book passes the quick check', () => {
    expect(quickCheck(book().db)).toBeNull();
  });
});

describe('dec_sum', () => {
  const digits = (max: number) => fc.bigInt({ min: 0n, max: 10n ** BigInt(max) - 1n });
  /** Canonical decimals of up to 38 digits in all, of either sign, and nulls. */
  const amount = fc.option(
    fc
      .tuple(
        fc.boolean(),
        digits(20),
        fc.integer({ min: 0, max: 18 }).chain((scale) => digits(scale).map((f) => f.toString().padStart(scale, '0'))),
      )
      .map(([negative, whole, fraction]) => dec(`${negative ? '-' : ''}${whole}.${fraction}0`)),
    { nil: null, freq: 5 },
  );
  const Exact = Decimal.clone({ precision: 100, toExpNeg: -1000, toExpPos: 1000 });

  test('equals the sum of an independent decimal library, for any order', () => {
    const { start, step, result } = createDecSum();
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 40 }), (amounts) => {
        const expected = amounts.reduce((total, a) => (a === null ? total : total.plus(a)), new Exact(0)).toFixed();
        expect(result(amounts.reduce((total, a) => step(total, a), start()))).toBe(expected === '-0' ? '0' : expected);
      }),
      { numRuns: 500 },
    );
  });

  test('inside SQLite, by group', () => {
    const { db } = book();
    const sums = db
      .prepare('SELECT j.value ->> 0 AS k, dec_sum(j.value ->> 1) AS total FROM json_each(?) j GROUP BY 1 ORDER BY 1')
      .all(
        JSON.stringify([
          ['a', '0.1'],
          ['b', '-5'],
          ['a', '0.2'],
          ['b', null],
          ['c', null],
        ]),
      );
    expect(sums).toEqual([
      { k: 'a', total: '0.3' },
      { k: 'b', total: '-5' },
      { k: 'c', total: '0' },
    ]); // 0.1 + 0.2 = 0.3
    expect(() => db.prepare("SELECT dec_sum('twelve')").get()).toThrow();
  });
});
