import { describe, expect, onTestFinished, test } from 'vitest';
import type { AppEvent } from '../../shared/contract/index.ts';
import { DEFAULT_TOLERANCES } from '../../main/core/tolerance.ts';
import { syncJobs } from '../../main/sync/jobs.ts';
import { PassError, type Ingest, type PassFailure, type PassReport, type PassRequest } from '../../main/sync/pass.ts';
import { createSyncRunner } from '../../main/sync/runner.ts';
import { encodeStagedPage } from '../../main/sync/staged-page.ts';
import { handClock, jobBook } from './job-book.ts';

const MINUTE = 60_000;
const EMPTY = encodeStagedPage({ accounts: [], securities: [], transactions: [], holdings: [] });
const LIMITS = { atOnce: 4, perPlatform: 2, timeLimitMinutes: 240, breakerAfter: 3 };

type Step = (pass: {
  readonly request: PassRequest;
  readonly signal: AbortSignal;
  readonly report: (report: PassReport) => void;
  /** Stages a page; the last one where no cursor is given. */
  readonly stage: (seq: number, cursor: string | null) => Promise<unknown>;
}) => Promise<void>;

const fails = (failure: PassFailure): Promise<never> => Promise.reject(new PassError(failure));
const stopped = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new PassError({ kind: 'aborted', message: 'The sync was cancelled.' })), {
      once: true,
    });
  });

/** A runner over a real book, whose passes do what the test says, on a clock that the test moves. */
function desk(
  step: Step,
  { limits = LIMITS, lost = async () => false }: { limits?: typeof LIMITS; lost?: () => Promise<boolean> } = {},
) {
  const clock = handClock('2026-11-20T06:00:00.000Z');
  const { db, run } = jobBook(clock);
  db.exec(`INSERT INTO connections (id, platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES
    (1, 'orion', 'Orion', 'https://orion.example', 1, '', ''), (2, 'addepar', 'Addepar', 'https://addepar.example', 2, '', '')`);
  const jobs = run(syncJobs);
  const events: AppEvent[] = [];
  const requests: PassRequest[] = [];
  const problems: unknown[] = [];
  const ingest: Ingest = {
    pass: (request, signal, report) => {
      requests.push(request);
      return step({
        request,
        signal,
        report,
        stage: (seq, cursor) =>
          jobs('sync/stage', {
            operationId: request.operationId,
            seq,
            cursor,
            payload: { contentType: 'application/json', body: Buffer.from(`${request.operationId}/${seq}`) },
            page: EMPTY,
            records: 0,
            quarantined: [],
            expected: null,
          }),
      });
    },
  };
  let answered = 0;
  const makeRunner = () => {
    const made = createSyncRunner(parts);
    onTestFinished(() => made.stop());
    return made;
  };
  const parts: Parameters<typeof createSyncRunner>[0] = {
    jobsAs: () => jobs,
    ingest,
    connection: async () => ({ platform: 'orion', baseUrl: 'https://orion.example', settings: {} }),
    credentials: async () => ({}),
    bearer: async () => null,
    tolerances: async () => DEFAULT_TOLERANCES,
    limits: async () => limits,
    outage: { isLost: lost, answered: async () => void (answered += 1) },
    emit: (event) => void events.push(event),
    clock,
    random: { fraction: () => 0.5 },
    log: { error: (_text, details) => problems.push(details) },
  };
  const runner = makeRunner();
  const start = (id = 1) => runner.start(id, 'Desk', { acceptShrink: false, by: 'person' });
  const operation = (id: number) =>
    db
      .prepare(
        'SELECT status, attempt, pages, error_code AS code, wait_reason AS reason, wait_until AS until FROM sync_operations WHERE id = ?',
      )
      .get(id);
  const said = () => events.flatMap((e) => (e.type === 'sync_progressed' ? [e.status] : []));
  return { clock, db, runner, makeRunner, requests, events, problems, start, operation, said, answered: () => answered };
}

/** Lets everything that is ready run. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('a sync', () => {
  test('that fails for a passing reason goes on from its checkpoint, by itself, at the moment it said', async () => {
    const d = desk(async ({ request, stage }) => {
      if (request.pages === 0) {
        await stage(0, 'after 0');
        await fails({ kind: 'unavailable', message: 'Orion does not answer.' });
      }
      await stage(1, null);
    });
    const id = await d.start();
    await settle();
    expect(d.operation(id)).toMatchObject({
      status: 'queued',
      pages: 1,
      code: 'platform_unreachable',
      reason: 'retry',
      until: '2026-11-20T06:00:15.000Z',
    });
    await d.clock.pass(14_999);
    await settle();
    expect(d.requests).toHaveLength(1);
    await d.clock.pass(1);
    await settle();
    expect(d.operation(id)).toMatchObject({ status: 'completed', attempt: 2, pages: 2, code: null, reason: null });
    expect(d.requests.map(({ pages, cursor }) => [pages, cursor])).toEqual([
      [0, null],
      [1, 'after 0'],
    ]);
    expect([d.said(), d.problems, d.answered()]).toEqual([['fetching', 'queued', 'fetching', 'merging', 'completed'], [], 1]);
  });

  test('that was staged to its end is merged without being fetched again', async () => {
    const d = desk(async ({ stage }) => void (await stage(0, null)));
    d.db.exec(
      "CREATE TRIGGER dies BEFORE UPDATE ON sync_operations WHEN new.status = 'completed' BEGIN SELECT raise(ABORT, 'power'); END",
    );
    const id = await d.start();
    await settle();
    expect(d.operation(id)).toMatchObject({ status: 'failed', code: 'internal', pages: 1 });
    d.db.exec('DROP TRIGGER dies');
    await d.runner.retry(id, 'Desk', { acceptShrink: false });
    await settle();
    expect([d.operation(id), d.requests.length]).toMatchObject([{ status: 'completed', attempt: 2 }, 1]);
  });

  test('waits as long as the platform asks, and for its own request budget without using up a retry', async () => {
    const d = desk(({ request }) =>
      fails(
        request.pages === 0 && d.requests.length === 1
          ? { kind: 'rate_limited', message: 'Slow down.', retryAfterMs: 5 * MINUTE }
          : { kind: 'rate_limited', message: 'The budget is used up.', retryAfterMs: 15 * MINUTE, ownBudget: true },
      ),
    );
    const id = await d.start();
    await settle();
    expect(d.operation(id)).toMatchObject({ reason: 'retry', until: '2026-11-20T06:05:00.000Z' });
    await d.clock.pass(5 * MINUTE);
    await settle();
    expect(d.operation(id)).toMatchObject({ reason: 'budget', until: '2026-11-20T06:20:00.000Z', attempt: 2 });
  });

  test('says until when it waits for its request budget, and that it goes on', async () => {
    let go: () => void = () => undefined;
    const d = desk(async ({ report, stage }) => {
      report({ pages: 1, records: 10, expected: null });
      report({ waitMs: 12 * MINUTE });
      await new Promise<void>((resolve) => (go = resolve));
      report({ pages: 2, records: 20, expected: null });
      await stage(0, null);
    });
    const id = await d.start();
    await settle();
    expect(d.operation(id)).toMatchObject({ status: 'fetching', reason: 'budget', until: '2026-11-20T06:12:00.000Z' });
    go();
    await settle();
    expect(d.operation(id)).toMatchObject({ status: 'completed', reason: null, until: null });
    const waits = d.events.flatMap((e) => (e.type === 'sync_progressed' ? [e.waiting] : []));
    expect(waits).toEqual([null, { for: 'budget', until: '2026-11-20T06:12:00.000Z' }, null, null, null]);
  });

  test('is stopped at its time limit with what it staged, earlier attempts counted', async () => {
    const d = desk(
      async ({ request, stage, signal }) => {
        if (request.pages === 0) {
          await stage(0, 'after 0');
          await d.clock.sleep(6 * MINUTE);
          await fails({ kind: 'unavailable', message: 'No answer.' });
        }
        await stopped(signal);
      },
      { limits: { ...LIMITS, timeLimitMinutes: 10 } },
    );
    const id = await d.start();
    await settle();
    await d.clock.pass(6 * MINUTE);
    await settle();
    await d.clock.pass(15_000);
    await settle();
    // Six of the ten minutes are used up; waiting for the second attempt does not count.
    await d.clock.pass(4 * MINUTE - 1);
    await settle();
    expect(d.operation(id)).toMatchObject({ status: 'fetching', attempt: 2 });
    await d.clock.pass(1);
    await settle();
    expect(d.operation(id)).toMatchObject({ status: 'failed', code: 'timed_out', pages: 1 });
    expect(d.db.prepare('SELECT count(*) FROM staged_pages').pluck().get()).toBe(1);
  });

  test('is not stopped for the time it waits for its request budget', async () => {
    const d = desk(
      async ({ report, signal }) => {
        report({ waitMs: 15 * MINUTE });
        await stopped(signal);
      },
      { limits: { ...LIMITS, timeLimitMinutes: 10 } },
    );
    const id = await d.start();
    await settle();
    // 10 minutes of work and 15 of waiting are 25.
    for (let minute = 1; minute <= 24; minute += 1) {
      await d.clock.pass(MINUTE);
      await settle();
    }
    expect(d.operation(id)).toMatchObject({ status: 'fetching' });
    await d.clock.pass(MINUTE);
    await settle();
    expect(d.operation(id)).toMatchObject({ status: 'failed', code: 'timed_out' });
  });

  test('that is cancelled ends at once and gives way to what waits', async () => {
    const d = desk(({ signal }) => stopped(signal), { limits: { ...LIMITS, atOnce: 1 } });
    const [first, second] = [await d.start(1), await d.start(2)];
    expect([d.operation(first), d.operation(second)]).toMatchObject([{ status: 'fetching' }, { status: 'queued' }]);
    expect(await d.runner.cancel(first)).toBe(true);
    await settle();
    expect([d.operation(first), d.operation(second)]).toMatchObject([{ status: 'cancelled' }, { status: 'fetching' }]);
    expect(await d.runner.cancel(second)).toBe(true);
    await settle();
    expect(await d.runner.cancel(second)).toBe(false);
  });

  test('that is interrupted by the end of the program goes on at the next start, from its checkpoint', async () => {
    const d = desk(async ({ request, stage, signal }) => {
      if (request.pages === 0) {
        await stage(0, 'after 0');
        await stopped(signal);
      }
      await stage(1, null);
    });
    const id = await d.start();
    await settle();
    await d.runner.stop();
    expect(d.operation(id)).toMatchObject({ status: 'fetching', pages: 1 });
    await d.makeRunner().recover();
    await settle();
    expect(d.operation(id)).toMatchObject({ status: 'completed', attempt: 2, pages: 2 });
    expect(d.requests.map(({ pages, cursor }) => [pages, cursor])).toEqual([
      [0, null],
      [1, 'after 0'],
    ]);
  });

  test('that meets no network waits for it, and counts as no failure', async () => {
    const d = desk(() => fails({ kind: 'unavailable', message: 'No answer.' }), { lost: async () => true });
    const id = await d.start();
    await settle();
    expect(d.operation(id)).toMatchObject({ status: 'queued', reason: 'offline', until: null });
    expect(d.db.prepare('SELECT count(*) FROM connection_breakers').pluck().get()).toBe(0);
  });
});
