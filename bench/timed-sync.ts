import { setTimeout } from 'node:timers/promises';
import type { HeadlessProcess } from './headless-process.ts';

const POLL_MS = 20;

/** Starts a sync and waits for its end; answers the milliseconds and what it did. */
export async function timedSync(program: HeadlessProcess, connectionId: string) {
  const from = performance.now();
  const { operationId } = await program.call('connections.sync', { id: connectionId });
  for (;;) {
    const operation = await program.call('sync.operation', { id: operationId });
    if (operation.status === 'completed') return { ms: performance.now() - from, counts: operation.counts };
    if (operation.finishedAt !== null) throw new Error(`The sync ended as ${operation.status}: ${operation.error ?? ''}`);
    await setTimeout(POLL_MS);
  }
}
