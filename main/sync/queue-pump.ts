import type { Clock } from '../ports/clock.ts';
import type { OperationStart } from './queue-jobs.ts';

export interface QueuePumpParts {
  /** Takes out of the queue what has room, and says when the next wait in it ends. */
  readonly claim: () => Promise<{ readonly starts: readonly OperationStart[]; readonly nextAt: string | null }>;
  readonly begin: (start: OperationStart) => void;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

export interface QueuePump {
  /** Begins what the queue has room for now. Never rejects. */
  pump(): Promise<void>;
  /** Begins nothing more; waits for a look under way. */
  stop(): Promise<void>;
}

/** Begins waiting operations: when told that something changed, and by itself when a wait in the queue ends. */
export function createQueuePump({ claim, begin, clock, log }: QueuePumpParts): QueuePump {
  let looking: Promise<void> = Promise.resolve();
  let asked: Promise<void> | null = null;
  let alarm = new AbortController();
  let stopped = false;

  async function look(): Promise<void> {
    asked = null;
    if (stopped) return;
    const { starts, nextAt } = await claim();
    for (const start of starts) begin(start);
    alarm.abort();
    alarm = new AbortController();
    if (nextAt === null || stopped) return;
    const ms = Math.max(1, Date.parse(nextAt) - Date.parse(clock.now()));
    void clock.sleep(ms, alarm.signal).then(pump, () => undefined);
  }

  function pump(): Promise<void> {
    // Whoever asks while a look waits for its turn is served by that look.
    asked ??= looking = looking
      .then(look)
      .catch((error: unknown) => log.error('the queue of syncs could not be looked at', { error }));
    return asked;
  }

  return {
    pump,
    stop: () => {
      stopped = true;
      alarm.abort();
      return looking;
    },
  };
}
