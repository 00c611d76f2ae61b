import { setTimeout } from 'node:timers/promises';
import { removeFolder, tempFolder } from './bench-app.ts';
import { startHeadless, type HeadlessProcess } from './headless-process.ts';
import { holdingsSandbox } from './sync-holdings.ts';
import { timedSync } from './timed-sync.ts';

const WARM_UP = 200;

/** What the screens of a desk ask for while it works. */
const READS: readonly ((program: HeadlessProcess) => Promise<unknown>)[] = [
  (program) => program.call('overview.get', {}),
  (program) => program.call('holdings.page', { limit: 100 }),
  (program) => program.call('holdings.page', { limit: 100, sort: [{ column: 'marketValue', direction: 'desc' }] }),
  (program) => program.call('conflicts.page', { limit: 100 }),
  (program) => program.call('sync.status', {}),
  (program) => program.call('sync.operations', {}),
  (program) => program.call('connections.list', {}),
  (program) => program.call('transactions.page', { limit: 100 }),
];

const round = (ms: number): number => Math.round(ms * 100) / 100;
const percentile = (sorted: readonly number[], share: number): number =>
  round(sorted[Math.floor(sorted.length * share)] ?? Number.NaN);

/**
 * Reads over HTTP at a fixed rate, whatever the answers take, while a first sync runs into a book that holds as much already.
 * A read's time counts from the moment it was due.
 */
export async function api(options: Readonly<Record<string, string>>): Promise<object> {
  const rate = Number(options['rate'] ?? 200);
  const holdings = Number(options['holdings'] ?? 50_000);
  const sandbox = await holdingsSandbox(holdings);
  const dataDir = tempFolder();
  const program = await startHeadless(dataDir);
  try {
    const { orion } = sandbox.address;
    const connect = (name: string): Promise<{ id: string }> =>
      program.call('connections.initiate', {
        platform: 'orion',
        name,
        baseUrl: orion.baseUrl,
        credentials: { ...orion.credentials },
        settings: { ...orion.settings, streams: 'transactions' },
      });
    await timedSync(program, (await connect('Orion')).id);
    const second = await connect('Orion again');
    for (let i = 0; i < WARM_UP; i += 1) await READS[i % READS.length]?.(program);

    const times: number[] = [];
    const asked: Promise<void>[] = [];
    let syncing = true;
    const sync = timedSync(program, second.id).finally(() => (syncing = false));
    const from = performance.now();
    for (let i = 0; syncing; i += 1) {
      const due = from + (i * 1000) / rate;
      const wait = due - performance.now();
      if (wait > 0) await setTimeout(wait);
      const read = READS[i % READS.length];
      if (read) asked.push(read(program).then(() => void times.push(performance.now() - due)));
    }
    await sync;
    await Promise.all(asked);
    const sorted = times.toSorted((a, b) => a - b);
    return {
      rate,
      holdings,
      requests: times.length,
      p50Ms: percentile(sorted, 0.5),
      p95Ms: percentile(sorted, 0.95),
      p99Ms: percentile(sorted, 0.99),
      maxMs: round(sorted.at(-1) ?? Number.NaN),
    };
  } finally {
    await program.stop();
    sandbox.stop();
    removeFolder(dataDir);
  }
}
