import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import * as nodeFs from 'node:fs/promises';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { SafeStorage } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { openSafeKeychain } from '../../main/electron/safe-keychain.ts';
import type { Keychain } from '../../main/vault/keychain.ts';
import { keychainsInOrder } from '../../main/vault/keychain-order.ts';
import { createVault } from '../../main/vault/vault.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Backend = ReturnType<SafeStorage['getSelectedStorageBackend']>;

/** Seals as the system does, under a key that only this object has. */
function fakeStorage(options: { backend?: Backend; available?: boolean; stale?: boolean } = {}) {
  const key = randomBytes(32);
  const encryptStringAsync = vi.fn<SafeStorage['encryptStringAsync']>((text) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    return Promise.resolve(Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]));
  });
  return {
    isAsyncEncryptionAvailable: vi.fn<SafeStorage['isAsyncEncryptionAvailable']>(() =>
      Promise.resolve(options.available ?? true),
    ),
    getSelectedStorageBackend: vi.fn<SafeStorage['getSelectedStorageBackend']>(() => options.backend ?? 'gnome_libsecret'),
    encryptStringAsync,
    decryptStringAsync: vi.fn<SafeStorage['decryptStringAsync']>((sealed) => {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
      decipher.setAuthTag(sealed.subarray(-16));
      const result = Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString('utf8');
      return Promise.resolve({ result, shouldReEncrypt: options.stale ?? false });
    }),
  };
}
const open = (path: string, safeStorage: ReturnType<typeof fakeStorage>, platform: NodeJS.Platform = 'linux') => {
  const missing: unknown[] = [];
  const opened = openSafeKeychain({ safeStorage, platform, path, files: nodeFs, onMissing: (cause) => missing.push(cause) });
  return opened.then((keychain) => ({ keychain, missing }));
};
const memoryKeychain = (refuses = false): Keychain & { readonly kept: Map<string, string> } => {
  const kept = new Map<string, string>();
  return {
    kept,
    get: (account) => (refuses ? Promise.reject(new Error('Locked')) : Promise.resolve(kept.get(account) ?? null)),
    set: (account, value) => (refuses ? Promise.reject(new Error('Locked')) : Promise.resolve(void kept.set(account, value))),
    remove: (account) => (refuses ? Promise.reject(new Error('Locked')) : Promise.resolve(void kept.delete(account))),
  };
};

describe('the keychain over Electron’s safe storage', () => {
  it('keeps values sealed in a file of the owner, across openings, and forgets them', async () => {
    const path = join(tempFolder(), 'desktop-keys.json');
    const storage = fakeStorage();
    const { keychain } = await open(path, storage);
    await keychain?.set('vault-1', 'a-data-key');
    await keychain?.set('vault-2', 'another');
    expect(readFileSync(path, 'utf8')).not.toContain('a-data-key');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = (await open(path, storage)).keychain;
    expect(await again?.get('vault-1')).toBe('a-data-key');
    expect(await again?.get('vault-3')).toBeNull();
    await again?.remove('vault-1');
    expect([await again?.get('vault-1'), await again?.get('vault-2')]).toEqual([null, 'another']);
  });

  it.each(['basic_text', 'unknown'] as const)('refuses the Linux backend %s, which would not encrypt', async (backend) => {
    const storage = fakeStorage({ backend });
    const { keychain, missing } = await open(join(tempFolder(), 'keys.json'), storage);
    expect([keychain, missing.length, storage.encryptStringAsync.mock.calls.length]).toEqual([null, 1, 0]);
  });

  it('is none where the system cannot encrypt, and does not ask for the Linux backend elsewhere', async () => {
    const off = await open(join(tempFolder(), 'keys.json'), fakeStorage({ available: false }));
    expect([off.keychain, off.missing.length]).toEqual([null, 1]);
    const storage = fakeStorage({ backend: 'basic_text' });
    expect((await open(join(tempFolder(), 'keys.json'), storage, 'win32')).keychain).not.toBeNull();
    expect(storage.getSelectedStorageBackend).not.toHaveBeenCalled();
  });

  it('seals anew what the system says is sealed with an old key, and gives nothing that lies under another name', async () => {
    const path = join(tempFolder(), 'keys.json');
    const storage = fakeStorage({ stale: true });
    const { keychain } = await open(path, storage);
    await keychain?.set('vault-1', 'a-data-key');
    const before = readFileSync(path, 'utf8');
    expect(await keychain?.get('vault-1')).toBe('a-data-key');
    expect(readFileSync(path, 'utf8')).not.toBe(before);
    await nodeFs.writeFile(path, readFileSync(path, 'utf8').replace('vault-1', 'vault-9'));
    expect(await keychain?.get('vault-9')).toBeNull();
  });
});

describe('where the key of secrets goes: keytar, safe storage, passphrase, memory', () => {
  const stored = async (keytar: Keychain | null, storage: ReturnType<typeof fakeStorage> | null, passphrase: string | null) => {
    const dataDir = tempFolder();
    const path = join(dataDir, 'desktop-keys.json');
    const make = () =>
      createVault({
        dataDir,
        bytes: (count) => randomBytes(count),
        openKeychain: async () => keychainsInOrder([keytar, storage === null ? null : (await open(path, storage)).keychain]),
        passphrase,
        onSecret: () => undefined,
        log: () => undefined,
        cost: { N: 1024, r: 8, p: 1 },
      });
    const { kept } = await make().put('connection-1', { apiKey: 'a-secret-of-tests' });
    const inSafe = await nodeFs.readFile(path, 'utf8').then(
      () => true,
      () => false,
    );
    const afterRestart = await make().get('connection-1');
    return [kept, inSafe, afterRestart.ok];
  };
  const PASSPHRASE = 'alder-birch-cedar-dogwood';

  it.each([
    ['keytar', memoryKeychain(), fakeStorage(), PASSPHRASE, ['keychain', false, true]],
    ['safe storage where keytar cannot be loaded', null, fakeStorage(), PASSPHRASE, ['keychain', true, true]],
    ['safe storage where keytar refuses', memoryKeychain(true), fakeStorage(), PASSPHRASE, ['keychain', true, true]],
    [
      'the passphrase where neither can',
      memoryKeychain(true),
      fakeStorage({ backend: 'basic_text' }),
      PASSPHRASE,
      ['passphrase', false, true],
    ],
    ['memory where there is nothing', null, fakeStorage({ backend: 'basic_text' }), null, ['session', false, false]],
  ] as const)('keeps the key in %s', async (_where, keytar, storage, passphrase, expected) => {
    expect(await stored(keytar, storage, passphrase)).toEqual(expected);
  });

  it('is renewed and taken out of whichever holds it', async () => {
    const keytar = memoryKeychain();
    const dataDir = tempFolder();
    const vault = createVault({
      dataDir,
      bytes: (count) => randomBytes(count),
      openKeychain: async () =>
        keychainsInOrder([keytar, (await open(join(dataDir, 'desktop-keys.json'), fakeStorage())).keychain]),
      passphrase: null,
      onSecret: () => undefined,
      log: () => undefined,
    });
    await vault.put('connection-1', { apiKey: 'a-secret-of-tests' });
    const [old] = [...keytar.kept.keys()];
    expect(await vault.renewKey()).toMatchObject({ ok: true, oldKeyGone: true });
    expect(keytar.kept.size).toBe(1);
    expect([...keytar.kept.keys()]).not.toContain(old);
    expect(await vault.get('connection-1')).toMatchObject({ ok: true });
  });
});
