const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const clock = new Intl.DateTimeFormat('sv-SE', { hour: '2-digit', minute: '2-digit' });
const date = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short' });
const YEAR = '2026-'.length;

export interface TimeTick {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly label: string;
}

/** Hours between marks, the finest that leaves at most `most` of them. */
const STEPS = [1, 2, 3, 6, 12, 24, 48, 120, 240];

/** Marks of a time axis at whole local hours or midnights, at most about `most`. Times in milliseconds. */
export function timeTicks(from: number, to: number, most: number): readonly TimeTick[] {
  const step = STEPS.find((hours) => (to - from) / (hours * HOUR) <= most) ?? Math.ceil((to - from) / (most * DAY)) * 24;
  // Hour by hour and day by day through the calendar, so that a change of the clocks moves no mark.
  const at = new Date(from);
  at.setHours(0, 0, 0, 0);
  const ticks: TimeTick[] = [];
  while (at.getTime() < to) {
    const midnight = at.getHours() === 0;
    if (at.getTime() >= from) ticks.push({ at: at.getTime(), label: midnight ? date.format(at).slice(YEAR) : clock.format(at) });
    if (step >= 24) at.setDate(at.getDate() + step / 24);
    else at.setHours(at.getHours() + step);
  }
  return ticks;
}
