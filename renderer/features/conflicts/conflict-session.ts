import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConflictRow } from '../../../shared/contract/conflicts.ts';
import type { Runtime } from '../../app/runtime.tsx';
import { createDecisionLog, type DecisionLog } from './decision-log.ts';
import type { Decision } from './decision.ts';

/** A decision that was refused because the conflict had changed: what the person saw, and what they wanted. */
export interface Refused {
  readonly seen: ConflictRow;
  readonly decision: Decision;
}

/** What this window knows about its own decisions; it outlives the screen. */
export interface ConflictSession {
  readonly log: DecisionLog;
  /** Conflicts decided here, to be passed over until the list has caught up. */
  readonly decided: Set<string>;
  readonly refused: StoreApi<ReadonlyMap<string, Refused>>;
  /** Decisions on their way; Undo waits for them. */
  readonly pending: Set<Promise<unknown>>;
  /** The latest message about a decision: the next one takes its place. */
  toast: number;
}

const sessions = new WeakMap<Runtime, ConflictSession>();

/** The session of a window, made when first asked for. */
export const conflictSession = (runtime: Runtime): ConflictSession => {
  const known = sessions.get(runtime);
  if (known) return known;
  const made: ConflictSession = {
    log: createDecisionLog(),
    decided: new Set(),
    refused: createStore<ReadonlyMap<string, Refused>>(() => new Map()),
    pending: new Set(),
    toast: 0,
  };
  sessions.set(runtime, made);
  return made;
};

/** Remembers or forgets that a decision on a conflict was refused. */
export const setRefused = ({ refused }: ConflictSession, id: string, refusal: Refused | null): void =>
  refused.setState((all) => {
    const next = new Map(all);
    if (refusal === null) next.delete(id);
    else next.set(id, refusal);
    return next;
  }, true);
