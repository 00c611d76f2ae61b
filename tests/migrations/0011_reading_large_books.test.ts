import { expect, test } from 'vitest';
import { bookVersion, countWrite } from '../../main/store/book-version.ts';
import { bookAt, migrateThrough } from '../support/book-at.ts';

test('an older book keeps its rows and begins to count its writes; a second counter is refused', () => {
  const db = bookAt('0010');
  db.exec("INSERT INTO batches (uid, kind, actor, at, summary) VALUES ('u', 'sync', 'x', '', '')");
  migrateThrough(db, '0011');
  expect(db.prepare('SELECT uid FROM batches').pluck().all()).toEqual(['u']);

  const first = bookVersion(db);
  countWrite(db, 'conflicts.resolve');
  countWrite(db, 'sync/stage');
  expect(bookVersion(db)).toBe(first + 1);
  expect(() => db.exec('INSERT INTO book_version (id, version) VALUES (2, 1)')).toThrow('CHECK');
  const plan = db.prepare("EXPLAIN QUERY PLAN SELECT count(*) FROM holdings h WHERE h.status = 'held'").all() as {
    detail: string;
  }[];
  expect(plan.map(({ detail }) => detail).join()).toContain('holdings_held');
});
