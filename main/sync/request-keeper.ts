import type { LedgerEntry, RequestLedger } from '../connectors/request-ledger.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunJob } from '../store/job.ts';
import type { RequestCount, RequestJobs } from './request-counts.ts';

export interface RequestKeeperParts {
  readonly ledger: RequestLedger;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs' | 'sleep'>;
  readonly run: RunJob<RequestJobs>;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

export interface RequestKeeper {
  /** Stores what is not stored yet. Never rejects: a budget that could not be stored is counted in memory on. */
  flush(): Promise<void>;
  /** Takes over what other threads and earlier starts have stored. Never rejects. */
  refresh(): Promise<void>;
}

const FLUSH_EVERY_MS = 1000;

/** Stores the requests of a ledger, at most once a second and without keeping a request waiting. */
export function createRequestKeeper({ ledger, clock, run, log }: RequestKeeperParts): RequestKeeper {
  let waiting = false;

  /** Milliseconds between the two clocks now: adding it to a monotonic moment gives the time of day. */
  const offset = (): number => Date.parse(clock.now()) - clock.monotonicMs();

  function counted(entries: readonly LedgerEntry[]): RequestCount[] {
    const shift = offset();
    const bySecond = Map.groupBy(entries, ({ account, at }) => `${account} ${Math.floor((at + shift) / 1000)}`);
    return [...bySecond].map(([key, group]) => {
      const [account = '', second = ''] = key.split(' ');
      return { account, second: Number(second), requests: group.length };
    });
  }

  async function flush(): Promise<void> {
    const entries = ledger.drain();
    if (entries.length === 0) return;
    try {
      await run('requests/count', counted(entries));
    } catch (error) {
      log('request counts could not be stored', { error, requests: entries.length });
    }
  }

  async function later(): Promise<void> {
    await clock.sleep(FLUSH_EVERY_MS).catch(() => undefined);
    waiting = false;
    await flush();
  }

  ledger.onAdded(() => {
    if (waiting) return;
    waiting = true;
    void later();
  });

  return {
    flush,
    async refresh() {
      await flush();
      try {
        const stored = await run('requests/recent', undefined);
        const shift = offset();
        // Counted at the end of its second: rather a moment too long than one request too many.
        ledger.restore(
          stored.flatMap(({ account, second, requests }) =>
            Array.from({ length: requests }, () => ({ account, at: Math.min(second * 1000 + 999 - shift, clock.monotonicMs()) })),
          ),
        );
      } catch (error) {
        log('request counts could not be read', { error });
      }
    },
  };
}
