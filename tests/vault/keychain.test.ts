import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openKeychain } from '../../main/vault/keychain.ts';
import { createVault } from '../../main/vault/vault.ts';

/** Whether a Secret Service answers on this session’s bus; other systems have their keychain built in but may prompt, so they are left out. */
const hasSecretService = (): boolean =>
  process.platform === 'linux' &&
  process.env['DBUS_SESSION_BUS_ADDRESS'] !== undefined &&
  spawnSync(
    'dbus-send',
    [
      '--session',
      '--print-reply',
      '--dest=org.freedesktop.secrets',
      '/org/freedesktop/secrets',
      'org.freedesktop.DBus.Peer.Ping',
    ],
    { timeout: 5_000 },
  ).status === 0;

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

it.skipIf(!hasSecretService())('keeps a secret under a key in the real Secret Service (skipped where none answers)', async () => {
  const dataDir = await fs.mkdtemp(join(tmpdir(), 'clearway-keychain-'));
  const made: string[] = [];
  const openReal = async () => {
    const chain = await openKeychain((cause) => expect.fail(String(cause)));
    if (chain === null) return null;
    return { ...chain, set: (account: string, value: string) => (made.push(account), chain.set(account, value)) };
  };
  const open = () =>
    createVault({
      dataDir,
      bytes: (count) => randomBytes(count),
      openKeychain: openReal,
      passphrase: null,
      onSecret: () => undefined,
      log: () => undefined,
    });
  try {
    expect(await open().put('c1', { apiKey: 'kept by the keyring' })).toMatchObject({ kept: 'keychain' });
    expect(await open().get('c1')).toEqual({ ok: true, secrets: { apiKey: 'kept by the keyring' } });
    expect(await open().describe()).toContain('keychain');
  } finally {
    const chain = await openReal();
    for (const account of made) await chain?.remove(account);
    await fs.rm(dataDir, { recursive: true, force: true });
  }
});
