import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '../main/app.ts';
import { systemClock } from '../main/ports/clock.ts';
import { createNodeHttp } from '../main/ports/http-node.ts';
import { systemRandom } from '../main/ports/random.ts';
import { createVault } from '../main/vault/vault.ts';
import { createClient, type Client } from '../shared/contract/client.ts';

export const MIGRATIONS = join(import.meta.dirname, '../migrations/sqlite');

export const tempFolder = (): string => mkdtempSync(join(tmpdir(), 'clearway-bench-'));
export const removeFolder = (folder: string): void => rmSync(folder, { recursive: true, force: true });

/** The real program with its threads on a folder, and a client that calls it as an administrator. */
export async function startBenchApp(dataDir: string): Promise<{ app: App; client: Client }> {
  const quiet = () => undefined;
  const log = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    registerSecret: quiet,
    error: (message: string, details?: object) => console.error(message, details),
  };
  const app = createApp({
    dataDir,
    migrationsDir: MIGRATIONS,
    host: 'test',
    version: 'bench',
    ports: {
      clock: systemClock,
      random: systemRandom,
      http: createNodeHttp(),
      log,
      secrets: createVault({
        dataDir,
        bytes: (n) => systemRandom.bytes(n),
        openKeychain: () => Promise.resolve(null),
        passphrase: null,
        onSecret: () => undefined,
        log: () => undefined,
      }),
    },
  });
  await app.start();
  const actor = { id: 'bench', name: 'Bench', role: 'admin' } as const;
  return {
    app,
    client: createClient({
      call: (name, input) => app.dispatch(name, input, { requestId: 'bench', actor }),
      subscribe: (l) => app.subscribe(l),
    }),
  };
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
export const seconds = (ms: number): number => Math.round(ms) / 1000;
