import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ONE } from '../../shared/model/decimal.ts';
import type { SecurityRecord } from '../../main/connectors/connector.ts';
import { oneAhead } from '../../main/connectors/one-ahead.ts';
import { createRateBudget } from '../../main/connectors/rate-budget.ts';
import { createSecurityBook } from '../../main/connectors/security-book.ts';
import { NO_IDENTIFIERS } from '../../main/connectors/security-identifiers.ts';

describe('rate budget', () => {
  it('never lets more requests through than any window allows, and never waits longer than needed', () => {
    const windows = [
      { requests: 3, windowMs: 100 },
      { requests: 5, windowMs: 1000 },
    ];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 60 }), (pauses) => {
        let now = 0;
        const budget = createRateBudget(windows, () => now);
        const taken: number[] = [];
        for (const pause of pauses) {
          now += pause;
          const wait = budget.take('k');
          if (wait > 0) {
            now += wait - 1;
            expect(budget.take('k')).toBe(1);
            now += 1;
            expect(budget.take('k')).toBe(0);
          }
          taken.push(now);
        }
        for (const { requests, windowMs } of windows) {
          for (const at of taken)
            expect(taken.filter((other) => other > at - windowMs && other <= at).length).toBeLessThanOrEqual(requests);
        }
      }),
    );
  });

  it('keeps a budget per key', () => {
    const budget = createRateBudget([{ requests: 1, windowMs: 1000 }], () => 0);
    expect([budget.take('a'), budget.take('b'), budget.take('a')]).toEqual([0, 0, 1000]);
  });
});

describe('loading one page ahead', () => {
  const pages =
    (events: string[], last = 3) =>
    async (page: number) => {
      events.push(`load ${page}`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`loaded ${page}`);
      return { value: page, next: page < last ? page + 1 : null };
    };

  it('starts the next load before a page is handed out, and never two', async () => {
    const events: string[] = [];
    for await (const page of oneAhead(1, new AbortController().signal, pages(events))) {
      events.push(`got ${page}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(events).toEqual(['load 1', 'loaded 1', 'load 2', 'got 1', 'loaded 2', 'load 3', 'got 2', 'loaded 3', 'got 3']);
  });

  it('aborts the load under way when the reader stops early', async () => {
    const signals: AbortSignal[] = [];
    const load = async (page: number, signal: AbortSignal) => {
      signals.push(signal);
      return { value: page, next: page + 1 };
    };
    for await (const page of oneAhead(1, new AbortController().signal, load)) if (page === 2) break;
    expect(signals.at(-1)?.aborted).toBe(true);
  });

  it('hands out what came before a failure, then fails', async () => {
    const load = async (page: number) => {
      if (page === 2) throw new Error('page 2 is gone');
      return { value: page, next: page + 1 };
    };
    const got: number[] = [];
    const reading = (async () => {
      for await (const page of oneAhead(1, new AbortController().signal, load)) {
        got.push(page);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    await expect(reading).rejects.toThrow('page 2 is gone');
    expect(got).toEqual([1]);
  });
});

describe('securities of a pass', () => {
  const security = (cusip: string | null, ticker: string | null): SecurityRecord => ({
    externalId: '911',
    name: 'Apple Inc',
    type: 'stock',
    ...NO_IDENTIFIERS,
    cusip,
    ticker,
    currency: 'USD',
    multiplier: ONE,
  });

  it('are handed out once, and again when they gain an identifier; what is known is not changed', () => {
    const book = createSecurityBook();
    const see = (cusip: string | null, ticker: string | null) =>
      book.see('911', { cusip, ticker }, () => security(cusip, ticker));
    see(null, 'AAPL');
    see(null, 'AAPL');
    expect(book.take()).toEqual([security(null, 'AAPL')]);
    expect(book.take()).toEqual([]);
    see('037833100', 'APPL');
    expect(book.take()).toEqual([security('037833100', 'AAPL')]);
    see(null, 'AAPL');
    expect(book.take()).toEqual([]);
  });
});
