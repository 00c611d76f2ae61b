import { createApp, type App } from '../../main/app.ts';
import type { Demo, DemoPlatform } from '../../main/api/demo.ts';
import { systemClock } from '../../main/ports/clock.ts';
import { createNodeHttp } from '../../main/ports/http-node.ts';
import { systemRandom } from '../../main/ports/random.ts';
import { createVault } from '../../main/vault/vault.ts';
import { createClient, type Client } from '../../shared/contract/client.ts';
import type { AppEvent, Role } from '../../shared/contract/index.ts';
import { MIGRATIONS } from './migrations.ts';
import { tempFolder } from './temp-folder.ts';

export interface TestApp {
  readonly app: App;
  readonly client: Client;
  readonly dataDir: string;
  readonly events: AppEvent[];
  /** A client that calls as somebody else. */
  as(role: Role, name?: string): Client;
  stop(): Promise<void>;
}

/** What the sandbox says about itself, as the program takes it. */
export const asDemo = (info: Readonly<Record<string, unknown>>): Demo => {
  const { openingBook, addepar, orion, black_diamond } = info as Record<string, DemoPlatform> & { openingBook: string };
  return {
    openingBook,
    platforms: { addepar: addepar as DemoPlatform, orion: orion as DemoPlatform, black_diamond: black_diamond as DemoPlatform },
  };
};

export const directClient = (app: App, role: Role = 'admin', name = 'Tester'): Client =>
  createClient({
    call: (procedure, input) => app.dispatch(procedure, input, { requestId: 'test', actor: { id: 'tester', name, role } }),
    subscribe: (listener) => app.subscribe(listener),
  });

/** The real program on a real folder with real threads; secrets stay in memory, unless a passphrase seals them. */
export async function startTestApp(
  options: { dataDir?: string; demo?: Demo; passphrase?: string; restoreBackup?: string } = {},
): Promise<TestApp> {
  const dataDir = options.dataDir ?? tempFolder();
  const problems: unknown[] = [];
  const quiet = () => undefined;
  const log = {
    debug: quiet,
    info: quiet,
    warn: quiet,
    registerSecret: quiet,
    error: (message: string, details?: object) => void problems.push(message, details),
  };
  const app = createApp({
    dataDir,
    migrationsDir: MIGRATIONS,
    host: 'test',
    version: '0.0.0-test',
    ports: {
      clock: systemClock,
      random: systemRandom,
      http: createNodeHttp(),
      log,
      secrets: createVault({
        dataDir,
        bytes: (n) => systemRandom.bytes(n),
        openKeychain: () => Promise.resolve(null),
        passphrase: options.passphrase ?? null,
        onSecret: () => undefined,
        log: () => undefined,
      }),
    },
    ...(options.demo ? { demo: options.demo } : {}),
    ...(options.restoreBackup === undefined ? {} : { restoreBackup: options.restoreBackup }),
  });
  const events: AppEvent[] = [];
  app.subscribe((event) => events.push(event));
  await app.start();
  return {
    app,
    client: directClient(app),
    dataDir,
    events,
    as: (role, name) => directClient(app, role, name),
    stop: () => app.stop(),
  };
}

/** Waits until no sync is running; answers the operations, newest first. */
export async function syncsDone(client: Client, withinMs = 60_000) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const { running } = await client.call('sync.status', {});
    if (running.length === 0) return (await client.call('sync.operations', {})).items;
    if (Date.now() > deadline) throw new Error('The syncs did not finish in time.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
