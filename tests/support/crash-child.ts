import { createApp } from '../../main/app.ts';
import { systemClock } from '../../main/ports/clock.ts';
import { createNodeHttp } from '../../main/ports/http-node.ts';
import { systemRandom } from '../../main/ports/random.ts';
import { createVault } from '../../main/vault/vault.ts';
import type { Demo } from '../../main/api/demo.ts';
import { MIGRATIONS } from './migrations.ts';

/**
 * A program to be killed: opens the book, takes up what the last death interrupted, then syncs and decides without end.
 * Every decision is printed only after the program has answered it, so each printed line must survive.
 */
const [dataDir = '', demoText = ''] = process.argv.slice(2);
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
  version: 'crash',
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
  demo: JSON.parse(demoText) as Demo,
});
const actor = { id: 'crash', name: 'Crash', role: 'admin' } as const;
const call = (name: Parameters<typeof app.dispatch>[0], input: unknown): Promise<never> =>
  app.dispatch(name, input, { requestId: 'crash', actor }) as Promise<never>;

await app.start();
console.log('started');
for (let i = 0; ; i += 1) {
  const { running } = (await call('sync.status', {})) as { running: unknown[] };
  if (running.length === 0) await call('sync.all', {});
  const { rows } = (await call('conflicts.page', {
    limit: 3,
    filters: [{ column: 'status', operator: 'is', value: 'open' }],
  })) as { rows: { id: string }[] };
  if (rows.length === 3) {
    const decision = { strategy: i % 2 === 0 ? 'CLEARWAY_WINS' : 'PLATFORM_WINS' };
    const answer = (await call('conflicts.resolve', { selection: { ids: rows.map((r) => r.id) }, decision })) as {
      batchId: string | null;
      settled: number;
    };
    if (answer.batchId !== null) console.log(`decided ${answer.batchId} ${answer.settled}`);
  } else await new Promise((resolve) => setTimeout(resolve, 5));
}
