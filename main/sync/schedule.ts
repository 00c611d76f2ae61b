import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { RunJob } from '../store/job.ts';
import type { ScheduleJobs } from './schedule-jobs.ts';

export interface ScheduleParts {
  readonly run: RunJob<ScheduleJobs>;
  /** Something went into the queue. */
  readonly onQueued: () => Promise<void>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly random: Pick<Random, 'fraction'>;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

export interface Schedule {
  /** Looks now and then every half minute until stopped. */
  start(): void;
  /** Queues nothing more, and waits for a look under way. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 30_000;

/** Puts connections into the queue when their run is due. When that is stands in the book, so a run missed while the program was off is made up for once. */
export function createSchedule({ run, onQueued, clock, random, log }: ScheduleParts): Schedule {
  const stopping = new AbortController();
  let watching: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    if ((await run('schedule/queue-due', { fraction: random.fraction() })) > 0) await onQueued();
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look().catch((error: unknown) => log.error('the schedule could not be looked at', { error }));
      if (stopping.signal.aborted) return;
      await clock.sleep(LOOK_EVERY_MS, stopping.signal).catch(() => undefined);
    }
  }

  return {
    start: () => {
      watching = watch();
    },
    stop: () => {
      stopping.abort();
      return watching;
    },
  };
}
