import type { AppEvent } from '../../shared/contract/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { IngestProgress } from './ingest.ts';
import type { OperationStart } from './queue-jobs.ts';

type SyncProgressed = Extract<AppEvent, { type: 'sync_progressed' }>;
type State = IngestProgress & Pick<SyncProgressed, 'merged' | 'waiting'>;

export interface Progress {
  report(status: SyncProgressed['status'], change: Partial<State>): void;
}

const EVENT_EVERY_MS = 200;

/** Turns progress into events, a few a second at most, with rate and remaining time. */
export function createProgress(
  start: OperationStart,
  clock: Pick<Clock, 'monotonicMs'>,
  emit: (event: AppEvent) => void,
): Progress {
  const began = clock.monotonicMs();
  let state: State = { pages: start.pages, records: 0, expected: null, merged: 0, waiting: null };
  let last = -Infinity;
  let lastStatus: SyncProgressed['status'] | null = null;
  return {
    report(status, change) {
      const waited = state.waiting;
      state = { ...state, ...change };
      const now = clock.monotonicMs();
      if (status === lastStatus && now - last < EVENT_EVERY_MS && waited === state.waiting) return;
      last = now;
      lastStatus = status;
      const seconds = Math.max(0.001, (now - began) / 1000);
      const rate = Math.round(state.records / seconds);
      const left = state.expected === null || rate === 0 ? null : Math.max(0, Math.ceil((state.expected - state.records) / rate));
      emit({
        type: 'sync_progressed',
        operationId: String(start.operationId),
        connectionId: String(start.connectionId),
        status,
        pages: state.pages,
        records: state.records,
        expected: state.expected,
        merged: state.merged,
        recordsPerSecond: rate,
        secondsRemaining: left,
        waiting: state.waiting,
      });
    },
  };
}
