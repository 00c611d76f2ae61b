import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OPERATION_STATUS } from '../../shared/contract/sync.ts';
import { OPERATION_EVENTS, TRANSITIONS, transit } from '../../main/sync/operation-status.ts';
import { handClock, jobBook } from './job-book.ts';

/** What may happen, written down a second time: `status event -> status`. Every pair that is not here is refused. */
const ALLOWED = `
  queued taken_up -> fetching
  queued taken_up_complete -> staged
  queued failed -> failed
  queued cancelled -> cancelled
  fetching page_staged -> fetching
  fetching last_page_staged -> staged
  fetching started_over -> fetching
  fetching put_back -> queued
  fetching failed -> failed
  fetching cancelled -> cancelled
  staged started_over -> fetching
  staged merged -> completed
  staged put_back -> queued
  staged failed -> failed
  staged cancelled -> cancelled
  merging merged -> completed
  merging put_back -> queued
  merging failed -> failed
  merging cancelled -> cancelled
  completed rolled_back -> rolled_back
  failed resumed -> queued`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/ -> | /) as [string, string, string]);

const AT = '2026-11-20T06:00:00.000Z';

function oneOperation() {
  const { db } = jobBook(handClock(AT));
  db.exec(`INSERT INTO connections (id, platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES (1, 'orion', 'Orion', '', 1, '', '');
    INSERT INTO sync_operations (id, connection_id, kind, status, requested_by, started_at) VALUES (1, 1, 'sync', 'queued', 'Desk', '${AT}');
    INSERT INTO operation_attempts (operation_id, attempt, started_at) VALUES (1, 1, '${AT}')`);
  return db;
}

describe('the life of an operation', () => {
  test('allows what is listed and throws at every other pair of status and event', () => {
    const db = oneOperation();
    const set = db.prepare('UPDATE sync_operations SET status = ? WHERE id = 1');
    const status = db.prepare('SELECT status FROM sync_operations WHERE id = 1').pluck();
    const happened: string[] = [];
    for (const from of OPERATION_STATUS)
      for (const event of OPERATION_EVENTS) {
        set.run(from);
        try {
          expect(transit(db, 1, event, AT)).toBe(status.get());
          happened.push(`${from} ${event} -> ${String(status.get())}`);
        } catch (error) {
          expect(String(error)).toBe(`Error: Operation 1 is ${from}; it cannot be ${event}.`);
          expect(status.get()).toBe(from);
        }
      }
    // 8 statuses x 11 events are 88 pairs; 21 of them may happen.
    expect([OPERATION_STATUS.length * OPERATION_EVENTS.length, happened.length]).toEqual([88, 21]);
    expect(happened.toSorted()).toEqual(ALLOWED.map(([from, event, to]) => `${from} ${event} -> ${to}`).toSorted());
  });

  test('leaves no status but the ends without a way on, and reaches every one but merging', () => {
    const reached = new Set(Object.values(TRANSITIONS).flatMap((events) => Object.values(events)));
    expect(OPERATION_STATUS.filter((status) => !reached.has(status))).toEqual(['merging']);
    expect(OPERATION_STATUS.filter((status) => Object.keys(TRANSITIONS[status]).length === 0)).toEqual([
      'cancelled',
      'rolled_back',
    ]);
  });

  test('ends the attempt when the operation stops being at work, with what it failed of and when the next one is', () => {
    const db = oneOperation();
    transit(db, 1, 'taken_up', AT);
    transit(db, 1, 'page_staged', AT, { pages: 1 });
    const attempt = () => db.prepare('SELECT ended_at, error_code, next_at FROM operation_attempts').raw().get();
    expect(attempt()).toEqual([null, null, null]);
    transit(db, 1, 'put_back', '2026-11-20T06:01:00.000Z', {
      error_code: 'platform_unreachable',
      wait_until: '2026-11-20T06:02:00.000Z',
    });
    expect(attempt()).toEqual(['2026-11-20T06:01:00.000Z', 'platform_unreachable', '2026-11-20T06:02:00.000Z']);
  });

  test('is written nowhere else: no other code sets the status of an operation', () => {
    const root = join(import.meta.dirname, '../..');
    const writers = globSync('main/**/*.ts', { cwd: root }).filter((file) =>
      /UPDATE sync_operations SET(?:(?!WHERE)[^`"'])*\bstatus = /.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(writers.map((file) => file.replaceAll('\\', '/'))).toEqual(['main/sync/operation-status.ts']);
  });
});
