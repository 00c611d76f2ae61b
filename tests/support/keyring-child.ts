import { randomBytes } from 'node:crypto';
import keytar from 'keytar';
import { openKeychain } from '../../main/vault/keychain.ts';
import { createVault } from '../../main/vault/vault.ts';

/** Does the steps named on the command line with a vault over the real keychain, and prints what each answered. */
const [dataDir = '', ...steps] = process.argv.slice(2);
const vault = createVault({
  dataDir,
  bytes: (count) => randomBytes(count),
  openKeychain: () => openKeychain((cause) => console.error(cause)),
  passphrase: null,
  onSecret: () => undefined,
  log: (message, details) => console.error(message, details),
});

const STEPS: Readonly<Record<string, () => Promise<unknown>>> = {
  put: () => vault.put('c1', { apiKey: 'kept by the keyring' }),
  get: () => vault.get('c1'),
  status: () => vault.status(),
  describe: () => vault.describe(),
  renew: () => vault.renewKey(),
  accounts: async () => (await keytar.findCredentials('Clearway')).map(({ account }) => account),
};

const answers: unknown[] = [];
for (const step of steps) answers.push(await STEPS[step]?.());
console.log(JSON.stringify(answers));
