import { describe, expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import { createSchedule } from '../../main/sync/schedule.ts';
import { replan, scheduleJobs } from '../../main/sync/schedule-jobs.ts';
import { handClock, jobBook } from './job-book.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A book with one connection that is read every four hours and was added at 06:00, and a program that may be restarted. */
function office({ fraction = 0, every = 240 } = {}) {
  const clock = handClock('2026-11-20T06:00:00.000Z');
  const { db, run } = jobBook(clock);
  db.prepare(
    `INSERT INTO connections (id, platform, name, base_url, survivorship_rank, sync_every_minutes, created_at, updated_at)
     VALUES (1, 'orion', 'Orion', 'https://orion.example', 1, ?, ?, ?)`,
  ).run(every, clock.now(), clock.now());
  const started: string[] = [];
  const problems: unknown[] = [];
  let busy = false;
  const open = async () => {
    clock.restart();
    const schedule = createSchedule({
      run: run(scheduleJobs),
      startSync: async () => {
        if (busy) throw new AppError('already_running', 'This connection is syncing already.');
        started.push(String(clock.now()).slice(11, 16));
      },
      onStarted: () => undefined,
      clock,
      random: { fraction: () => fraction },
      log: { error: (_text, details) => problems.push(details['error']) },
    });
    schedule.start();
    onTestFinished(() => schedule.stop());
    // The first look is over before time goes on.
    await clock.pass(0);
    return schedule;
  };
  const next = (): unknown => db.prepare('SELECT next_run_at FROM connection_schedules WHERE connection_id = 1').pluck().get();
  return { clock, db, run: run(scheduleJobs), open, started, problems, next, atWork: (is: boolean) => (busy = is) };
}

describe('the schedule', () => {
  test('reads a connection an interval after it was added, then at every interval', async () => {
    const { clock, open, started, problems } = office();
    await open();
    await clock.pass(4 * HOUR - MINUTE);
    expect(started).toEqual([]);
    await clock.pass(MINUTE);
    for (let hour = 0; hour < 4; hour += 1) await clock.pass(HOUR);
    expect(started).toEqual(['10:00', '14:00']);
    expect(problems).toEqual([]);
  });

  test('makes up once for runs that were missed while the program was off, and keeps its plan over a restart', async () => {
    const { clock, open, started, next } = office();
    const first = await open();
    await clock.pass(4 * HOUR);
    expect(next()).toBe('2026-11-20T14:00:00.000Z');
    await first.stop();
    // Off for 13 hours: 14:00, 18:00 and 22:00 were missed.
    await clock.pass(13 * HOUR);
    await open();
    await clock.pass(0);
    expect(started).toEqual(['10:00', '23:00']);
    expect(next()).toBe('2026-11-21T03:00:00.000Z');
  });

  test('starts nothing beside a sync that is at work, and waits for the next interval', async () => {
    const { clock, open, started, next, atWork, problems } = office();
    atWork(true);
    await open();
    await clock.pass(4 * HOUR);
    expect([started, next(), problems]).toEqual([[], '2026-11-20T14:00:00.000Z', []]);
  });

  test('loses no run by a death between its start and its note: it is due again, and found at work', async () => {
    const { clock, run, open, started, atWork, next } = office();
    await clock.pass(4 * HOUR);
    expect(await run('schedule/due', { fraction: 0 })).toEqual([1]);
    // The sync was begun and the program died: what is at work is taken up again before the schedule looks.
    atWork(true);
    await open();
    await clock.pass(0);
    expect([started, next()]).toEqual([[], '2026-11-20T14:00:00.000Z']);
  });

  test('comes early by a chance share of the interval, five minutes at most', async () => {
    const { clock, open, next } = office({ fraction: 0.5 });
    await open();
    await clock.pass(0);
    // 240 min x 5 % = 12 min, held to 5 min; half of them is 2 min 30 s.
    expect(next()).toBe('2026-11-20T09:57:30.000Z');
    const hourly = office({ fraction: 0.5, every: 60 });
    await hourly.open();
    await hourly.clock.pass(0);
    // 60 min x 5 % = 3 min; half is 1 min 30 s.
    expect(hourly.next()).toBe('2026-11-20T06:58:30.000Z');
  });

  test('plans anew when the interval changes, and leaves out what is read only when asked or needs a sign-in', async () => {
    const { clock, db, run, next } = office();
    await run('schedule/due', { fraction: 0 });
    db.exec('UPDATE connections SET sync_every_minutes = 60');
    replan(db, 1);
    expect(next()).toBe('2026-11-20T07:00:00.000Z');
    db.exec("UPDATE connections SET status = 'needs_sign_in'");
    await clock.pass(9 * HOUR);
    expect(await run('schedule/due', { fraction: 0 })).toEqual([]);
    expect(next()).toBe(undefined);
    db.exec("UPDATE connections SET status = 'active'");
    expect(await run('schedule/due', { fraction: 0 })).toEqual([1]);
    db.exec('UPDATE connections SET sync_every_minutes = 0');
    replan(db, 1);
    expect(await run('schedule/due', { fraction: 0 })).toEqual([]);
  });

  test('goes on with the others when one cannot be started', async () => {
    const clock = handClock('2026-11-20T06:00:00.000Z');
    const tried: number[] = [];
    const noted: unknown[] = [];
    const schedule = createSchedule({
      run: (async (name: string, args: unknown) => (name === 'schedule/due' ? [1, 2] : void noted.push(args))) as never,
      startSync: async (id) => {
        tried.push(id);
        if (id === 1) throw new Error('gone');
      },
      onStarted: () => undefined,
      clock,
      random: { fraction: () => 0 },
      log: { error: () => undefined },
    });
    schedule.start();
    await clock.pass(0);
    await schedule.stop();
    expect(tried).toEqual([1, 2]);
    expect(noted).toEqual([
      { id: 1, fraction: 0 },
      { id: 2, fraction: 0 },
    ]);
  });
});
