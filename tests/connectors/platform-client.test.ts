import { describe, expect, it } from 'vitest';
import { createPlatformClient } from '../../main/connectors/platform-client.ts';
import { createRateBudget, type RateWindow } from '../../main/connectors/rate-budget.ts';
import { failureOf, startRig, type Rig } from './doubles/rig.ts';
import { json, type Reply } from './doubles/http-double.ts';

async function rigFor(replies: readonly Reply[], windows: readonly RateWindow[] = [{ requests: 1000, windowMs: 1000 }]) {
  let next = 0;
  const rig = await startRig(() => replies[Math.min(next++, replies.length - 1)] ?? json({}), { credentials: {} });
  const client = createPlatformClient({
    platform: 'Birch',
    context: rig.context,
    ports: rig.ports,
    budgetKey: 'k',
    maxBudgetWaitMs: 60_000,
    budget: createRateBudget(windows, () => rig.ports.clock.monotonicMs()),
  });
  return { rig, get: () => client.send({ method: 'GET', url: `${rig.double.url}/list?key=hidden`, doing: 'list things' }) };
}
const calls = (rig: Rig): number => rig.double.seen.length;
const busy = (headers: Record<string, string> = {}): Reply => ({ status: 503, headers });

describe('platform client', () => {
  it('repeats a failure for a passing reason three times, with growing full jitter, then says what happened', async () => {
    const { rig, get } = await rigFor([
      {
        status: 500,
        headers: { 'content-type': 'application/json', 'x-oas-correlationid': 'c-1' },
        body: '{"message":"Leaf\\n fell"}',
      },
    ]);
    const error = await failureOf(get());
    expect(calls(rig)).toBe(4);
    // fraction 0.5 of 500, 1000 and 2000 ms
    expect(rig.slept).toEqual([250, 500, 1000]);
    expect({ kind: error.kind, message: error.message, id: error.correlationId }).toEqual({
      kind: 'unavailable',
      id: 'c-1',
      message: 'Birch had an internal error (500) when asked to list things. It says: Leaf fell. Try again later.',
    });
  });

  it('goes on when a repeat succeeds', async () => {
    const { rig, get } = await rigFor([busy(), busy(), json({ ok: true })]);
    expect((await get()).status).toBe(200);
    expect(calls(rig)).toBe(3);
  });

  it('repeats after a connection reset and reports a lasting one as unavailable', async () => {
    const cut: Reply = { body: 'half of it', cutAfter: 4 };
    const { get } = await rigFor([cut, json({})]);
    expect((await get()).status).toBe(200);
    const lasting = await rigFor([cut]);
    const error = await failureOf(lasting.get());
    expect([error.kind, calls(lasting.rig)]).toEqual(['unavailable', 4]);
    expect(error.message).toContain('Check the network and the base URL');
  });

  it('waits as long as a 429 asks: Retry-After in seconds, as date, or the header of Addepar', async () => {
    const cases: readonly [Record<string, string>, number][] = [
      [{ 'retry-after': '7' }, 7000],
      [{ 'x-ratelimit-retry-after': '9', 'retry-after': '1' }, 9000],
      [{ 'retry-after': 'Tue, 01 Jul 2025 08:00:20 GMT', date: 'Tue, 01 Jul 2025 08:00:05 GMT' }, 15_000],
    ];
    for (const [headers, expected] of cases) {
      const { rig, get } = await rigFor([{ status: 429, headers }, json({})]);
      expect((await get()).status).toBe(200);
      expect(rig.slept).toEqual([expected]);
    }
  });

  it('does not sit out a long pause: it ends as rate limited and says for how long', async () => {
    const { rig, get } = await rigFor([{ status: 429, headers: { 'x-ratelimit-retry-after': '600' } }]);
    const error = await failureOf(get());
    expect([error.kind, error.retryAfterMs, calls(rig)]).toEqual(['rate_limited', 600_000, 1]);
  });

  it('leaves other answers to its caller and does not repeat them', async () => {
    for (const status of [200, 202, 301, 400, 401, 403, 404, 409, 410]) {
      const { rig, get } = await rigFor([{ status }]);
      expect((await get()).status).toBe(status);
      expect(calls(rig)).toBe(1);
    }
  });

  it('waits for its own budget within bounds and stops beyond them', async () => {
    const { rig, get } = await rigFor([json({})], [{ requests: 2, windowMs: 10_000 }]);
    await get();
    await get();
    rig.pass(4000);
    await get();
    expect(rig.slept).toEqual([6000]);
    const strict = await rigFor([json({})], [{ requests: 1, windowMs: 3_600_000 }]);
    await strict.get();
    const error = await failureOf(strict.get());
    expect([error.kind, error.retryAfterMs, calls(strict.rig)]).toEqual(['rate_limited', 3_600_000, 1]);
  });

  it('stops at once when the pass is stopped', async () => {
    const { rig, get } = await rigFor([busy()]);
    rig.stop.abort();
    expect((await failureOf(get())).kind).toBe('aborted');
  });

  it('never logs an address with its query', async () => {
    const { rig, get } = await rigFor([busy()]);
    const error = await failureOf(get());
    expect(`${rig.logged.join()} ${error.message}`).not.toContain('hidden');
    expect(rig.logged).toHaveLength(3);
  });
});
