import { describe, expect, it } from 'vitest';
import { systemClock } from '../../main/ports/clock.ts';
import { systemRandom } from '../../main/ports/random.ts';

describe('system clock', () => {
  it('tells the instant in UTC with milliseconds and the local calendar day', () => {
    expect(systemClock.now()).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
    const now = new Date();
    expect([now.getDate(), new Date(now.getTime() - 1000).getDate()]).toContain(Number(systemClock.today().slice(8)));
  });

  it('sleeps at least as long as asked and wakes with an error when stopped', async () => {
    const from = systemClock.monotonicMs();
    await systemClock.sleep(20);
    expect(systemClock.monotonicMs() - from).toBeGreaterThanOrEqual(18);
    const stop = new AbortController();
    const sleeping = systemClock.sleep(60_000, stop.signal);
    stop.abort();
    await expect(sleeping).rejects.toThrow();
  });
});

describe('system random', () => {
  it('gives distinct ids, as many bytes as asked for, and fractions below one', () => {
    expect(new Set(Array.from({ length: 100 }, () => systemRandom.uuid())).size).toBe(100);
    expect(systemRandom.bytes(32)).toHaveLength(32);
    expect(Buffer.from(systemRandom.bytes(32)).equals(Buffer.from(systemRandom.bytes(32)))).toBe(false);
    for (let i = 0; i < 100; i += 1) expect(Math.floor(systemRandom.fraction())).toBe(0);
  });
});
