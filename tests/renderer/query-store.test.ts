import { describe, expect, it } from 'vitest';
import { AppError, type Output } from '../../shared/contract/index.ts';
import type { Client } from '../../shared/contract/client.ts';
import { createQueryStore, queryKey } from '../../renderer/api/query-store.ts';

interface Pending {
  readonly name: string;
  readonly signal: AbortSignal | undefined;
  readonly answer: (value: unknown) => void;
  readonly fail: (error: unknown) => void;
}

const createHarness = () => {
  const pending: Pending[] = [];
  const reached: boolean[] = [];
  const client: Client = {
    call: (name, _input, signal) =>
      new Promise((resolve, reject) => {
        pending.push({ name, signal, answer: (value) => resolve(value as Output<typeof name>), fail: reject });
      }),
    subscribe: () => () => undefined,
  };
  const queries = createQueryStore(client, (online) => reached.push(online));
  const entry = () => queries.store.getState()[queryKey('connections.list', {})];
  return { pending, queries, entry, reached };
};
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('query store', () => {
  it('asks once for two observers and shows one answer', async () => {
    const { pending, queries, entry } = createHarness();
    queries.observe('connections.list', {});
    queries.observe('connections.list', {});
    expect(pending).toHaveLength(1);
    pending[0]?.answer({ items: [] });
    await settled();
    expect(entry()).toMatchObject({ data: { items: [] }, fetching: false, stale: false, observers: 2 });
  });

  it('keeps the old answer on screen while it asks again', async () => {
    const { pending, queries, entry } = createHarness();
    queries.observe('connections.list', {});
    pending[0]?.answer('first');
    await settled();
    queries.invalidate(['connections']);
    expect(entry()).toMatchObject({ data: 'first', fetching: true });
    pending[1]?.answer('second');
    await settled();
    expect(entry()).toMatchObject({ data: 'second', fetching: false });
  });

  it('asks again only for topics the query depends on', async () => {
    const { pending, queries } = createHarness();
    queries.observe('connections.list', {});
    pending[0]?.answer('first');
    await settled();
    queries.invalidate(['audit']);
    expect(pending).toHaveLength(1);
  });

  it('turns a burst of changes into one more request, however many there are', async () => {
    const { pending, queries, entry } = createHarness();
    queries.observe('connections.list', {});
    for (let change = 0; change < 20; change += 1) queries.invalidate(['connections']);
    expect(pending).toHaveLength(1);
    pending[0]?.answer('older');
    await settled();
    // The answer in flight may predate the change, so one request follows it.
    expect(pending).toHaveLength(2);
    pending[1]?.answer('newest');
    await settled();
    expect(entry()).toMatchObject({ data: 'newest', fetching: false });
    expect(pending).toHaveLength(2);
  });

  it('aborts when the last observer leaves, and asks anew when one comes back', async () => {
    const { pending, queries } = createHarness();
    const leave = queries.observe('connections.list', {});
    leave();
    leave();
    expect(pending[0]?.signal?.aborted).toBe(true);
    queries.observe('connections.list', {});
    expect(pending).toHaveLength(2);
  });

  it('keeps the answer and shows the failure with its code and id when asking again fails', async () => {
    const { pending, queries, entry, reached } = createHarness();
    queries.observe('connections.list', {});
    pending[0]?.answer('first');
    await settled();
    queries.invalidate();
    pending[1]?.fail(new AppError('busy', 'Try again in a moment.', { requestId: 'req-1' }));
    await settled();
    expect(entry()).toMatchObject({
      data: 'first',
      failure: { code: 'busy', message: 'Try again in a moment.', requestId: 'req-1' },
    });
    expect(reached).toEqual([true, true]);
  });

  it('reports that the program is out of reach when a call fails without an answer of its own', async () => {
    const { pending, queries, entry, reached } = createHarness();
    queries.observe('connections.list', {});
    pending[0]?.fail(new TypeError('Failed to fetch'));
    await settled();
    expect(entry()?.failure?.code).toBe('offline');
    expect(reached).toEqual([false]);
  });

  it('ignores the late answer of a request that was given up', async () => {
    const { pending, queries, entry } = createHarness();
    const leave = queries.observe('connections.list', {});
    leave();
    queries.observe('connections.list', {});
    pending[1]?.answer('new');
    await settled();
    pending[0]?.answer('late');
    await settled();
    expect(entry()?.data).toBe('new');
  });
});
