import type { AppEvent, Topic } from '../../shared/contract/index.ts';
import type { Measures } from '../alerts/conditions.ts';
import type { Evaluated, Notice } from '../alerts/evaluate.ts';
import type { Clock } from '../ports/clock.ts';

export interface AlertWatchParts {
  readonly measure: () => Promise<Measures>;
  readonly evaluate: (measures: Measures | null) => Promise<Evaluated>;
  readonly onChanged: () => void;
  readonly onNotices: (notices: readonly Notice[]) => void;
  readonly clock: Pick<Clock, 'monotonicMs' | 'sleep'>;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

export interface AlertWatch {
  /** Looks now, after every change that may matter, and once a minute, until stopped. */
  start(): void;
  hear(event: AppEvent): void;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 60_000;
/** A burst of changes is looked at once. */
const GATHER_MS = 1_000;
const WATCHED: ReadonlySet<Topic> = new Set(['connections', 'operations', 'conflicts', 'reconciliation', 'settings']);

/** Looks whether anything stands that people are to be told of. What takes measuring is looked at once a minute. */
export function createAlertWatch({ measure, evaluate, onChanged, onNotices, clock, log }: AlertWatchParts): AlertWatch {
  const stopping = new AbortController();
  let waking = new AbortController();
  let running: Promise<void> = Promise.resolve();

  async function look(measures: Measures | null): Promise<void> {
    const { changed, notices } = await evaluate(measures);
    if (changed) onChanged();
    if (notices.length > 0) onNotices(notices);
  }

  async function watch(): Promise<void> {
    let measureAt = clock.monotonicMs();
    while (!stopping.signal.aborted) {
      const full = clock.monotonicMs() >= measureAt;
      if (full) measureAt = clock.monotonicMs() + LOOK_EVERY_MS;
      waking = new AbortController();
      try {
        await look(full ? await measure() : null);
      } catch (error) {
        log.error('the alerts could not be looked at', { error });
      }
      const left = Math.max(0, measureAt - clock.monotonicMs());
      await clock.sleep(left, AbortSignal.any([stopping.signal, waking.signal])).catch(() => undefined);
      if (waking.signal.aborted) await clock.sleep(GATHER_MS, stopping.signal).catch(() => undefined);
    }
  }

  return {
    start: () => {
      running = watch();
    },
    hear: (event) => {
      if (event.type === 'data_changed' && event.topics.some((topic) => WATCHED.has(topic))) waking.abort();
    },
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
