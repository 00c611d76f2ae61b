import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Keychain } from '../../main/vault/keychain.ts';
import { createVault, type SecretStore, type VaultPorts } from '../../main/vault/vault.ts';

const CHEAP = { N: 2 ** 12, r: 8, p: 1 };
const PASSPHRASE = 'a river of twelve stones';

/** A keychain that can be locked the way GNOME’s is: reads answer null, writes fail. */
const fakeKeychain = (items = new Map<string, string>()) => {
  const state = { locked: false, unlockOnWrite: false, items };
  const chain: Keychain = {
    get: async (account) => (state.locked ? null : (items.get(account) ?? null)),
    set: async (account, value) => {
      if (state.locked && state.unlockOnWrite) state.locked = false;
      if (state.locked) throw new Error('Cannot create an item in a locked collection');
      items.set(account, value);
    },
    remove: async (account) => {
      items.delete(account);
    },
  };
  return { state, chain };
};

let dataDir = '';
beforeEach(async () => {
  dataDir = await fs.mkdtemp(join(tmpdir(), 'clearway-vault-'));
});
afterEach(() => fs.rm(dataDir, { recursive: true, force: true }));

const vaultFile = () => join(dataDir, 'vault.json');
const readVault = async () =>
  JSON.parse(await fs.readFile(vaultFile(), 'utf8')) as {
    version: number;
    keys: { backend: string; keyId: string; cost?: { N: number } }[];
    records: Record<string, { version: number; backend: string; keyId: string; nonce: string; ciphertext: string; tag: string }>;
  };
const open = (ports: Partial<VaultPorts> = {}): SecretStore =>
  createVault({
    dataDir,
    bytes: (count) => randomBytes(count),
    openKeychain: async () => null,
    passphrase: null,
    onSecret: () => undefined,
    log: () => undefined,
    cost: CHEAP,
    ...ports,
  });
const reasonOf = async (vault: SecretStore, ref: string) => {
  const read = await vault.get(ref);
  return read.ok ? 'ok' : read.reason;
};

describe.each([
  { backend: 'keychain' as const, ports: () => ({ openKeychain: keychainOf(fakeKeychain().chain) }) },
  { backend: 'passphrase' as const, ports: () => ({ passphrase: PASSPHRASE }) },
])('vault with a key in the $backend', ({ backend, ports }) => {
  it('gives back what was stored, also after a restart, and shows the last four characters only', async () => {
    const same = ports();
    const stored = await open(same).put('c1', { apiKey: 'key-of-forty-two-9876', user: 'ops' });
    expect(stored).toEqual({ kept: backend, hint: '9876' });
    expect(await open(same).get('c1')).toEqual({ ok: true, secrets: { apiKey: 'key-of-forty-two-9876', user: 'ops' } });
  });

  it('writes a record of version, backend, key id, nonce, ciphertext and tag into a file only its owner can read', async () => {
    await open(ports()).put('c1', { apiKey: 'secret-value' });
    const { keys, records } = await readVault();
    expect(Object.keys(records['c1'] ?? {}).sort()).toEqual(['backend', 'ciphertext', 'keyId', 'nonce', 'tag', 'version']);
    expect(records['c1']).toMatchObject({ version: 1, backend, keyId: keys[0]?.keyId });
    expect((await fs.stat(vaultFile())).mode & 0o777).toBe(0o600);
  });

  it('never uses a nonce twice, and storing the same secret twice gives different bytes', async () => {
    const vault = open(ports());
    const nonces = new Set<string>();
    const ciphertexts = new Set<string>();
    for (let turn = 0; turn < 20; turn += 1) {
      await vault.put('c1', { apiKey: 'same' });
      const record = (await readVault()).records['c1'];
      nonces.add(record?.nonce ?? '');
      ciphertexts.add(record?.ciphertext ?? '');
    }
    expect([nonces.size, ciphertexts.size]).toEqual([20, 20]);
  });

  it.each(['nonce', 'ciphertext', 'tag'] as const)(
    'notices one changed bit in the %s, and other connections keep working',
    async (member) => {
      const same = ports();
      await open(same).put('c1', { apiKey: 'first' });
      await open(same).put('c2', { apiKey: 'second' });
      const vault = await readVault();
      const record = vault.records['c1'];
      if (record === undefined) throw new Error('not stored');
      const bytes = Buffer.from(record[member], 'base64');
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      record[member] = bytes.toString('base64');
      await fs.writeFile(vaultFile(), JSON.stringify(vault));
      const again = open(same);
      expect(await reasonOf(again, 'c1')).toBe('tampered');
      expect(await again.get('c2')).toEqual({ ok: true, secrets: { apiKey: 'second' } });
    },
  );

  it('does not accept the record of one connection under the name of another', async () => {
    const same = ports();
    await open(same).put('c1', { apiKey: 'first' });
    await open(same).put('c2', { apiKey: 'second' });
    const vault = await readVault();
    const [one, two] = [vault.records['c1'], vault.records['c2']];
    if (one === undefined || two === undefined) throw new Error('not stored');
    await fs.writeFile(vaultFile(), JSON.stringify({ ...vault, records: { c1: two, c2: one } }));
    expect([await reasonOf(open(same), 'c1'), await reasonOf(open(same), 'c2')]).toEqual(['tampered', 'tampered']);
  });

  it('keeps the old copy whole when the program dies between write and rename, and carries on afterwards', async () => {
    const same = ports();
    await open(same).put('c1', { apiKey: 'old' });
    const before = await fs.readFile(vaultFile(), 'utf8');
    const dying = open({ ...same, files: { ...fs, rename: () => Promise.reject(new Error('killed here')) } });
    await expect(dying.put('c1', { apiKey: 'new' })).rejects.toThrow('killed here');
    expect(await fs.readFile(vaultFile(), 'utf8')).toBe(before);
    expect(await open(same).get('c1')).toEqual({ ok: true, secrets: { apiKey: 'old' } });
    await open(same).put('c1', { apiKey: 'new' });
    expect(await open(same).get('c1')).toEqual({ ok: true, secrets: { apiKey: 'new' } });
  });

  it('does not replace the old copy when what reached the disk reads back differently', async () => {
    const same = ports();
    await open(same).put('c1', { apiKey: 'old' });
    const lossy: typeof fs.readFile = (async (path: string, encoding: 'utf8') => {
      const text = await fs.readFile(path, encoding);
      return path.endsWith('.new') ? text.slice(0, -40) : text;
    }) as typeof fs.readFile;
    await expect(open({ ...same, files: { ...fs, readFile: lossy } }).put('c1', { apiKey: 'new' })).rejects.toThrow('read back');
    expect(await open(same).get('c1')).toEqual({ ok: true, secrets: { apiKey: 'old' } });
  });

  it('leaves no trace of a secret in clear in any file of the data folder', async () => {
    const marker = `canary-${randomBytes(12).toString('hex')}`;
    const vault = open(ports());
    await vault.put('c1', { apiKey: marker });
    await vault.put('c1', { apiKey: `${marker}-again` });
    const names = await fs.readdir(dataDir);
    expect(names).toEqual(['vault.json']);
    for (const name of names) {
      const bytes = await fs.readFile(join(dataDir, name));
      for (const spelling of [marker, Buffer.from(marker).toString('base64').slice(0, 20), Buffer.from(marker).toString('hex')]) {
        expect(bytes.includes(spelling)).toBe(false);
      }
      expect(bytes.includes(PASSPHRASE)).toBe(false);
    }
  });

  it('keeps all of many connections stored at the same time, and forgets only the one removed', async () => {
    const same = ports();
    const vault = open(same);
    const refs = Array.from({ length: 20 }, (_, index) => `c${index}`);
    await Promise.all(refs.map((ref) => vault.put(ref, { apiKey: `value of ${ref}` })));
    await vault.remove('c7');
    const after = await Promise.all(refs.map((ref) => reasonOf(open(same), ref)));
    expect(after).toEqual(refs.map((ref) => (ref === 'c7' ? 'absent' : 'ok')));
  });
});

function keychainOf(chain: Keychain): () => Promise<Keychain> {
  return async () => chain;
}

describe('a locked or changed keychain', () => {
  it('reads as locked, not as never stored, and opens again once unlocked without a restart', async () => {
    const { state, chain } = fakeKeychain();
    await open({ openKeychain: keychainOf(chain) }).put('c1', { apiKey: 'kept' });
    state.locked = true;
    const vault = open({ openKeychain: keychainOf(chain) });
    expect(await reasonOf(vault, 'c1')).toBe('locked');
    expect(await vault.describe()).toContain('locked');
    state.locked = false;
    expect(await vault.get('c1')).toEqual({ ok: true, secrets: { apiKey: 'kept' } });
  });

  it('keeps a new sign-in in memory while locked, says so, and keeps the stored ciphertext', async () => {
    const { state, chain } = fakeKeychain();
    await open({ openKeychain: keychainOf(chain) }).put('c1', { apiKey: 'stored' });
    const before = await fs.readFile(vaultFile(), 'utf8');
    state.locked = true;
    const vault = open({ openKeychain: keychainOf(chain) });
    expect(await vault.put('c1', { apiKey: 'typed again' })).toMatchObject({ kept: 'session' });
    expect(await vault.get('c1')).toEqual({ ok: true, secrets: { apiKey: 'typed again' } });
    expect(await vault.describe()).toContain('One sign-in is kept in memory only');
    expect(await fs.readFile(vaultFile(), 'utf8')).toBe(before);
  });

  it('goes back to the earlier key when storing makes a person unlock the keychain', async () => {
    const { state, chain } = fakeKeychain();
    await open({ openKeychain: keychainOf(chain) }).put('c1', { apiKey: 'one' });
    state.locked = true;
    state.unlockOnWrite = true;
    const vault = open({ openKeychain: keychainOf(chain) });
    expect(await vault.put('c2', { apiKey: 'two' })).toMatchObject({ kept: 'keychain' });
    expect((await readVault()).keys).toHaveLength(1);
    expect(state.items.size).toBe(1);
    expect(await reasonOf(vault, 'c1')).toBe('ok');
  });

  it('makes a new key when the old one is gone for good; the old record stays and reads as locked', async () => {
    const { state, chain } = fakeKeychain();
    await open({ openKeychain: keychainOf(chain) }).put('c1', { apiKey: 'one' });
    state.items.clear();
    const vault = open({ openKeychain: keychainOf(chain) });
    expect(await vault.put('c2', { apiKey: 'two' })).toMatchObject({ kept: 'keychain' });
    expect([await reasonOf(vault, 'c1'), await reasonOf(vault, 'c2')]).toEqual(['locked', 'ok']);
    expect(Object.keys((await readVault()).records)).toEqual(['c1', 'c2']);
  });

  it('tells a replaced key from a damaged record', async () => {
    const { state, chain } = fakeKeychain();
    await open({ openKeychain: keychainOf(chain) }).put('c1', { apiKey: 'one' });
    for (const account of state.items.keys()) state.items.set(account, randomBytes(32).toString('base64'));
    expect(await reasonOf(open({ openKeychain: keychainOf(chain) }), 'c1')).toBe('key_changed');
  });

  it('falls to the passphrase when the keychain refuses a key', async () => {
    const { state, chain } = fakeKeychain();
    state.locked = true;
    const ports = { openKeychain: keychainOf(chain), passphrase: PASSPHRASE };
    expect(await open(ports).put('c1', { apiKey: 'one' })).toMatchObject({ kept: 'passphrase' });
    expect(await reasonOf(open(ports), 'c1')).toBe('ok');
  });

  it('reads as locked when the keychain fails or this machine has none any more', async () => {
    const { chain } = fakeKeychain();
    await open({ openKeychain: keychainOf(chain) }).put('c1', { apiKey: 'one' });
    const failing: Keychain = { ...chain, get: () => Promise.reject(new Error('Cannot autolaunch D-Bus without X11 $DISPLAY')) };
    expect(await reasonOf(open({ openKeychain: keychainOf(failing) }), 'c1')).toBe('locked');
    expect(await reasonOf(open(), 'c1')).toBe('locked');
  });
});

describe('a passphrase', () => {
  it('that is wrong reads as another key, and that is missing as locked', async () => {
    await open({ passphrase: PASSPHRASE }).put('c1', { apiKey: 'one' });
    expect(await reasonOf(open({ passphrase: 'another river of stones' }), 'c1')).toBe('key_changed');
    expect(await reasonOf(open(), 'c1')).toBe('locked');
  });

  it('shorter than twelve characters is not used, and the screen says so', async () => {
    const vault = open({ passphrase: 'elevenchars' });
    expect(await vault.put('c1', { apiKey: 'one' })).toMatchObject({ kept: 'session' });
    expect(await vault.describe()).toContain('shorter than 12 characters');
    expect(await fs.readdir(dataDir)).toEqual([]);
  });

  it('is not tried against a forged cost that would exhaust memory', async () => {
    await open({ passphrase: PASSPHRASE }).put('c1', { apiKey: 'one' });
    const vault = await readVault();
    const cost = vault.keys[0]?.cost;
    if (cost === undefined) throw new Error('no passphrase key');
    cost.N = 2 ** 30;
    await fs.writeFile(vaultFile(), JSON.stringify(vault));
    expect(await reasonOf(open({ passphrase: PASSPHRASE }), 'c1')).toBe('key_changed');
  });
});

describe('without keychain and passphrase', () => {
  it('keeps secrets for the session, writes nothing, and says so', async () => {
    const vault = open();
    expect(await vault.put('c1', { apiKey: 'only-in-memory-1234' })).toEqual({ kept: 'session', hint: '1234' });
    expect(await vault.get('c1')).toEqual({ ok: true, secrets: { apiKey: 'only-in-memory-1234' } });
    expect(await fs.readdir(dataDir)).toEqual([]);
    expect(await reasonOf(open(), 'c1')).toBe('absent');
    expect(await vault.describe()).toContain('kept in memory');
    await vault.remove('c1');
    expect(await reasonOf(vault, 'c1')).toBe('absent');
  });
});

describe('the vault file', () => {
  it('that is damaged reads as unreadable, and is set aside, not deleted, by the next sign-in', async () => {
    await fs.writeFile(vaultFile(), '{"version":1,"records":');
    const vault = open({ passphrase: PASSPHRASE });
    expect(await reasonOf(vault, 'c1')).toBe('unreadable');
    await vault.put('c1', { apiKey: 'one' });
    expect(await reasonOf(vault, 'c1')).toBe('ok');
    const names = await fs.readdir(dataDir);
    const aside = names.find((name) => name.startsWith('vault.json.damaged-'));
    expect(await fs.readFile(join(dataDir, aside ?? ''), 'utf8')).toBe('{"version":1,"records":');
  });

  it('of a newer version is never touched', async () => {
    const text = '{"version":2,"anything":"else"}';
    await fs.writeFile(vaultFile(), text);
    const vault = open({ passphrase: PASSPHRASE });
    expect(await reasonOf(vault, 'c1')).toBe('unreadable');
    expect(await vault.put('c1', { apiKey: 'one' })).toMatchObject({ kept: 'session' });
    await vault.remove('c1');
    expect(await fs.readFile(vaultFile(), 'utf8')).toBe(text);
  });

  it('that the disk refuses to read leaves a typed answer, and a sign-in that cannot be stored is reported', async () => {
    const denied = () => Promise.reject(Object.assign(new Error('denied'), { code: 'EACCES' }));
    const vault = open({ passphrase: PASSPHRASE, files: { ...fs, readFile: denied as typeof fs.readFile } });
    expect(await reasonOf(vault, 'c1')).toBe('unreadable');
    await expect(vault.put('c1', { apiKey: 'one' })).rejects.toThrow('denied');
  });

  it('takes plain names only', async () => {
    const vault = open({ passphrase: PASSPHRASE });
    for (const ref of ['__proto__', '', '../x', 'a b']) await expect(vault.put(ref, { a: 'b' })).rejects.toThrow(RangeError);
    expect(await reasonOf(vault, '__proto__')).toBe('absent');
    expect(await reasonOf(vault, 'constructor')).toBe('absent');
  });
});

it('takes the hint from the secret, not from the user name before it', async () => {
  const credentials = { user: 'riverbend-operations', password: 'a-long-password-4711' };
  expect(await open().put('c1', credentials)).toMatchObject({ hint: '4711' });
  expect(await open().put('c1', credentials, 'user')).toMatchObject({ hint: 'ions' });
  expect(await open().put('c1', { user: 'riverbend-operations' })).toMatchObject({ hint: null });
});

it('tells the log about every secret it sees, and shows nothing of a short one', async () => {
  const heard: string[] = [];
  const ports = { passphrase: PASSPHRASE, onSecret: (secret: string) => heard.push(secret) };
  expect(await open(ports).put('c1', { user: 'ops', apiKey: 'short-key' }, 'apiKey')).toMatchObject({ hint: null });
  await open(ports).get('c1');
  expect(heard).toEqual([PASSPHRASE, 'ops', 'short-key', PASSPHRASE, 'ops', 'short-key']);
});
