import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { countWrite } from '../../main/store/book-version.ts';
import { remembered, rememberedIds } from '../../main/store/memo.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openReadable, openWritable } from '../../main/store/open.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

function book() {
  const path = join(tempFolder(), 'book.db');
  const writer = openWritable(path);
  migrate(writer, MIGRATIONS);
  const reader = openReadable(path);
  onTestFinished(() => {
    closeDb(reader);
    closeDb(writer);
  });
  return { writer, reader };
}

test('an answer is worked out once until a write counts, and staging pages does not count', () => {
  const { writer, reader } = book();
  let worked = 0;
  const answer = (): number => remembered(reader, 'positions', () => (worked += 1));
  expect([answer(), answer()]).toEqual([1, 1]);
  countWrite(writer, 'sync/stage');
  expect(answer()).toBe(1);
  countWrite(writer, 'sync/merge');
  expect(answer()).toBe(2);
});

test('a connection that writes remembers nothing, because it sees what is not committed yet', () => {
  const { writer } = book();
  let worked = 0;
  const answer = (): number => remembered(writer, 'positions', () => (worked += 1));
  expect([answer(), answer()]).toEqual([1, 2]);
});

test('lists are kept until they are four million ids together; the one used longest ago goes first', () => {
  const { reader } = book();
  const loads: string[] = [];
  const list = (name: string, length: number): Float64Array =>
    rememberedIds(reader, name, () => {
      loads.push(name);
      return Array.from({ length }, (_, index) => index + 1);
    });
  expect([...list('short', 3)]).toEqual([1, 2, 3]);
  list('a', 2_000_000);
  list('short', 3);
  list('b', 1_999_997); // 3 + 2,000,000 + 1,999,997 = 4,000,000: all stay
  list('a', 2_000_000);
  expect(loads).toEqual(['short', 'a', 'b']);
  list('c', 1); // one too many: the short one was used longest ago
  list('a', 2_000_000);
  list('short', 3);
  expect(loads).toEqual(['short', 'a', 'b', 'c', 'short']);
});
