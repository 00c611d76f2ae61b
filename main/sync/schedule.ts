import { AppError } from '../../shared/contract/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { RunJob } from '../store/job.ts';
import type { ScheduleJobs } from './schedule-jobs.ts';

export interface ScheduleParts {
  readonly run: RunJob<ScheduleJobs>;
  /** Starts a sync; throws `already_running` when one is at work. */
  readonly startSync: (connectionId: number) => Promise<unknown>;
  readonly onStarted: () => void;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly random: Pick<Random, 'fraction'>;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

export interface Schedule {
  /** Looks now and then every half minute until stopped. */
  start(): void;
  /** Starts no further sync, and waits for one being started. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 30_000;

/**
 * Reads connections at their interval. When a run is planned stands in the book: a run missed while the program was off is
 * made up for once, and a death between start and note finds the sync at work and does not start a second one.
 */
export function createSchedule({ run, startSync, onStarted, clock, random, log }: ScheduleParts): Schedule {
  const stopping = new AbortController();
  let watching: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    for (const id of await run('schedule/due', { fraction: random.fraction() })) {
      if (stopping.signal.aborted) return;
      await startSync(id).catch((error: unknown) => {
        if (!(error instanceof AppError) || error.code !== 'already_running')
          log.error('a scheduled sync could not be started', { connectionId: id, error });
      });
      await run('schedule/ran', { id, fraction: random.fraction() });
      onStarted();
    }
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look().catch((error: unknown) => log.error('the schedule could not be looked at', { error }));
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
