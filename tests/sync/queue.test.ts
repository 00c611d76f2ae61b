import { describe, expect, test } from 'vitest';
import { DEFAULT_BREAKER_AFTER, afterFailure, breakerOf } from '../../main/sync/breaker.ts';
import { syncJobs, type Failure } from '../../main/sync/jobs.ts';
import { outageJobs } from '../../main/sync/outage-jobs.ts';
import { retryWait } from '../../main/sync/retry-rule.ts';
import { handClock, jobBook } from './job-book.ts';

const MINUTE = 60_000;
const LIMITS = { atOnce: 4, perPlatform: 2 };

/** A book with connections of the given platforms, numbered from 1, and the queue’s own jobs on it. */
function queue(platforms: readonly string[], limits = LIMITS) {
  const clock = handClock('2026-11-20T06:00:00.000Z');
  const { db, run } = jobBook(clock);
  // The queue is looked at thousands of times here; nothing is lost by not waiting for the disk.
  db.exec('PRAGMA synchronous = OFF');
  const jobs = run(syncJobs);
  const network = run(outageJobs);
  const add = db.prepare(
    "INSERT INTO connections (platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES (?, ?, 'https://x.example', 1, '', '')",
  );
  platforms.forEach((platform, i) => void add.run(platform, `River ${i + 1}`));
  const ask = (connectionId: number, by: 'person' | 'schedule' | 'message' = 'schedule') =>
    jobs('sync/enqueue', { connectionId, by, acceptShrink: false });
  const claim = async () => (await jobs('sync/claim', limits)).starts.map(({ connectionId }) => connectionId);
  const failing = (operationId: number, more: Partial<Failure> = {}) =>
    jobs('sync/settle', {
      operationId,
      kind: 'passing',
      code: 'platform_unreachable',
      message: 'No answer.',
      retryAfterMs: null,
      fraction: 0.5,
      breakerAfter: DEFAULT_BREAKER_AFTER,
      ...more,
    });
  const row = (operationId: number) =>
    db
      .prepare(
        'SELECT status, wait_reason AS reason, wait_until AS until, attempt, error_code AS code FROM sync_operations WHERE id = ?',
      )
      .get(operationId) as { status: string; reason: string | null; until: string | null; attempt: number; code: string | null };
  const end = (operationId: number) =>
    db.prepare("UPDATE sync_operations SET status = 'completed' WHERE id = ?").run(operationId);
  return { clock, db, jobs, network, ask, claim, failing, row, end };
}

describe('the queue of syncs', () => {
  test('asked for a thousand at once, begins four, two of a platform, and the rest as places become free', async () => {
    const { jobs, claim, db, end } = queue(
      Array.from({ length: 1000 }, (_, i) => ['orion', 'addepar', 'black_diamond'][i % 3] ?? ''),
    );
    await jobs('sync/enqueue-all', { connectionIds: Array.from({ length: 1000 }, (_, i) => i + 1) });
    // Orion 1, Addepar 2, Black Diamond 3, Orion 4; then there are four.
    expect(await claim()).toEqual([1, 2, 3, 4]);
    expect(await claim()).toEqual([]);
    const atWork = db.prepare("SELECT id FROM sync_operations WHERE status = 'fetching' ORDER BY id").pluck();
    let most = 0;
    for (let round = 0; round < 1000; round += 1) {
      const now = atWork.all() as number[];
      most = Math.max(most, now.length);
      if (now[0] === undefined) break;
      end(now[0]);
      await claim();
    }
    expect([most, db.prepare("SELECT count(*) FROM sync_operations WHERE status = 'completed'").pluck().get()]).toEqual([
      4, 1000,
    ]);
  });

  test('keeps places for other platforms: many of one do not hold up the others', async () => {
    const { ask, claim } = queue(['orion', 'orion', 'orion', 'orion', 'addepar']);
    for (const id of [1, 2, 3, 4, 5]) await ask(id);
    expect(await claim()).toEqual([1, 2, 5]);
  });

  test('takes a person’s sync before a message’s, and that before the schedule’s', async () => {
    const { clock, ask, claim } = queue(['orion', 'orion', 'orion'], { atOnce: 1, perPlatform: 1 });
    await ask(1);
    await clock.pass(1);
    await ask(2, 'message');
    await clock.pass(1);
    await ask(3, 'person');
    expect(await claim()).toEqual([3]);
  });

  test('does not double what waits: a person who asks for it moves it up, keeping its operation', async () => {
    const { ask, claim, row, db } = queue(['orion', 'orion', 'addepar'], { atOnce: 1, perPlatform: 1 });
    const [first, second] = [await ask(1), await ask(2)];
    expect(await ask(2, 'person')).toBe(second);
    expect(await claim()).toEqual([2]);
    await expect(ask(2, 'person')).rejects.toMatchObject({ code: 'already_running', details: { operationId: String(second) } });
    expect([row(first).status, row(second).status]).toEqual(['queued', 'fetching']);
    expect(() =>
      db.exec(
        "INSERT INTO sync_operations (connection_id, kind, status, requested_by, started_at) VALUES (1, 'sync', 'queued', '', '')",
      ),
    ).toThrow(/UNIQUE/);
  });

  test('survives the end of the program: what was at work waits again, with its checkpoint and no attempt lost', async () => {
    const { jobs, ask, claim, row, db, failing } = queue(['orion', 'addepar']);
    const [first, second] = [await ask(1), await ask(2)];
    await claim();
    db.exec(`UPDATE sync_operations SET pages = 3, cursor = 'after 2' WHERE id = ${first}`);
    expect(await jobs('sync/recover', undefined)).toBe(2);
    expect((await jobs('sync/claim', LIMITS)).starts).toMatchObject([
      { operationId: first, pages: 3, cursor: 'after 2', status: 'fetching' },
      { operationId: second, pages: 0, cursor: null, status: 'fetching' },
    ]);
    expect(row(first).attempt).toBe(2);
    // The interrupted attempt is not one that failed: three retries are left.
    const outcomes: string[] = [];
    for (let i = 0; i < 4; i += 1) {
      outcomes.push(await failing(first));
      db.exec('UPDATE sync_operations SET wait_until = NULL');
      await claim();
    }
    expect(outcomes).toEqual(['queued', 'queued', 'queued', 'failed']);
  });

  test('gives up what waits when a person cancels it, and refuses what is at work', async () => {
    const { jobs, ask, claim, row } = queue(['orion']);
    const id = await ask(1);
    expect(await jobs('sync/cancel-queued', { operationId: id })).toBe(true);
    expect(row(id)).toMatchObject({ status: 'cancelled', code: 'cancelled' });
    const other = await ask(1);
    await claim();
    expect(await jobs('sync/cancel-queued', { operationId: other })).toBe(false);
  });
});

describe('an attempt that failed for a passing reason', () => {
  test('is tried again three times, at most twice as late each time, at a chance moment, and then it is over', async () => {
    const { clock, jobs, ask, claim, failing, row, db } = queue(['orion']);
    const id = await ask(1);
    const waits: (string | null)[] = [];
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      expect(await claim()).toEqual([1]);
      const outcome = await failing(id);
      const { status, reason, until } = row(id);
      waits.push(until);
      if (attempt === 4) {
        expect([outcome, status, reason]).toEqual(['failed', 'failed', null]);
        break;
      }
      expect([outcome, status, reason]).toEqual(['queued', 'queued', 'retry']);
      expect((await jobs('sync/claim', LIMITS)).nextAt).toBe(until);
      await clock.pass(Date.parse(until ?? '') - Date.parse(clock.now()));
    }
    // Half of 30 s, of 60 s and of 120 s, each after the one before: 15 s, 45 s, 105 s after six.
    expect(waits).toEqual(['2026-11-20T06:00:15.000Z', '2026-11-20T06:00:45.000Z', '2026-11-20T06:01:45.000Z', null]);
    const attempts = db
      .prepare('SELECT attempt, ended_at, error_code, next_at FROM operation_attempts ORDER BY attempt')
      .raw()
      .all();
    expect(attempts).toEqual([
      [1, '2026-11-20T06:00:00.000Z', 'platform_unreachable', '2026-11-20T06:00:15.000Z'],
      [2, '2026-11-20T06:00:15.000Z', 'platform_unreachable', '2026-11-20T06:00:45.000Z'],
      [3, '2026-11-20T06:00:45.000Z', 'platform_unreachable', '2026-11-20T06:01:45.000Z'],
      [4, '2026-11-20T06:01:45.000Z', 'platform_unreachable', null],
    ]);
  });

  test.each([
    [{ retries: 0, retryAfterMs: null, fraction: 0 }, 0],
    [{ retries: 1, retryAfterMs: null, fraction: 0.25 }, 15_000], // a quarter of 60 s
    [{ retries: 2, retryAfterMs: 900_000, fraction: 0.5 }, 900_000], // asked for, and longer than 60 s
    [{ retries: 0, retryAfterMs: 1000, fraction: 0.5 }, 15_000], // asked for, but the jitter is longer
    [{ retries: 3, retryAfterMs: 1000, fraction: 0.5 }, null],
  ])('%j waits %s ms', (attempt, ms) => {
    expect(retryWait(attempt)).toBe(ms);
  });

  test('goes on at once when a person asks, with its retries fresh', async () => {
    const { ask, claim, failing, row } = queue(['orion']);
    const id = await ask(1);
    await claim();
    await failing(id);
    expect(await claim()).toEqual([]);
    expect(await ask(1, 'person')).toBe(id);
    expect(await claim()).toEqual([1]);
    expect([await failing(id), row(id).until]).toEqual(['queued', '2026-11-20T06:00:15.000Z']);
  });

  test('does not count while the request budget holds it back', async () => {
    const { clock, ask, claim, failing, row, db } = queue(['addepar']);
    const id = await ask(1);
    for (let i = 0; i < 6; i += 1) {
      expect(await claim()).toEqual([1]);
      expect(await failing(id, { kind: 'budget', retryAfterMs: 15 * MINUTE })).toBe('queued');
      expect(row(id).reason).toBe('budget');
      await clock.pass(15 * MINUTE);
    }
    expect(breakerOf(db, 1).state).toBe('closed');
  });

  test('is over at once when the platform said no', async () => {
    const { ask, claim, failing, row } = queue(['orion']);
    const id = await ask(1);
    await claim();
    expect(await failing(id, { kind: 'answered', code: 'platform_refused', message: 'No.' })).toBe('failed');
    expect(row(id)).toMatchObject({ status: 'failed', code: 'platform_refused', attempt: 1 });
  });
});

describe('the breaker of a connection', () => {
  /** One sync from asking to its end, every retry used up. */
  async function failedSync(q: ReturnType<typeof queue>, by: 'person' | 'schedule') {
    const id = await q.ask(1, by);
    for (;;) {
      if ((await q.claim()).length === 0) return id;
      if ((await q.failing(id)) === 'failed') return id;
      q.db.exec('UPDATE sync_operations SET wait_until = NULL');
    }
  }

  test('opens after three failed syncs; then the schedule waits, longer after each failed probe, which asks once', async () => {
    const q = queue(['orion']);
    for (let i = 0; i < 3; i += 1) await failedSync(q, 'schedule');
    expect(breakerOf(q.db, 1)).toMatchObject({ state: 'open', failures: 3, probeAt: '2026-11-20T06:05:00.000Z' });

    const probe = await q.ask(1);
    expect(q.row(probe)).toMatchObject({ status: 'queued', reason: 'breaker', until: '2026-11-20T06:05:00.000Z' });
    expect(await q.claim()).toEqual([]);
    await q.clock.pass(5 * MINUTE);
    expect(await q.claim()).toEqual([1]);
    expect(breakerOf(q.db, 1).state).toBe('half_open');
    expect(await q.failing(probe)).toBe('failed');
    // The second wait is 10 minutes, from 06:05 on.
    expect(breakerOf(q.db, 1)).toMatchObject({
      state: 'open',
      probeAt: '2026-11-20T06:15:00.000Z',
      openedAt: '2026-11-20T06:00:00.000Z',
    });
  });

  test('is probed by a person at once, and closes with the first answer', async () => {
    const q = queue(['orion']);
    for (let i = 0; i < 3; i += 1) await failedSync(q, 'schedule');
    const waits = await q.ask(1);
    expect(await q.ask(1, 'person')).toBe(waits);
    expect(await q.claim()).toEqual([1]);
    expect(breakerOf(q.db, 1).state).toBe('half_open');
    await q.failing(waits, { kind: 'answered', code: 'needs_sign_in', message: 'Sign in.' });
    expect(breakerOf(q.db, 1)).toMatchObject({ state: 'closed', failures: 0 });
  });

  test('asks again after a probe that was cut off, by a cancel or by the end of the program', async () => {
    const q = queue(['orion']);
    for (let i = 0; i < 3; i += 1) await failedSync(q, 'schedule');
    const id = await q.ask(1, 'person');
    await q.claim();
    await q.failing(id, { kind: 'own', code: 'cancelled', message: 'Cancelled.' });
    expect(breakerOf(q.db, 1).state).toBe('open');
    await q.ask(1, 'person');
    await q.claim();
    await q.jobs('sync/recover', undefined);
    expect(breakerOf(q.db, 1).state).toBe('open');
  });

  test('never waits longer than four hours', () => {
    let breaker = afterFailure(
      { state: 'closed', failures: 2, openings: 0, openedAt: null, probeAt: null },
      '2026-11-20T06:00:00.000Z',
      3,
    );
    for (let i = 0; i < 9; i += 1) breaker = afterFailure({ ...breaker, state: 'half_open' }, '2026-11-20T06:00:00.000Z', 3);
    expect(breaker.probeAt).toBe('2026-11-20T10:00:00.000Z');
  });
});

describe('while there is no network', () => {
  test('scheduled syncs wait without counting as failures, and go on when it is back; a person’s is tried', async () => {
    const { ask, claim, network, failing, row, db } = queue(['orion', 'addepar', 'black_diamond']);
    const [hit, waits] = [await ask(1), await ask(2)];
    expect(await claim()).toEqual([1, 2]);
    await network('network/lost', undefined);
    for (let i = 0; i < 2; i += 1) expect(await failing(i === 0 ? hit : waits, { kind: 'offline' })).toBe('queued');
    const later = await ask(3);
    expect([row(hit), row(later)]).toMatchObject([
      { status: 'queued', reason: 'offline', until: null },
      { status: 'queued', reason: 'offline' },
    ]);
    expect(await claim()).toEqual([]);
    await ask(2, 'person');
    expect(await claim()).toEqual([2]);
    expect(await failing(waits, { kind: 'offline' })).toBe('queued');

    await network('network/back', undefined);
    // A person asked for the second one.
    expect(await claim()).toEqual([2, 1, 3]);
    expect([1, 2, 3].map((id) => breakerOf(db, id).failures)).toEqual([0, 0, 0]);
  });
});
