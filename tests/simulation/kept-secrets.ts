import type { SecretStore, Secrets } from '../../main/vault/vault.ts';

/** Secrets that outlive the program, as in a keychain that works; the real one waits for the machine and is tested apart. */
export function createKeptSecrets(): SecretStore {
  const kept = new Map<string, Secrets>();
  const refused = { ok: false, reason: 'refused', message: 'Not offered here.' } as const;
  return {
    put: (ref, secrets) => {
      kept.set(ref, secrets);
      return Promise.resolve({ kept: 'session', hint: null });
    },
    get: (ref) => {
      const secrets = kept.get(ref);
      return Promise.resolve(secrets ? { ok: true, secrets } : { ok: false, reason: 'absent', message: 'Nothing is stored.' });
    },
    remove: (ref) => {
      kept.delete(ref);
      return Promise.resolve();
    },
    describe: () => Promise.resolve('In memory.'),
    status: () =>
      Promise.resolve({
        kind: 'session',
        state: 'empty',
        entries: 0,
        inMemory: kept.size,
        keyCreatedAt: null,
        renewedAt: null,
        unfinished: false,
      }),
    renewKey: () => Promise.resolve(refused),
    finishRenewal: () => Promise.resolve(),
  };
}
