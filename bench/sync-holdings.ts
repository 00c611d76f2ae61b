import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createLogger } from '../main/observability/logger.ts';
import { systemClock } from '../main/ports/clock.ts';
import { systemRandom } from '../main/ports/random.ts';
import { createServer } from '../main/server/create-server.ts';
import type { Client } from '../shared/contract/client.ts';
import { median, removeFolder, seconds, startBenchApp, tempFolder } from './bench-app.ts';
import { startSandboxProcess, type SandboxAddress } from './sandbox-process.ts';

const PAGE = 10_000;
const RUNS = 3;
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

async function oneRun({ orion }: SandboxAddress, holdings: number) {
  const dataDir = tempFolder();
  try {
    const { app, client } = await startBenchApp(dataDir);
    const { id } = await client.call('connections.initiate', {
      platform: 'orion', name: 'Orion', baseUrl: orion.baseUrl, credentials: { ...orion.credentials }, settings: { ...orion.settings, pageSize: String(PAGE) },
    });
    const host = createServer({
      app, actor: { id: 'bench', name: 'Bench', role: 'admin' }, rendererDir: join(import.meta.dirname, '../out/renderer'), clock: systemClock,
      random: systemRandom, logger: createLogger({ level: 'error', now: systemClock.now }), port: 0, version: 'bench',
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
      ms: first.ms, resyncMs: second.ms, resyncWrites: added + changed + removed,
      loopP99Ms: Math.round(loop.percentile(99) / 10_000) / 100, rssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    removeFolder(dataDir);
  }
}

function floor({ orion }: SandboxAddress): number {
  const { username, password, clientId, clientSecret } = orion.credentials;
  const folder = tempFolder();
  const script = join(import.meta.dirname, 'sync-floor.ts');
  try {
    const printed = execFileSync(
      process.execPath,
      [script, orion.baseUrl, username, password, clientId, clientSecret, String(PAGE), join(folder, 'floor.db')],
      { encoding: 'utf8' },
    );
    return (JSON.parse(printed) as { seconds: number }).seconds * 1000;
  } finally {
    removeFolder(folder);
  }
}

/** First sync of one platform into an empty book, against the least a program could do with the same bytes, in turns. */
export async function syncHoldings(options: Readonly<Record<string, string>>): Promise<object> {
  const holdings = Number(options['holdings'] ?? 50_000);
  const accounts = Math.max(1, Math.round(holdings / 25));
  const sandbox = await startSandboxProcess(['--holdings', String(holdings), '--accounts', String(accounts), '--plants', 'none']);
  try {
    floor(sandbox.address); // fills the sandbox's page cache, so that neither side pays for making the pages
    const floors: number[] = [];
    const runs: Awaited<ReturnType<typeof oneRun>>[] = [];
    for (let i = 0; i < RUNS; i += 1) {
      floors.push(floor(sandbox.address));
      runs.push(await oneRun(sandbox.address, holdings));
    }
    const ms = median(runs.map((r) => r.ms));
    const floorMs = median(floors);
    return {
      holdings, platform: 'orion', runs: RUNS, seconds: seconds(ms), floorSeconds: seconds(floorMs), ratio: Math.round((ms / floorMs) * 100) / 100,
      rssMiB: Math.max(...runs.map((r) => r.rssMiB)), loopP99Ms: median(runs.map((r) => r.loopP99Ms)),
      resyncSeconds: seconds(median(runs.map((r) => r.resyncMs))), resyncWrites: Math.max(...runs.map((r) => r.resyncWrites)),
    };
  } finally {
    sandbox.stop();
  }
}
