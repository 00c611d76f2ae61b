import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppEvent } from '../../shared/contract/index.ts';

export type SyncProgress = Extract<AppEvent, { type: 'sync_progressed' }>;
export type RunProgress = Extract<AppEvent, { type: 'reconciliation_progressed' }>;

/** What is at work now, by operation and by run, from the latest event of each. */
export interface ProgressState {
  readonly syncs: Readonly<Record<string, SyncProgress>>;
  readonly runs: Readonly<Record<string, RunProgress>>;
}
export type ProgressStore = StoreApi<ProgressState> & { readonly take: (event: AppEvent) => void };

const OVER: ReadonlySet<SyncProgress['status']> = new Set(['queued', 'completed', 'failed', 'cancelled', 'rolled_back']);

const without = <T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([other]) => other !== key));

/** Collects progress events; work that is over, or back in the queue, leaves the list. */
export const createProgressStore = (): ProgressStore => {
  const store = createStore<ProgressState>(() => ({ syncs: {}, runs: {} }));
  const take = (event: AppEvent): void => {
    if (event.type === 'sync_progressed') {
      store.setState(({ syncs }) => ({
        syncs: OVER.has(event.status) ? without(syncs, event.operationId) : { ...syncs, [event.operationId]: event },
      }));
    } else if (event.type === 'reconciliation_progressed') {
      store.setState(({ runs }) => ({ runs: event.finished ? without(runs, event.runId) : { ...runs, [event.runId]: event } }));
    }
  };
  return Object.assign(store, { take });
};
