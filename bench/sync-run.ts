import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createLogger } from '../main/observability/logger.ts';
import { systemClock } from '../main/ports/clock.ts';
import { systemRandom } from '../main/ports/random.ts';
import { createServer } from '../main/server/create-server.ts';
import type { Client } from '../shared/contract/client.ts';
import { removeFolder, startBenchApp, tempFolder } from './bench-app.ts';
import type { SandboxAddress } from './sandbox-process.ts';

/** One first sync and one second sync of an empty book, with the HTTP host on this thread; prints its figures as JSON. */
const LOOP_RESOLUTION_MS = 1;

/** Starts a sync and waits for its end; answers the milliseconds and what it did. */
async function timedSync(client: Client, connectionId: string) {
  let finish = (): void => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  // The runner's last word about an operation comes after its merge has been committed.
  const stop = client.subscribe((event) => {
    if (event.type === 'sync_progressed' && ['completed', 'failed', 'cancelled'].includes(event.status)) finish();
    if (event.type === 'data_changed' && event.topics.includes('holdings')) finish();
  });
  const from = performance.now();
  const { operationId } = await client.call('connections.sync', { id: connectionId });
  await done;
  stop();
  const ms = performance.now() - from;
  const operation = await client.call('sync.operation', { id: operationId });
  if (operation.status !== 'completed') throw new Error(`The sync ended as ${operation.status}: ${operation.error ?? ''}`);
  return { ms, counts: operation.counts };
}

async function run(orion: SandboxAddress['orion'], holdings: number, pageSize: string): Promise<object> {
  const dataDir = tempFolder();
  try {
    const { app, client } = await startBenchApp(dataDir);
    const { id } = await client.call('connections.initiate', {
      platform: 'orion',
      name: 'Orion',
      baseUrl: orion.baseUrl,
      credentials: { ...orion.credentials },
      settings: { ...orion.settings, pageSize },
    });
    const host = createServer({
      app,
      actor: { id: 'bench', name: 'Bench', role: 'admin' },
      rendererDir: join(import.meta.dirname, '../out/renderer'),
      clock: systemClock,
      random: systemRandom,
      logger: createLogger({ level: 'error', now: systemClock.now }),
      port: 0,
      version: 'bench',
    });
    await host.listen();
    const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
    loop.enable();
    const first = await timedSync(client, id);
    loop.disable();
    if (first.counts.added !== holdings) throw new Error(`Added ${first.counts.added} of ${holdings} positions.`);
    const second = await timedSync(client, id);
    const { added, changed, removed } = second.counts;
    await host.stop();
    await app.stop();
    return {
      ms: first.ms,
      resyncMs: second.ms,
      resyncWrites: added + changed + removed,
      loopP99Ms: Math.round(loop.percentile(99) / 10_000) / 100,
      rssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    removeFolder(dataDir);
  }
}

const [orion = '{}', holdings = '0', pageSize = ''] = process.argv.slice(2);
console.log(JSON.stringify(await run(JSON.parse(orion) as SandboxAddress['orion'], Number(holdings), pageSize)));
