import type { DataKeys } from './data-keys.ts';
import { openRecord, sealRecord, type OpenKey } from './records.ts';
import { NONCE_BYTES } from './sealing.ts';
import type { VaultContents, VaultFile, VaultRecord } from './vault-file.ts';

export interface Renewed {
  /** Entries now sealed with the new key. */
  readonly resealed: number;
  /** Entries that could not be opened and stay as they were, with their key. */
  readonly left: number;
  /** False while a key that nothing needs may still lie in the keychain; the next renewal or daily check takes it out. */
  readonly oldKeyGone: boolean;
  readonly kept: 'keychain' | 'passphrase';
  /** UTC instant. */
  readonly at: string;
}

export type RenewalRefusal = 'locked' | 'refused';

export interface RenewalParts {
  readonly file: Pick<VaultFile, 'write'>;
  readonly keys: DataKeys;
  readonly bytes: (count: number) => Uint8Array;
  readonly now: () => string;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
}

export interface Renewal {
  /** Seals every entry with a new key, or completes the renewal that was interrupted. Rejects when disk or keychain fail. */
  renew(contents: VaultContents): Promise<Renewed | RenewalRefusal>;
  /** Takes keys that nothing needs out of the keychain; answers whether none is left. Rejects when the disk fails. */
  cleanUp(contents: VaultContents): Promise<boolean>;
}

const NO_CHECK = (): void => undefined;

const unchanged = (contents: VaultContents): Omit<VaultContents, 'pending' | 'leftovers'> => {
  const { pending: _pending, leftovers: _leftovers, ...rest } = contents;
  return rest;
};
const noted = (ids: readonly string[]): Pick<VaultContents, 'leftovers'> =>
  ids.length === 0 ? {} : { leftovers: [...new Set(ids)] };

/** Whether an earlier renewal was cut short: its new key is not everywhere yet, or an old one is still about. */
export const isUnfinished = (contents: VaultContents): boolean =>
  contents.pending !== undefined || (contents.leftovers ?? []).length > 0;

/**
 * Renewal of the data key. Each step is one atomic replacement of the vault file or one call of the keychain, in an order
 * that lets a death between any two be made good: a key is noted before the keychain holds it, held beside the old one
 * before anything is sealed with it, and the old one goes only when the file that needs it is gone from the disk.
 */
export const createRenewal = ({ file, keys, bytes, now, log }: RenewalParts): Renewal => {
  /** The key of an interrupted renewal, when it had come as far as the vault file and its store still gives it. */
  const begun = async (contents: VaultContents): Promise<OpenKey | null> => {
    const entry = contents.keys.find(({ keyId }) => keyId === contents.pending);
    if (entry === undefined || !(await keys.stillKept(entry, contents.vaultId))) return null;
    const opened = await keys.open(entry, contents.vaultId);
    return 'key' in opened ? { entry, key: opened.key } : null;
  };

  const begin = async (contents: VaultContents, old: OpenKey): Promise<{ fresh: OpenKey | null; contents: VaultContents }> => {
    const draft = keys.draft();
    // A key of an interrupted renewal that no entry of the file describes may still have reached the keychain.
    const lost = contents.pending === undefined ? [] : [contents.pending];
    let current: VaultContents = { ...unchanged(contents), ...noted([...(contents.leftovers ?? []), ...lost]) };
    if (await keys.hasKeychain()) {
      current = { ...current, pending: draft.keyId };
      await file.write(current, NO_CHECK);
    }
    const fresh = await keys.keep(draft, contents.vaultId, { keychainOnly: old.entry.backend === 'keychain' });
    if (fresh === null) {
      current = { ...unchanged(current), ...noted([...(current.leftovers ?? []), draft.keyId]) };
      await file.write(current, NO_CHECK);
      return { fresh, contents: current };
    }
    current = { ...current, pending: draft.keyId, keys: [...current.keys, fresh.entry] };
    await file.write(current, NO_CHECK);
    return { fresh, contents: current };
  };

  const open = async (contents: VaultContents, ref: string, record: VaultRecord): Promise<Buffer | null> => {
    const entry = contents.keys.find((each) => each.keyId === record.keyId && each.backend === record.backend);
    if (entry === undefined) return null;
    const opened = await keys.open(entry, contents.vaultId);
    return 'key' in opened ? openRecord(opened.key, contents.vaultId, ref, record) : null;
  };

  const reseal = async (contents: VaultContents, fresh: OpenKey): Promise<{ left: number; contents: VaultContents }> => {
    const { vaultId } = contents;
    const plains = new Map<string, Buffer>();
    const records = new Map(Object.entries(contents.records));
    let left = 0;
    for (const [ref, record] of records) {
      if (record.keyId === fresh.entry.keyId) continue;
      const plain = await open(contents, ref, record);
      if (plain === null) left += 1;
      else {
        plains.set(ref, plain);
        records.set(ref, sealRecord(fresh, vaultId, ref, bytes(NONCE_BYTES), plain));
      }
    }
    const needed = new Set([fresh.entry.keyId, ...[...records.values()].map(({ keyId }) => keyId)]);
    const spare = contents.keys.filter(({ keyId, backend }) => backend === 'keychain' && !needed.has(keyId));
    const next: VaultContents = {
      ...unchanged(contents),
      keys: contents.keys.filter(({ keyId }) => needed.has(keyId)),
      records: Object.fromEntries(records),
      ...noted([...(contents.leftovers ?? []), ...spare.map(({ keyId }) => keyId)]),
      renewedAt: now(),
    };
    try {
      await file.write(next, (readBack) => {
        for (const [ref, plain] of plains) {
          const again = readBack.records[ref];
          const opened = again === undefined ? null : openRecord(fresh.key, vaultId, ref, again);
          if (opened === null || !opened.equals(plain)) throw new Error('A secret sealed anew did not read back as written');
        }
      });
    } finally {
      for (const plain of plains.values()) plain.fill(0);
    }
    return { left, contents: next };
  };

  const cleanUp = async (contents: VaultContents): Promise<boolean> => {
    const { vaultId, leftovers = [] } = contents;
    if (leftovers.length === 0) return true;
    const active = await keys.openNewest(contents);
    if (active === null) return false;
    const answers = active.entry.backend === 'keychain';
    if (answers && !(await keys.stillKept(active.entry, vaultId))) return false;
    const named = new Set([...contents.keys, ...Object.values(contents.records)].map(({ keyId }) => keyId));
    const stay: string[] = [];
    for (const keyId of leftovers.filter((each) => !named.has(each))) {
      try {
        if (!(await keys.destroy(keyId, vaultId, answers))) stay.push(keyId);
      } catch (error) {
        log('The keychain did not remove a key', { error });
        stay.push(keyId);
      }
    }
    const { leftovers: _before, ...rest } = contents;
    if (stay.length < leftovers.length) await file.write({ ...rest, ...noted(stay) }, NO_CHECK);
    return stay.length === 0;
  };

  return {
    renew: async (contents) => {
      const old = await keys.openNewest(contents);
      if (old === null) return 'locked';
      const resumed = await begun(contents);
      const start = resumed === null ? await begin(contents, old) : { fresh: resumed, contents };
      if (start.fresh === null) return 'refused';
      const { left, contents: sealed } = await reseal(start.contents, start.fresh);
      const { backend, keyId } = start.fresh.entry;
      const resealed = Object.values(sealed.records).filter((record) => record.keyId === keyId).length;
      // Everything is sealed with the new key by now: what is left to tidy up does not make the renewal a failure.
      const oldKeyGone = await cleanUp(sealed).catch((error: unknown) => {
        log('The key before the renewal could not be removed yet', { error });
        return false;
      });
      return { resealed, left, oldKeyGone, kept: backend, at: sealed.renewedAt ?? now() };
    },
    cleanUp,
  };
};
