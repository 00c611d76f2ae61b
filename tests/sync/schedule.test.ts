import { describe, expect, onTestFinished, test } from 'vitest';
import { createSchedule } from '../../main/sync/schedule.ts';
import { keepTimetable, replan, scheduleJobs } from '../../main/sync/schedule-jobs.ts';
import { handClock, jobBook } from './job-book.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A book with one connection that is read every four hours and was added at 06:00, and a program that may be restarted. */
function office({ fraction = 0.381_966_011_25, every = 240 } = {}) {
  const clock = handClock('2026-11-20T06:00:00.000Z');
  const { db, run } = jobBook(clock);
  db.prepare(
    `INSERT INTO connections (id, platform, name, base_url, survivorship_rank, sync_every_minutes, created_at, updated_at)
     VALUES (1, 'orion', 'Orion', 'https://orion.example', 1, ?, ?, ?)`,
  ).run(every, clock.now(), clock.now());
  const problems: unknown[] = [];
  let ends = true;
  const open = async () => {
    clock.restart();
    const schedule = createSchedule({
      run: run(scheduleJobs),
      onQueued: async () => {
        if (ends) db.exec("UPDATE sync_operations SET status = 'completed' WHERE status = 'queued'");
      },
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
  const queued = (): string[] =>
    (db.prepare('SELECT queued_at FROM sync_operations ORDER BY id').pluck().all() as string[]).map((at) => at.slice(11, 16));
  return { clock, db, run: run(scheduleJobs), open, queued, problems, next, atWork: (is: boolean) => (ends = !is) };
}
// The share of a connection is the fraction plus a step of 0.618… per id; for the first one this fraction makes it 0.
const NO_JITTER = { fraction: 0.381_966_011_25 };

describe('the schedule', () => {
  test('reads a connection an interval after it was added, then at every interval', async () => {
    const { clock, open, queued, problems } = office();
    await open();
    await clock.pass(4 * HOUR - MINUTE);
    expect(queued()).toEqual([]);
    await clock.pass(MINUTE);
    for (let hour = 0; hour < 4; hour += 1) await clock.pass(HOUR);
    expect(queued()).toEqual(['10:00', '14:00']);
    expect(problems).toEqual([]);
  });

  test('makes up once for runs that were missed while the program was off, and keeps its plan over a restart', async () => {
    const { clock, open, queued, next } = office();
    const first = await open();
    await clock.pass(4 * HOUR);
    expect(next()).toBe('2026-11-20T14:00:00.000Z');
    await first.stop();
    // Off for 13 hours: 14:00, 18:00 and 22:00 were missed.
    await clock.pass(13 * HOUR);
    await open();
    await clock.pass(0);
    expect(queued()).toEqual(['10:00', '23:00']);
    expect(next()).toBe('2026-11-21T03:00:00.000Z');
  });

  test('queues nothing beside a sync that waits or is at work, and waits for the next interval', async () => {
    const { clock, open, queued, next, atWork, problems } = office();
    atWork(true);
    await open();
    await clock.pass(4 * HOUR);
    await clock.pass(4 * HOUR);
    expect([queued(), next(), problems]).toEqual([['10:00'], '2026-11-20T18:00:00.000Z', []]);
  });

  test('loses and doubles no run by a death: the run and the next plan are one transaction', async () => {
    const { clock, db, run, queued, next } = office();
    await run('schedule/queue-due', NO_JITTER);
    await clock.pass(4 * HOUR);
    db.exec("CREATE TRIGGER dies BEFORE UPDATE ON connection_schedules BEGIN SELECT raise(ABORT, 'power'); END");
    await expect(run('schedule/queue-due', NO_JITTER)).rejects.toThrow('power');
    expect([queued(), next()]).toEqual([[], '2026-11-20T10:00:00.000Z']);
    db.exec('DROP TRIGGER dies');
    expect(await run('schedule/queue-due', NO_JITTER)).toBe(1);
    expect([queued(), next()]).toEqual([['10:00'], '2026-11-20T14:00:00.000Z']);
  });

  test('comes early by a chance share of the interval, five minutes at most, and another one for each connection', async () => {
    const { clock, db, run, next } = office();
    // 0.881966… + 0.618034… is 1.5, so the share is a half. 240 min x 5 % = 12 min, held to 5 min; half of them is 2 min 30 s.
    await run('schedule/queue-due', { fraction: 0.881_966_011_25 });
    expect(next()).toBe('2026-11-20T09:57:30.000Z');
    db.exec('UPDATE connections SET sync_every_minutes = 60; DELETE FROM connection_schedules');
    // 60 min x 5 % = 3 min; half is 1 min 30 s.
    await run('schedule/queue-due', { fraction: 0.881_966_011_25 });
    expect(next()).toBe('2026-11-20T06:58:30.000Z');
    const add = db.prepare(
      `INSERT INTO connections (platform, name, base_url, survivorship_rank, created_at, updated_at) VALUES ('orion', ?, '', 1, ?, ?)`,
    );
    for (let i = 0; i < 50; i += 1) add.run(`River ${i}`, clock.now(), clock.now());
    await run('schedule/queue-due', { fraction: 0.25 });
    expect(db.prepare('SELECT count(DISTINCT next_run_at) FROM connection_schedules').pluck().get()).toBe(51);
  });

  test('plans anew when the interval changes, and leaves out what is read only when asked or needs a sign-in', async () => {
    const { clock, db, run, next } = office();
    await run('schedule/queue-due', NO_JITTER);
    db.exec('UPDATE connections SET sync_every_minutes = 60');
    replan(db, 1, clock.now());
    expect(next()).toBe('2026-11-20T07:00:00.000Z');
    db.exec("UPDATE connections SET status = 'needs_sign_in'");
    await clock.pass(9 * HOUR);
    expect(await run('schedule/queue-due', NO_JITTER)).toBe(0);
    expect(next()).toBe(undefined);
    db.exec("UPDATE connections SET status = 'active'");
    expect(await run('schedule/queue-due', NO_JITTER)).toBe(1);
    db.exec("UPDATE sync_operations SET status = 'completed'; UPDATE connections SET sync_every_minutes = 0");
    replan(db, 1, clock.now());
    expect(await run('schedule/queue-due', NO_JITTER)).toBe(0);
  });

  test('rests in quiet hours of its own zone: what falls due in them comes once at their end', async () => {
    const { clock, db, run, queued, next } = office();
    // 20:00 to 09:30 in New York is 01:00 to 14:30 in UTC, in November.
    keepTimetable(db, 1, { cron: null, zone: 'America/New_York', quietFrom: '20:00', quietTo: '09:30' }, clock.now());
    replan(db, 1, clock.now());
    // 06:00 and four hours is 10:00 UTC, which is 05:00 there.
    expect(next()).toBe('2026-11-20T14:30:00.000Z');
    await clock.pass(8.5 * HOUR);
    expect(await run('schedule/queue-due', NO_JITTER)).toBe(1);
    expect([queued(), next()]).toEqual([['14:30'], '2026-11-20T18:30:00.000Z']);
    db.exec("UPDATE sync_operations SET status = 'completed'");
    // The machine sleeps from then until 03:00 UTC, in the middle of the quiet hours.
    await clock.pass(12.5 * HOUR);
    expect(await run('schedule/queue-due', NO_JITTER)).toBe(0);
    expect(next()).toBe('2026-11-21T14:30:00.000Z');
  });

  test('follows a cron expression in its zone in place of the interval, over a change of the clocks', async () => {
    const { clock, db, run, queued, next } = office({ every: 0 });
    keepTimetable(db, 1, { cron: '0 7 * * 1-5', zone: 'Europe/Zurich', quietFrom: null, quietTo: null }, clock.now());
    replan(db, 1, clock.now());
    // Friday 07:00 there was at 06:00 UTC, just now; the next weekday is Monday.
    expect(next()).toBe('2026-11-23T06:00:00.000Z');
    await clock.pass(72 * HOUR);
    expect(await run('schedule/queue-due', NO_JITTER)).toBe(1);
    expect([queued(), next()]).toEqual([['06:00'], '2026-11-24T06:00:00.000Z']);
    // After the last Sunday of March seven o'clock there is 05:00 UTC.
    db.exec(
      "UPDATE connection_schedules SET next_run_at = '2027-03-26T06:00:00.000Z'; UPDATE sync_operations SET status = 'completed'",
    );
    await clock.pass(Date.parse('2027-03-26T06:00:00.000Z') - Date.parse(clock.now()));
    await run('schedule/queue-due', NO_JITTER);
    expect(next()).toBe('2027-03-29T05:00:00.000Z');
  });

  test('goes on looking after a look that failed', async () => {
    const clock = handClock('2026-11-20T06:00:00.000Z');
    let looks = 0;
    let heard = 0;
    const schedule = createSchedule({
      run: (async () => {
        looks += 1;
        if (looks === 1) throw new Error('gone');
        return 2;
      }) as never,
      onQueued: async () => void (heard += 1),
      clock,
      random: { fraction: () => 0 },
      log: { error: () => undefined },
    });
    schedule.start();
    await clock.pass(0);
    await clock.pass(30_000);
    await schedule.stop();
    expect([looks, heard]).toEqual([2, 1]);
  });
});
