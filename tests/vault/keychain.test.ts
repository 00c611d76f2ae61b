import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKeychain } from '../../main/vault/keychain.ts';
import { canRunPrivateKeyring, startPrivateKeyring, type PrivateKeyring } from '../support/private-keyring.ts';

it('says why when the module cannot be loaded, and gives none', async () => {
  const causes: unknown[] = [];
  const chain = await openKeychain(
    (cause) => causes.push(cause),
    () => Promise.reject(new Error('Failed to load keytar native addon')),
  );
  expect([chain, String(causes[0])]).toEqual([null, 'Error: Failed to load keytar native addon']);
});

it('does not take a module without the functions it needs', async () => {
  const causes: unknown[] = [];
  expect(
    await openKeychain(
      (cause) => causes.push(cause),
      async () => ({ default: { getPassword: () => null } }),
    ),
  ).toBeNull();
  expect(causes).toHaveLength(1);
});

it.each(['on the module', 'on its default'])('uses the functions %s, under the name Clearway', async (where) => {
  const calls: unknown[][] = [];
  const functions = {
    getPassword: async (...args: unknown[]) => (calls.push(['get', ...args]), 'value'),
    setPassword: async (...args: unknown[]) => void calls.push(['set', ...args]),
    deletePassword: async (...args: unknown[]) => (calls.push(['delete', ...args]), true),
  };
  const chain = await openKeychain(
    () => undefined,
    async () => (where === 'on the module' ? functions : { default: functions }),
  );
  await chain?.set('a', 'v');
  expect(await chain?.get('a')).toBe('value');
  await chain?.remove('a');
  expect(calls).toEqual([
    ['set', 'Clearway', 'a', 'v'],
    ['get', 'Clearway', 'a'],
    ['delete', 'Clearway', 'a'],
  ]);
});

it('the real module either opens or gives a reason, and never throws', async () => {
  const causes: unknown[] = [];
  const chain = await openKeychain((cause) => causes.push(cause));
  expect(chain === null).toBe(causes.length === 1);
});

const keytarLoads = (await openKeychain(() => undefined)) !== null;

describe.skipIf(!canRunPrivateKeyring || !keytarLoads)(
  'a real Secret Service on a private bus (skipped where gnome-keyring, dbus or libsecret is missing)',
  () => {
    const CHILD = join(import.meta.dirname, '../support/keyring-child.ts');
    let keyring: PrivateKeyring;
    let dataDir = '';
    beforeAll(async () => {
      dataDir = await fs.mkdtemp(join(tmpdir(), 'clearway-keychain-'));
      keyring = await startPrivateKeyring();
    });
    afterAll(async () => {
      await keyring?.close();
      await fs.rm(dataDir, { recursive: true, force: true });
    });
    const run = (...steps: string[]) => keyring.run(CHILD, [dataDir, ...steps]) as unknown[];
    const keyIds = async () => {
      const { vaultId, keys } = JSON.parse(await fs.readFile(join(dataDir, 'vault.json'), 'utf8')) as {
        vaultId: string;
        keys: { keyId: string }[];
      };
      return keys.map(({ keyId }) => `vault-${vaultId}-${keyId}`);
    };
    const KEPT = { ok: true, secrets: { apiKey: 'kept by the keyring' } };

    it('keeps the key of the vault: another process, and another session of the keyring, read the secret again', async () => {
      await keyring.unlock('birch and alder');
      expect(run('put')).toMatchObject([{ kept: 'keychain' }]);
      expect(run('get', 'accounts')).toEqual([KEPT, await keyIds()]);
      expect(run('describe')).toEqual([expect.stringContaining('the key is in this computer’s keychain')]);
      await keyring.unlock('birch and alder');
      expect(run('get')).toEqual([KEPT]);
    });

    it('takes a renewed key and lets the old one go', async () => {
      const [before] = await keyIds();
      expect(run('renew')).toMatchObject([{ ok: true, kept: 'keychain', resealed: 1, left: 0, oldKeyGone: true }]);
      const after = await keyIds();
      expect(after).not.toContain(before);
      expect(run('get', 'accounts')).toEqual([KEPT, after]);
    });

    it('that is locked reads as locked, refuses the renewal and loses nothing', async () => {
      await keyring.unlock('not the password');
      const before = await fs.readFile(join(dataDir, 'vault.json'), 'utf8');
      expect(run('get', 'status', 'renew')).toMatchObject([
        { ok: false, reason: 'locked' },
        { kind: 'keychain', state: 'locked', entries: 1 },
        { ok: false, reason: 'locked' },
      ]);
      expect(await fs.readFile(join(dataDir, 'vault.json'), 'utf8')).toBe(before);
      await keyring.unlock('birch and alder');
      expect(run('get')).toEqual([KEPT]);
    });

    it('that does not answer at all reads as locked', async () => {
      await keyring.lock();
      expect(run('get')).toMatchObject([{ ok: false, reason: 'locked' }]);
    });
  },
);
