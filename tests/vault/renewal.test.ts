import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Keychain } from '../../main/vault/keychain.ts';
import { createVault, type SecretStore, type VaultPorts } from '../../main/vault/vault.ts';
import { mortalPorts, type Death } from './mortal-ports.ts';

const CHEAP = { N: 2 ** 10, r: 8, p: 1 };
const PASSPHRASE = 'a river of twelve stones';
const MADE = '2026-11-01T08:00:00.000Z';
const RENEWED = '2026-12-02T08:00:00.000Z';
const SECRETS = {
  c1: { apiKey: 'birch-4f1d9c27aa' },
  c2: { password: 'alder-77e0b35d41', user: 'integrations' },
  c3: { clientSecret: 'rowan-0a9b8c7d6e' },
} as const;

let dataDir = '';
let items = new Map<string, string>();
beforeEach(async () => {
  dataDir = await fs.mkdtemp(join(tmpdir(), 'clearway-renewal-'));
  items = new Map();
});
afterEach(() => fs.rm(dataDir, { recursive: true, force: true }));

const chain: Keychain = {
  get: async (account) => items.get(account) ?? null,
  set: async (account, value) => void items.set(account, value),
  remove: async (account) => void items.delete(account),
};
const open = (ports: Partial<VaultPorts> = {}): SecretStore =>
  createVault({
    dataDir,
    bytes: (count) => randomBytes(count),
    openKeychain: async () => null,
    passphrase: null,
    onSecret: () => undefined,
    log: () => undefined,
    now: () => MADE,
    cost: CHEAP,
    ...ports,
  });
const inKeychain = (): Partial<VaultPorts> => ({ openKeychain: async () => chain });
const withPassphrase = (): Partial<VaultPorts> => ({ passphrase: PASSPHRASE });

const fill = async (vault: SecretStore): Promise<void> => {
  for (const [ref, secrets] of Object.entries(SECRETS)) await vault.put(ref, secrets);
};
const readAll = async (vault: SecretStore) => {
  const found: Record<string, unknown> = {};
  for (const ref of Object.keys(SECRETS)) {
    const read = await vault.get(ref);
    found[ref] = read.ok ? read.secrets : read.reason;
  }
  return found;
};
const contents = async () =>
  JSON.parse(await fs.readFile(join(dataDir, 'vault.json'), 'utf8')) as {
    keys: { keyId: string; backend: string; createdAt?: string }[];
    records: Record<string, { keyId: string; ciphertext: string }>;
    pending?: string;
    leftovers?: string[];
    renewedAt?: string;
    vaultId: string;
  };

/** Everything that must never be on disk in clear, in the spellings it could have there. */
const forbidden = (keys: Iterable<string>): string[] => {
  const values = Object.values(SECRETS).flatMap((each) => Object.values(each).filter((value) => value !== 'integrations'));
  const raw = [...values.map((value) => Buffer.from(value)), ...[...keys].map((key) => Buffer.from(key, 'base64'))];
  return [PASSPHRASE, ...raw.flatMap((bytes) => [bytes.toString('latin1'), bytes.toString('base64'), bytes.toString('hex')])];
};
const expectNothingInClear = async (keys: Iterable<string>): Promise<void> => {
  for (const name of await fs.readdir(dataDir)) {
    const text = await fs.readFile(join(dataDir, name), 'latin1');
    for (const spelling of forbidden(keys)) expect(text.includes(spelling), `${name} holds a secret in clear`).toBe(false);
  }
};
/** One key, which seals everything, and nothing of an older one in the folder or the keychain. */
const expectOneKey = async (): Promise<void> => {
  const { keys, records, pending, leftovers, vaultId } = await contents();
  expect({ keys: keys.length, pending, leftovers }).toEqual({ keys: 1, pending: undefined, leftovers: undefined });
  expect(new Set(Object.values(records).map(({ keyId }) => keyId))).toEqual(new Set(keys.map(({ keyId }) => keyId)));
  const kept = keys.filter(({ backend }) => backend === 'keychain').map(({ keyId }) => `vault-${vaultId}-${keyId}`);
  expect([...items.keys()]).toEqual(kept);
  expect(await fs.readdir(dataDir)).toEqual(['vault.json']);
};

describe.each([
  { kept: 'keychain' as const, ports: inKeychain },
  { kept: 'passphrase' as const, ports: withPassphrase },
])('renewing a key in the $kept', ({ kept, ports }) => {
  it('seals every entry with a new key, which alone is left, and says so', async () => {
    await fill(open(ports()));
    const before = await contents();
    const keys = [...items.values()];
    const vault = open({ ...ports(), now: () => RENEWED });
    expect(await vault.renewKey()).toEqual({ ok: true, kept, resealed: 3, left: 0, oldKeyGone: true, at: RENEWED });
    const after = await contents();
    expect(after.keys[0]?.keyId).not.toBe(before.keys[0]?.keyId);
    expect(after.records['c1']?.ciphertext).not.toBe(before.records['c1']?.ciphertext);
    await expectOneKey();
    await expectNothingInClear([...keys, ...items.values()]);
    expect(await readAll(vault)).toEqual(SECRETS);
    expect(await readAll(open(ports()))).toEqual(SECRETS);
    expect(await vault.status()).toEqual({
      kind: kept,
      state: 'ready',
      entries: 3,
      inMemory: 0,
      keyCreatedAt: RENEWED,
      renewedAt: RENEWED,
      unfinished: false,
    });
  });

  it('keeps a sign-in stored while it runs, and one removed stays removed', async () => {
    const vault = open(ports());
    await fill(vault);
    const [renewed] = await Promise.all([vault.renewKey(), vault.put('c4', { apiKey: 'during' }), vault.remove('c2')]);
    expect(renewed).toMatchObject({ ok: true, resealed: 3 });
    const again = open(ports());
    expect(await again.get('c4')).toEqual({ ok: true, secrets: { apiKey: 'during' } });
    expect(await again.get('c2')).toMatchObject({ ok: false, reason: 'absent' });
    await expectOneKey();
  });

  it('leaves an entry that cannot be opened as it is, with its key, and counts it', async () => {
    await fill(open(ports()));
    const damaged = await contents();
    const record = damaged.records['c2'];
    if (record === undefined) throw new Error('not stored');
    record.ciphertext = Buffer.from('damaged').toString('base64');
    await fs.writeFile(join(dataDir, 'vault.json'), JSON.stringify(damaged));
    expect(await open(ports()).renewKey()).toMatchObject({ ok: true, resealed: 2, left: 1 });
    const after = await contents();
    expect(after.records['c2']).toEqual(record);
    expect(after.keys.map(({ keyId }) => keyId)).toContain(record.keyId);
    expect(await readAll(open(ports()))).toEqual({ ...SECRETS, c2: 'tampered' });
  });

  const deaths: readonly Death[] = ['before it is done', 'after it is done', 'once, and the program goes on'];
  it.each(deaths)('survives the failure of every single call of disk and keychain, %s', async (death) => {
    const seen: string[] = [];
    for (let at = 0; ; at += 1) {
      for (const name of await fs.readdir(dataDir)) await fs.rm(join(dataDir, name));
      items.clear();
      await fill(open(ports()));
      const keys = [...items.values()];

      const mortal = mortalPorts(items, at, death);
      const real = ports();
      const dying = open({
        ...real,
        files: mortal.files,
        ...(real.openKeychain === undefined ? {} : { openKeychain: async () => mortal.chain }),
      });
      const result = await dying.renewKey();
      if (mortal.calls.length <= at) {
        expect(result).toMatchObject({ ok: true, oldKeyGone: true });
        break;
      }
      seen.push(mortal.calls[at] ?? '');
      const where = `call ${at}, ${mortal.calls[at]}`;

      if (death === 'once, and the program goes on') expect(await readAll(dying), where).toEqual(SECRETS);
      await expectNothingInClear([...keys, ...items.values()]);
      expect(await readAll(open(ports())), where).toEqual(SECRETS);
      const half = [...items.values()];
      await open(ports()).finishRenewal();
      expect(await readAll(open(ports())), `${where}, finished`).toEqual(SECRETS);
      expect((await open(ports()).status()).unfinished, where).toBe(false);
      expect(await open(ports()).renewKey(), where).toMatchObject({ ok: true, resealed: 3, left: 0, oldKeyGone: true });
      expect(await readAll(open(ports())), `${where}, renewed again`).toEqual(SECRETS);
      await expectOneKey();
      await expectNothingInClear([...keys, ...half, ...items.values()]);
    }
    // Two file replacements at least, each opened, written, flushed, read back and renamed.
    for (const call of ['open wx', 'write', 'sync', 'read', 'rename', 'open r'])
      expect(seen.filter((each) => each === call).length, call).toBeGreaterThanOrEqual(2);
    if (kept === 'keychain') expect(seen).toEqual(expect.arrayContaining(['keychain get', 'keychain set', 'keychain remove']));
  });
});

describe('a renewal that was cut short', () => {
  const INTERRUPTED = { ok: false, reason: 'interrupted' };
  const OLD_KEY_STAYS = { ok: true, resealed: 3, oldKeyGone: false };
  /** Dies at the first call of this name after `skip` others of it. */
  const dieAt = async (name: string, skip: number, outcome: object): Promise<void> => {
    await fill(open(inKeychain()));
    const dry = mortalPorts(new Map(items), Number.POSITIVE_INFINITY, 'before it is done');
    const copy = await fs.readFile(join(dataDir, 'vault.json'));
    await open({ files: dry.files, openKeychain: async () => dry.chain }).renewKey();
    await fs.writeFile(join(dataDir, 'vault.json'), copy);
    const at = dry.calls.flatMap((call, index) => (call === name ? [index] : []))[skip] ?? -1;
    const mortal = mortalPorts(items, at, 'before it is done');
    expect(await open({ files: mortal.files, openKeychain: async () => mortal.chain }).renewKey()).toMatchObject(outcome);
  };

  it('goes on with the key it had made when the file names it', async () => {
    await dieAt('rename', 2, INTERRUPTED);
    const half = await contents();
    expect(half.keys.map(({ keyId }) => keyId)).toContain(half.pending);
    expect((await open(inKeychain()).status()).unfinished).toBe(true);
    await open(inKeychain()).finishRenewal();
    expect((await contents()).keys.map(({ keyId }) => keyId)).toEqual([half.pending]);
    await expectOneKey();
  });

  it('takes a key away that only the keychain holds, and starts again', async () => {
    await dieAt('rename', 1, INTERRUPTED);
    const half = await contents();
    expect([half.keys.length, items.size]).toEqual([1, 2]);
    await open(inKeychain()).finishRenewal();
    expect((await contents()).keys[0]?.keyId).not.toBe(half.pending);
    await expectOneKey();
  });

  it('of which only the old key is left to remove makes no other new key', async () => {
    await dieAt('keychain remove', 0, OLD_KEY_STAYS);
    const half = await contents();
    expect([half.leftovers?.length, items.size]).toEqual([1, 2]);
    await open(inKeychain()).finishRenewal();
    expect((await contents()).keys).toEqual(half.keys);
    await expectOneKey();
  });

  it('is left alone while the keychain is locked, and nothing is removed', async () => {
    await dieAt('keychain remove', 0, OLD_KEY_STAYS);
    const locked: Keychain = { ...chain, get: async () => null };
    await open({ openKeychain: async () => locked }).finishRenewal();
    expect(items.size).toBe(2);
    expect(await readAll(open(inKeychain()))).toEqual(SECRETS);
  });
});

describe('a renewal is refused, and changes nothing,', () => {
  const refusal = async (vault: SecretStore) => {
    const before = await fs.readFile(join(dataDir, 'vault.json'), 'utf8').catch(() => null);
    const result = await vault.renewKey();
    expect(await fs.readFile(join(dataDir, 'vault.json'), 'utf8').catch(() => null)).toBe(before);
    return result.ok ? 'ok' : result.reason;
  };
  it('without keychain and passphrase, and without anything stored', async () => {
    const vault = open();
    await vault.put('c1', SECRETS.c1);
    expect(await refusal(vault)).toBe('session');
    expect(await vault.status()).toMatchObject({ kind: 'session', state: 'empty', entries: 0, inMemory: 1 });
    expect(await refusal(open(inKeychain()))).toBe('empty');
  });
  it('while the keychain is locked or the passphrase is another one', async () => {
    await fill(open(inKeychain()));
    expect(await refusal(open({ openKeychain: async () => ({ ...chain, get: async () => null }) }))).toBe('locked');
    expect(await refusal(open(withPassphrase()))).toBe('locked');
    expect(await open(withPassphrase()).status()).toMatchObject({ kind: 'keychain', state: 'locked', entries: 3 });
  });
  it('when the file is damaged', async () => {
    await fs.writeFile(join(dataDir, 'vault.json'), '{');
    expect(await refusal(open(inKeychain()))).toBe('unreadable');
    expect(await open(inKeychain()).status()).toMatchObject({ state: 'unreadable' });
  });
});

it('a keychain that takes no new key keeps the old one in use, and the passphrase does not stand in for it', async () => {
  await fill(open(inKeychain()));
  const full: Keychain = { ...chain, set: () => Promise.reject(new Error('Cannot create an item in a locked collection')) };
  const vault = open({ openKeychain: async () => full, passphrase: PASSPHRASE });
  expect(await vault.renewKey()).toMatchObject({ ok: false, reason: 'refused' });
  expect((await contents()).keys.map(({ backend }) => backend)).toEqual(['keychain']);
  expect(await readAll(open(inKeychain()))).toEqual(SECRETS);
  expect(await open(inKeychain()).renewKey()).toMatchObject({ ok: true, resealed: 3 });
  await expectOneKey();
});

it('a key sealed with the passphrase moves to the keychain once there is one', async () => {
  await fill(open(withPassphrase()));
  expect(await open({ ...inKeychain(), ...withPassphrase() }).renewKey()).toMatchObject({
    ok: true,
    kept: 'keychain',
    resealed: 3,
  });
  await expectOneKey();
  expect(await readAll(open(inKeychain()))).toEqual(SECRETS);
});

it('a vault of an earlier version, whose key does not say when it was made, is read and renewed', async () => {
  await fill(open(inKeychain()));
  const old = await contents();
  for (const key of old.keys) delete key.createdAt;
  await fs.writeFile(join(dataDir, 'vault.json'), JSON.stringify(old));
  expect(await open(inKeychain()).status()).toMatchObject({ state: 'ready', keyCreatedAt: null, renewedAt: null });
  expect(await open(inKeychain()).renewKey()).toMatchObject({ ok: true });
  expect(await open(inKeychain()).status()).toMatchObject({ keyCreatedAt: MADE });
});
