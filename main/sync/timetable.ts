import { Cron } from 'croner';
import type { SchedulePreview, Timetable } from '../../shared/contract/timetable.ts';

/** When a connection is read: its interval, or an expression in place of it, and hours in which it rests. */
export interface Plan extends Timetable {
  /** 0: only when asked, where there is no expression. */
  readonly everyMinutes: number;
}

/** Runs of an interval come up to this share of it early, so that connections added together do not stay together. */
const JITTER_SHARE = 0.05;
const MOST_JITTER_MS = 5 * 60_000;
/** Runs at a time of day come up to this much late, never early: before seven is not at seven. */
const MOST_LATE_MS = 60_000;
const CLOSEST_MS = 5 * 60_000;
const LOOKED_AT = 50;

const iso = (ms: number): string => new Date(ms).toISOString();
const date = (instant: string): Date => new Date(Date.parse(instant));
const expression = (cron: string, zone: string): Cron => new Cron(cron, { timezone: zone, mode: '5-part', paused: true });

const timeIn = (zone: string, instant: string): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    date(instant),
  );

/** Whether a connection rests at a moment. */
export function restsAt({ zone, quietFrom, quietTo }: Timetable, instant: string): boolean {
  if (quietFrom === null || quietTo === null) return false;
  const time = timeIn(zone, instant);
  return quietFrom < quietTo ? time >= quietFrom && time < quietTo : time >= quietFrom || time < quietTo;
}

/** The moment itself, or the end of the quiet hours it lies in. */
export function afterRest(plan: Timetable, instant: string): string {
  if (!restsAt(plan, instant)) return instant;
  const [hour, minute] = (plan.quietTo ?? '00:00').split(':').map(Number);
  return expression(`${minute} ${hour} * * *`, plan.zone).nextRun(date(instant))?.toISOString() ?? instant;
}

/**
 * The first run after a moment, out of quiet hours; null when it is read only when asked. `fraction` in [0, 1) is the
 * jitter: 0 gives the time as it was set.
 */
export function nextRun(plan: Plan, after: string, fraction: number): string | null {
  if (plan.cron === null && plan.everyMinutes === 0) return null;
  const late = Math.round(fraction * MOST_LATE_MS);
  if (plan.cron === null) {
    const everyMs = plan.everyMinutes * 60_000;
    const early = Math.round(fraction * Math.min(MOST_JITTER_MS, everyMs * JITTER_SHARE));
    const run = iso(Date.parse(after) + everyMs - early);
    return restsAt(plan, run) ? iso(Date.parse(afterRest(plan, run)) + late) : run;
  }
  const run = expression(plan.cron, plan.zone).nextRun(date(after));
  return run === null ? null : iso(Date.parse(afterRest(plan, run.toISOString())) + late);
}

/** The next runs after a moment, as set. */
function runsAfter(plan: Plan, now: string, count: number): string[] {
  const runs: string[] = [];
  for (let at = nextRun(plan, now, 0); at !== null && runs.length < count; at = nextRun(plan, at, 0)) runs.push(at);
  return runs;
}

function cronProblem(cron: string, zone: string, now: string): string | null {
  let parsed: Cron;
  try {
    parsed = expression(cron, zone);
  } catch {
    return 'This is not a cron expression of five fields: minute, hour, day, month, weekday. For example 0 7 * * 1-5 is seven on weekdays.';
  }
  const runs = parsed.nextRuns(LOOKED_AT, date(now)).map((run) => run.getTime());
  if (runs.length === 0) return 'This never comes. Check the day and the month.';
  const close = runs.some((run, i) => i > 0 && run - (runs[i - 1] ?? 0) < CLOSEST_MS);
  return close ? 'Runs come closer than five minutes to each other. Leave at least five minutes between them.' : null;
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '' && !/^[+-]/.test(zone);
  } catch {
    return false;
  }
}

/** What is wrong with a plan, or its next three runs. */
export function previewPlan(plan: Plan, now: string): SchedulePreview {
  const { cron, zone, quietFrom, quietTo } = plan;
  if (!isZone(zone))
    return {
      problems: [{ field: 'zone', message: 'No time zone has this name. Write it as in Europe/Zurich or America/New_York.' }],
      runs: [],
    };
  const problems: SchedulePreview['problems'] = [];
  const wrong = cron === null ? null : cronProblem(cron, zone, now);
  if (wrong !== null) problems.push({ field: 'cron', message: wrong });
  if ((quietFrom === null) !== (quietTo === null))
    problems.push({ field: 'quiet', message: 'Quiet hours need a beginning and an end. Set both, or clear both.' });
  else if (quietFrom !== null && quietFrom === quietTo)
    problems.push({ field: 'quiet', message: 'Quiet hours that end when they begin would last all day. Change one of them.' });
  return { problems, runs: problems.length === 0 ? runsAfter(plan, now, 3) : [] };
}
