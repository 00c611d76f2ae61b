import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createApp } from '../app.ts';
import { systemClock } from '../ports/clock.ts';
import { auditAnchorFile } from '../ports/audit-anchor-file.ts';
import { createNodeHttp } from '../ports/http-node.ts';
import { systemNetwork } from '../ports/network.ts';
import { systemRandom } from '../ports/random.ts';
import { createTurns } from '../ports/turns.ts';
import { openKeychain } from '../vault/keychain.ts';
import { createVault } from '../vault/vault.ts';
import { demoOf } from './demo-firm.ts';
import { runHost } from './run-host.ts';

const inProject = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8')) as { readonly version: string };

await runHost({
  version,
  rendererDir: inProject('out/renderer'),
  sandboxEntry: inProject(import.meta.url.endsWith('.ts') ? 'main/sandbox/cli.ts' : 'out/main/sandbox.js'),
  createApp: ({ dataDir, logger, passphrase, restoreBackup, sandbox, onDeath }) => {
    const secrets = createVault({
      dataDir,
      bytes: systemRandom.bytes,
      takeTurns: createTurns(dataDir, systemClock),
      openKeychain: () => openKeychain((error) => logger.info('This machine has no keychain that can be used', { error })),
      passphrase,
      onSecret: logger.registerSecret,
      log: logger.warn,
    });
    return createApp({
      dataDir,
      migrationsDir: inProject('migrations/sqlite'),
      host: 'headless',
      version,
      ports: {
        clock: systemClock,
        random: systemRandom,
        http: createNodeHttp(),
        anchors: auditAnchorFile(dataDir, process.env),
        network: systemNetwork,
        log: logger,
        secrets,
      },
      ...(restoreBackup === null ? {} : { restoreBackup }),
      ...(sandbox === null ? {} : { demo: demoOf(sandbox) }),
      onDeath,
    });
  },
});
