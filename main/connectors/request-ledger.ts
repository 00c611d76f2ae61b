import { createHash } from 'node:crypto';

/** Names an account at a platform without giving away its client id, which is one of its credentials. */
export const ledgerAccount = (budgetKey: string): string => createHash('sha256').update(budgetKey).digest('hex').slice(0, 32);

export interface LedgerEntry {
  readonly account: string;
  /** Monotonic milliseconds of this thread; below zero for what was before its start. */
  readonly at: number;
}

/** When requests were made, per account at a platform: budgets count on it, and a keeper stores it. */
export interface RequestLedger {
  /** Later than `after`, oldest first. What is older is forgotten. */
  since(account: string, after: number): readonly number[];
  add(entry: LedgerEntry): void;
  /** What was added since the last call. */
  drain(): readonly LedgerEntry[];
  /** Replaces all by what is stored; what has not been drained yet stays beside it. */
  restore(stored: readonly LedgerEntry[]): void;
  /** Hears of every request from then on. */
  onAdded(listener: () => void): void;
}

export function createRequestLedger(): RequestLedger {
  let moments = new Map<string, number[]>();
  let undrained: LedgerEntry[] = [];
  const listeners: (() => void)[] = [];
  const put = ({ account, at }: LedgerEntry): void => {
    const known = moments.get(account);
    if (known) known.push(at);
    else moments.set(account, [at]);
  };
  return {
    since(account, after) {
      const kept = (moments.get(account) ?? []).filter((at) => at > after);
      moments.set(account, kept);
      return kept;
    },
    add(entry) {
      put(entry);
      undrained.push(entry);
      for (const listener of listeners) listener();
    },
    drain() {
      const drained = undrained;
      undrained = [];
      return drained;
    },
    restore(stored) {
      moments = new Map();
      for (const entry of [...stored, ...undrained].toSorted((a, b) => a.at - b.at)) put(entry);
    },
    onAdded: (listener) => void listeners.push(listener),
  };
}
