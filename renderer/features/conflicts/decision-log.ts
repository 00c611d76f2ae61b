import { createStore, type StoreApi } from 'zustand/vanilla';

/** One batch this window made: enough to say what it was and to go back to it. */
export interface LoggedBatch {
  readonly batchId: string;
  readonly what: string;
  /** The conflict it settled when it was a single one. */
  readonly conflictId: string | null;
}

export interface DecisionLogState {
  /** Latest last. */
  readonly done: readonly LoggedBatch[];
  /** Undone here and not decided over since, latest last. */
  readonly undone: readonly LoggedBatch[];
}

export interface DecisionLog {
  readonly store: StoreApi<DecisionLogState>;
  /** A new decision: nothing is left to redo. */
  add(batch: LoggedBatch): void;
  /** Moves a batch, wherever it came from, to the undone ones. */
  undid(batch: LoggedBatch): void;
  redid(batch: LoggedBatch): void;
}

const MOST = 200;
const without = (list: readonly LoggedBatch[], { batchId }: LoggedBatch): LoggedBatch[] =>
  list.filter((entry) => entry.batchId !== batchId);
const onTop = (list: readonly LoggedBatch[], batch: LoggedBatch): LoggedBatch[] => [...without(list, batch), batch].slice(-MOST);

/** What Undo and Redo of this window reach: the batches made in it, in order. */
export const createDecisionLog = (): DecisionLog => {
  const store = createStore<DecisionLogState>(() => ({ done: [], undone: [] }));
  return {
    store,
    add: (batch) => store.setState(({ done }) => ({ done: onTop(done, batch), undone: [] })),
    undid: (batch) => store.setState(({ done, undone }) => ({ done: without(done, batch), undone: onTop(undone, batch) })),
    redid: (batch) => store.setState(({ done, undone }) => ({ done: onTop(done, batch), undone: without(undone, batch) })),
  };
};
