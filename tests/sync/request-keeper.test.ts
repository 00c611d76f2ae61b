import { describe, expect, test } from 'vitest';
import { createRateBudget } from '../../main/connectors/rate-budget.ts';
import { createRequestLedger, ledgerAccount } from '../../main/connectors/request-ledger.ts';
import { usedBudgets } from '../../main/api/connection-health.ts';
import { requestJobs, type RequestJobs } from '../../main/sync/request-counts.ts';
import { createRequestKeeper } from '../../main/sync/request-keeper.ts';
import type { RunJob } from '../../main/store/job.ts';
import { handClock, jobBook } from './job-book.ts';

const DAILY = [
  { requests: 50, windowMs: 15 * 60_000 },
  { requests: 1000, windowMs: 24 * 3_600_000 },
] as const;
const KEY = 'https://firm.addepar.example/api 4471';

function firm() {
  const clock = handClock('2026-11-20T06:00:00.000Z');
  const { db, run } = jobBook(clock);
  const writes: string[] = [];
  const problems: string[] = [];
  const counting: RunJob<RequestJobs> = (name, args) => {
    writes.push(name);
    return run(requestJobs)(name, args);
  };
  /** What a thread has after its start. */
  const thread = () => {
    const ledger = createRequestLedger();
    const keeper = createRequestKeeper({ ledger, clock, run: counting, log: (text) => problems.push(text) });
    return { keeper, budget: createRateBudget(DAILY, clock.monotonicMs, ledger) };
  };
  const used = () => usedBudgets(db, { account: ledgerAccount(KEY), windows: DAILY }, clock).map((window) => window.used);
  return { clock, db, thread, writes, problems, used };
}

describe('requests of a platform account', () => {
  test('are counted over a restart: a budget that was used up stays used up until its window has passed', async () => {
    const { clock, thread, used, problems } = firm();
    const before = thread();
    for (let request = 0; request < 50; request += 1) expect(before.budget.take(KEY)).toBe(0);
    await clock.pass(1000);
    expect(used()).toEqual([50, 50]);

    clock.restart();
    const after = thread();
    await after.keeper.refresh();
    // 50 at 06:00:00, counted as at the end of their second: 15 min later, less the second that has passed, less 1 ms.
    expect(after.budget.take(KEY)).toBe(15 * 60_000 + 999 - 1000);
    await clock.pass(15 * 60_000);
    expect(after.budget.take(KEY)).toBe(0);
    await clock.pass(1000);
    expect(used()).toEqual([1, 51]);
    expect(problems).toEqual([]);
  });

  test('are shared by threads and connections: what one has stored, the next pass of another knows', async () => {
    const { clock, thread } = firm();
    const [one, other] = [thread(), thread()];
    for (let request = 0; request < 30; request += 1) one.budget.take(KEY);
    await one.keeper.flush();
    for (let request = 0; request < 20; request += 1) expect(other.budget.take(KEY)).toBe(0);
    await other.keeper.refresh();
    // 30 + 20 = 50
    expect(other.budget.take(KEY)).toBeGreaterThan(0);
    expect(other.budget.take('https://other.addepar.example/api 9')).toBe(0);
    await clock.pass(0);
  });

  test('are written at most once a second, however many there are, and taking one waits for no write', async () => {
    const { clock, thread, writes, used } = firm();
    const { budget } = thread();
    for (let request = 0; request < 40; request += 1) budget.take(KEY);
    expect(writes).toEqual([]);
    await clock.pass(999);
    expect(writes).toEqual([]);
    await clock.pass(1);
    expect(writes).toEqual(['requests/count']);
    budget.take(KEY);
    await clock.pass(500);
    expect(writes).toEqual(['requests/count']);
    await clock.pass(500);
    expect([writes.length, used()]).toEqual([2, [41, 41]]);
  });

  test('go on being counted in memory when they cannot be stored, and the log says so', async () => {
    const { clock, db, thread, problems } = firm();
    const { budget, keeper } = thread();
    for (let request = 0; request < 50; request += 1) budget.take(KEY);
    db.exec('DROP TABLE request_counts');
    await clock.pass(1000);
    await keeper.refresh();
    expect(problems).toEqual(['request counts could not be stored', 'request counts could not be read']);
    expect(budget.take(KEY)).toBeGreaterThan(0);
  });

  test('are forgotten a day later, and name no client', async () => {
    const { clock, db, thread } = firm();
    const { budget, keeper } = thread();
    budget.take(KEY);
    await keeper.flush();
    await clock.pass(26 * 3_600_000);
    budget.take(KEY);
    await keeper.flush();
    const rows = db.prepare('SELECT account, requests FROM request_counts').all() as { account: string; requests: number }[];
    expect(rows.map(({ requests }) => requests)).toEqual([1]);
    expect(rows[0]?.account).toMatch(/^[0-9a-f]{32}$/);
  });
});
