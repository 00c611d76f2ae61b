import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { systemClock } from '../../main/ports/clock.ts';
import { createTurns } from '../../main/ports/turns.ts';
import { createTokenKeeper } from '../../main/sign-in/token-keeper.ts';
import { createVault } from '../../main/vault/vault.ts';
import { http } from '../sign-in/support/signing-in.ts';

/** A program of its own on a vault it shares: says that it is ready, waits for a line, asks for a token, prints it. */
const [dataDir = '', passphrase = '', tokenUrl = '', refused = ''] = process.argv.slice(2);
const takeTurns = createTurns(dataDir, systemClock);
const vault = createVault({
  dataDir,
  bytes: (count) => randomBytes(count),
  openKeychain: () => Promise.resolve(null),
  passphrase,
  onSecret: () => undefined,
  log: (message, details) => console.error(message, details),
  takeTurns,
});
const keeper = createTokenKeeper({ clock: systemClock, http, vault, takeTurns, onFailed: () => undefined });
const facts = { platform: 'addepar' as const, baseUrl: 'https://firm.addepar.example/api', settings: { tokenUrl } };
// What it knows is read before the other program renews.
await keeper.bearer('connection-1', facts, null);
console.log('ready');
await once(process.stdin, 'data');
console.log(await keeper.bearer('connection-1', facts, refused));
process.exit(0);
