import { createRequestLedger, ledgerAccount, type RequestLedger } from './request-ledger.ts';

export interface RateWindow {
  readonly requests: number;
  readonly windowMs: number;
}

export interface RateBudget {
  /** Takes one request of the key's budget and answers 0, or answers the milliseconds to wait and takes nothing. */
  take(key: string): number;
}

/**
 * Sliding windows per key: within any span of `windowMs` at most `requests` are taken. All windows must have room. The key
 * stands for one account at the platform, so that all its connections and streams share the budget; the ledger may know
 * requests from before this start.
 */
export function createRateBudget(
  windows: readonly RateWindow[],
  monotonicMs: () => number,
  ledger: RequestLedger = createRequestLedger(),
): RateBudget {
  const longest = Math.max(0, ...windows.map((window) => window.windowMs));
  return {
    take: (key) => {
      const account = ledgerAccount(key);
      const now = monotonicMs();
      const taken = ledger.since(account, now - longest);
      let wait = 0;
      for (const { requests, windowMs } of windows) {
        const oldestInTheWay = taken.at(-requests);
        if (oldestInTheWay !== undefined) wait = Math.max(wait, oldestInTheWay + windowMs - now);
      }
      if (wait <= 0) ledger.add({ account, at: now });
      return Math.max(0, Math.ceil(wait));
    },
  };
}
