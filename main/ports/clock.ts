import { setTimeout as delay } from 'node:timers/promises';
import { calendarDate, type CalendarDate, type Instant } from '../../shared/model/date.ts';

export interface Clock {
  now(): Instant;
  /** The calendar day where the program runs. */
  today(): CalendarDate;
  /** Milliseconds that only ever grow; for durations, never shown. */
  monotonicMs(): number;
  /** Rejects with an AbortError as soon as the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

const MAX_TIMER_MS = 2 ** 31 - 1;
const twoDigits = (value: number): string => String(value).padStart(2, '0');

export const systemClock: Clock = {
  now: () => new Date().toISOString() as Instant,
  today: () => {
    const now = new Date();
    return calendarDate(
      `${String(now.getFullYear()).padStart(4, '0')}-${twoDigits(now.getMonth() + 1)}-${twoDigits(now.getDate())}`,
    );
  },
  monotonicMs: () => performance.now(),
  sleep: async (ms, signal) => {
    for (let left = ms; left > 0; left -= MAX_TIMER_MS)
      await delay(Math.min(left, MAX_TIMER_MS), undefined, signal ? { signal } : {});
  },
};

/** Runs work once the thread has dealt with the message at hand. */
export const soon = (work: () => void): void => void setImmediate(work);
