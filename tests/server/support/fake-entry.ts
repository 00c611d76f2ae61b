import { fileURLToPath } from 'node:url';
import { runHost } from '../../../main/server/run-host.ts';
import { createFakeApp } from './fake-app.ts';

// The headless host as main/server/index.ts starts it, over the fake program. FAKE_APP chooses how the program behaves.
const behaviour = process.env['FAKE_APP'] ?? '';
await runHost({
  version: '0.0.0',
  rendererDir: process.env['FAKE_RENDERER'] ?? '/nonexistent',
  sandboxEntry: process.env['FAKE_SANDBOX'] ?? fileURLToPath(new URL('nothing-here.ts', import.meta.url)),
  createApp: ({ dataDir, passphrase, sandbox, onDeath }) => {
    const app = createFakeApp();
    app.answer('app.info', async () => {
      if (behaviour === 'slow-call') await new Promise((resolve) => setTimeout(resolve, 700));
      return { dataDir, passphrase, sandbox, inherited: process.env['CLEARWAY_PASSPHRASE'] ?? null };
    });
    return {
      ...app,
      start: async () => {
        if (behaviour === 'dies') setTimeout(() => onDeath(new Error('The writer thread ended.')), 500);
        if (behaviour === 'no-start') throw new Error('The book is from a newer version of Clearway.');
      },
      stop: async () => {
        if (behaviour === 'no-stop') await new Promise(() => setInterval(() => undefined, 1_000));
        process.stderr.write('{"message":"program stopped"}\n');
      },
    };
  },
});
