import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { removeFolder, seconds, tempFolder } from './bench-app.ts';
import { startHeadless, type HeadlessProcess } from './headless-process.ts';

const POLL_MS = 500;
const ENDED = ['completed', 'failed', 'cancelled'];

async function startFirms(holdings: number): Promise<{ url: string; stop: () => void }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'many-firms.ts'), String(holdings)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`The firms ended with code ${code}.`)));
  });
  return { url, stop: () => void child.kill('SIGTERM') };
}

async function connect(program: HeadlessProcess, firms: string, connections: number): Promise<void> {
  for (let firm = 1; firm <= connections; firm += 1)
    await program.call('connections.initiate', {
      platform: 'orion',
      name: `Firm ${firm}`,
      baseUrl: `${firms}/firm/${firm}`,
      credentials: { username: 'u', password: 'p', clientId: String(firm), clientSecret: 's' },
      settings: { streams: 'none', transactionDays: 'none' },
    });
}

/** Every connection of a large desk synced at once, each a firm of its own, from the command to the last committed merge. */
export async function concurrent(options: Readonly<Record<string, string>>): Promise<object> {
  const connections = Number(options['connections'] ?? 1000);
  const holdings = Number(options['holdings'] ?? 50);
  const firms = await startFirms(holdings);
  const dataDir = tempFolder();
  const program = await startHeadless(dataDir);
  try {
    await connect(program, firms.url, connections);
    await program.probe();
    const from = performance.now();
    const { operationIds } = await program.call('sync.all', {});
    let completed = 0;
    let failed = 0;
    for (const id of operationIds) {
      let operation = await program.call('sync.operation', { id });
      while (!ENDED.includes(operation.status)) {
        await setTimeout(POLL_MS);
        operation = await program.call('sync.operation', { id });
      }
      if (operation.status === 'completed' && operation.counts.added === holdings) completed += 1;
      else failed += 1;
    }
    const ms = performance.now() - from;
    const { loopP99Ms, rssMiB } = await program.probe();
    failed += connections - operationIds.length;
    return { connections, holdings, completed, failed, seconds: seconds(ms), rssMiB, loopP99Ms };
  } finally {
    await program.stop();
    firms.stop();
    removeFolder(dataDir);
  }
}
