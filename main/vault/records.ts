import { seal, unseal, type Sealed } from './sealing.ts';
import type { KeyEntry, VaultRecord } from './vault-file.ts';

/** A data key that is open, with what the vault file says of it. */
export interface OpenKey {
  readonly entry: KeyEntry;
  readonly key: Buffer;
}

type Head = Omit<VaultRecord, keyof Sealed>;

const contextOf = (vaultId: string, ref: string, head: Head): string =>
  JSON.stringify(['clearway secret', head.version, vaultId, ref, head.backend, head.keyId]);

/** Seals the plain bytes of one connection into a record that names its key. The nonce must be fresh. */
export const sealRecord = (
  { entry, key }: OpenKey,
  vaultId: string,
  ref: string,
  nonce: Uint8Array,
  plain: Uint8Array,
): VaultRecord => {
  const head = { version: 1, backend: entry.backend, keyId: entry.keyId } as const;
  return { ...head, ...seal(key, nonce, plain, contextOf(vaultId, ref, head)) };
};

/** The plain bytes of a record; null when the key is another one or anything of the record was changed. */
export const openRecord = (key: Uint8Array, vaultId: string, ref: string, record: VaultRecord): Buffer | null =>
  unseal(key, record, contextOf(vaultId, ref, record));
