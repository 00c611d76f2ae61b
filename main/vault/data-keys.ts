import type { Keychain } from './keychain.ts';
import { KEY_BYTES, NONCE_BYTES, keyFromPassphrase, keyName, seal, unseal, type ScryptCost } from './sealing.ts';
import type { OpenKey } from './records.ts';
import type { KeyEntry, VaultContents } from './vault-file.ts';

export type OpenedKey = { readonly key: Buffer } | { readonly failure: 'locked' | 'key_changed' };
/** A fresh key that is in no store yet. */
export type DraftKey = Pick<OpenKey, 'key'> & { readonly keyId: string };

export interface DataKeys {
  /** The key an entry of the vault file stands for. Asks again each time until it opens, so an unlocked keychain is noticed. */
  open(entry: KeyEntry, vaultId: string): Promise<OpenedKey>;
  draft(): DraftKey;
  /**
   * Puts a fresh key in the best place there is: keychain, else sealed with the passphrase, else none (null). With
   * `keychainOnly` a keychain that refuses is not replaced by the passphrase.
   */
  keep(draft: DraftKey, vaultId: string, options?: { readonly keychainOnly: boolean }): Promise<OpenKey | null>;
  /** Whether the store itself still gives the key, past what is remembered here. */
  stillKept(entry: KeyEntry, vaultId: string): Promise<boolean>;
  /**
   * Forgets a key and takes it out of the keychain; answers whether it is gone for sure. A keychain known to answer
   * (`answers`) that has no such key is sure; one that may be locked is not. Rejects when the keychain fails.
   */
  destroy(keyId: string, vaultId: string, answers: boolean): Promise<boolean>;
  /** Whether this machine has a keychain that could be loaded; it may be locked. */
  hasKeychain(): Promise<boolean>;
  /** The newest key of a vault file that opens. */
  openNewest(contents: Pick<VaultContents, 'vaultId' | 'keys'>): Promise<OpenKey | null>;
  /** Takes a key made in vain out of the keychain again. */
  discard(entry: KeyEntry, vaultId: string): Promise<void>;
  /** Where a fresh key would go, as far as can be told without writing. */
  preferred(): Promise<'keychain' | 'passphrase' | 'session'>;
}

export interface DataKeyPorts {
  readonly openKeychain: () => Promise<Keychain | null>;
  readonly passphrase: string | null;
  readonly cost: ScryptCost;
  readonly bytes: (count: number) => Uint8Array;
  /** Now as UTC instant. */
  readonly now: () => string;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

const SALT_BYTES = 16;
const nameInKeychain = (vaultId: string, keyId: string): string => `vault-${vaultId}-${keyId}`;
const sealContext = (vaultId: string, keyId: string): string => JSON.stringify(['clearway vault key', 1, vaultId, keyId]);

/** Finds, makes and remembers the data keys that secrets are sealed with. Keys stay in memory once opened. */
export const createDataKeys = (ports: DataKeyPorts): DataKeys => {
  const opened = new Map<string, Buffer>();
  let loading: Promise<Keychain | null> | undefined;
  const keychain = (): Promise<Keychain | null> => (loading ??= ports.openKeychain());

  const fromKeychain = async (keyId: string, vaultId: string): Promise<OpenedKey> => {
    const chain = await keychain();
    if (chain === null) return { failure: 'locked' };
    let stored: string | null;
    try {
      stored = await chain.get(nameInKeychain(vaultId, keyId));
    } catch (error) {
      ports.log('The keychain did not answer', { error });
      return { failure: 'locked' };
    }
    // A locked keyring answers null, so null never means that the key was not stored.
    if (stored === null) return { failure: 'locked' };
    const key = Buffer.from(stored, 'base64');
    return key.length === KEY_BYTES && keyName(key) === keyId ? { key } : { failure: 'key_changed' };
  };

  const fromPassphrase = async (entry: KeyEntry & { backend: 'passphrase' }, vaultId: string): Promise<OpenedKey> => {
    if (ports.passphrase === null) return { failure: 'locked' };
    let key: Buffer | null = null;
    try {
      const wrapping = await keyFromPassphrase(ports.passphrase, Buffer.from(entry.salt, 'base64'), entry.cost);
      key = unseal(wrapping, entry, sealContext(vaultId, entry.keyId));
    } catch (error) {
      ports.log('The key of the vault file could not be opened', { error });
    }
    return key !== null && keyName(key) === entry.keyId ? { key } : { failure: 'key_changed' };
  };

  const inKeychain = async (key: Buffer, vaultId: string): Promise<KeyEntry | null> => {
    const chain = await keychain();
    if (chain === null) return null;
    const keyId = keyName(key);
    const name = nameInKeychain(vaultId, keyId);
    try {
      await chain.set(name, key.toString('base64'));
      return (await chain.get(name)) === key.toString('base64') ? { backend: 'keychain', keyId, createdAt: ports.now() } : null;
    } catch (error) {
      ports.log('The keychain did not take a key', { error });
      return null;
    }
  };

  const withPassphrase = async (key: Buffer, vaultId: string): Promise<KeyEntry | null> => {
    if (ports.passphrase === null) return null;
    const keyId = keyName(key);
    const salt = ports.bytes(SALT_BYTES);
    const wrapping = await keyFromPassphrase(ports.passphrase, salt, ports.cost);
    const sealed = seal(wrapping, ports.bytes(NONCE_BYTES), key, sealContext(vaultId, keyId));
    return {
      backend: 'passphrase',
      keyId,
      createdAt: ports.now(),
      salt: Buffer.from(salt).toString('base64'),
      cost: ports.cost,
      ...sealed,
    };
  };

  const fromStore = (entry: KeyEntry, vaultId: string): Promise<OpenedKey> =>
    entry.backend === 'keychain' ? fromKeychain(entry.keyId, vaultId) : fromPassphrase(entry, vaultId);

  const open = async (entry: KeyEntry, vaultId: string): Promise<OpenedKey> => {
    const known = opened.get(entry.keyId);
    if (known !== undefined) return { key: known };
    const result = await fromStore(entry, vaultId);
    if ('key' in result) opened.set(entry.keyId, result.key);
    return result;
  };

  return {
    open,
    draft: () => {
      const key = Buffer.from(ports.bytes(KEY_BYTES));
      return { key, keyId: keyName(key) };
    },
    keep: async ({ key }, vaultId, { keychainOnly } = { keychainOnly: false }) => {
      const entry = (await inKeychain(key, vaultId)) ?? (keychainOnly ? null : await withPassphrase(key, vaultId));
      if (entry === null) return null;
      opened.set(entry.keyId, key);
      return { entry, key };
    },
    stillKept: async (entry, vaultId) => 'key' in (await fromStore(entry, vaultId)),
    destroy: async (keyId, vaultId, answers) => {
      opened.get(keyId)?.fill(0);
      opened.delete(keyId);
      const chain = await keychain();
      if (chain === null) return false;
      const name = nameInKeychain(vaultId, keyId);
      const was = await chain.get(name);
      await chain.remove(name);
      return (await chain.get(name)) === null && (answers || was !== null);
    },
    hasKeychain: async () => (await keychain()) !== null,
    openNewest: async ({ keys, vaultId }) => {
      for (const entry of keys.toReversed()) {
        const result = await open(entry, vaultId);
        if ('key' in result) return { entry, key: result.key };
      }
      return null;
    },
    discard: async (entry, vaultId) => {
      opened.delete(entry.keyId);
      if (entry.backend !== 'keychain') return;
      try {
        await (await keychain())?.remove(nameInKeychain(vaultId, entry.keyId));
      } catch (error) {
        ports.log('The keychain did not remove a key', { error });
      }
    },
    preferred: async () => {
      const chain = await keychain();
      try {
        if (chain !== null) {
          await chain.get('vault-probe');
          return 'keychain';
        }
      } catch (error) {
        ports.log('The keychain cannot be used', { error });
      }
      return ports.passphrase === null ? 'session' : 'passphrase';
    },
  };
};
