import type * as nodeFs from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const sealed = { nonce: z.string(), ciphertext: z.string(), tag: z.string() };
const backend = z.enum(['keychain', 'passphrase']);

/** A time somebody wrote in by hand wrongly is no time, and no reason to call the whole file damaged. */
const instant = z.iso.datetime().optional().catch(undefined);
/** When the key was made, as UTC instant; keys of earlier versions do not say. */
const createdAt = instant;

const keyEntry = z.discriminatedUnion('backend', [
  z.strictObject({ backend: z.literal('keychain'), keyId: z.string(), createdAt }),
  z.strictObject({
    backend: z.literal('passphrase'),
    keyId: z.string(),
    createdAt,
    salt: z.string(),
    cost: z.strictObject({ N: z.number(), r: z.number(), p: z.number() }),
    ...sealed,
  }),
]);
export type KeyEntry = z.infer<typeof keyEntry>;

const record = z.strictObject({ version: z.literal(1), backend, keyId: z.string(), ...sealed });
export type VaultRecord = z.infer<typeof record>;

const contents = z.strictObject({
  version: z.literal(1),
  vaultId: z.string(),
  keys: z.array(keyEntry),
  records: z.record(z.string(), record),
  /** The key of a renewal that has begun; noted before the key is put anywhere. */
  pending: z.string().optional(),
  /** Keys that nothing needs any more and that may still lie in the keychain. */
  leftovers: z.array(z.string()).optional(),
  /** When the last renewal was completed, as UTC instant. */
  renewedAt: instant,
});
export type VaultContents = z.infer<typeof contents>;

export type VaultFileState =
  | { readonly kind: 'none' }
  | { readonly kind: 'read'; readonly contents: VaultContents }
  /** Not what this program writes: damaged, edited by hand or from a newer version. */
  | { readonly kind: 'foreign'; readonly newer: boolean };

export type Files = Pick<typeof nodeFs, 'open' | 'readFile' | 'rename' | 'rm'>;

export interface VaultFile {
  read(): Promise<VaultFileState>;
  /** Replaces the file as a whole; `check` sees what was read back from the disk before the old copy goes. */
  write(next: VaultContents, check: (readBack: VaultContents) => void): Promise<void>;
  /** Moves a file that cannot be read out of the way, and keeps it. */
  setAside(suffix: string): Promise<void>;
}

const codeOf = (error: unknown): unknown => (error instanceof Error ? Reflect.get(error, 'code') : undefined);

const parse = (text: string): VaultFileState => {
  try {
    const value: unknown = JSON.parse(text);
    const result = contents.safeParse(value);
    if (result.success) return { kind: 'read', contents: result.data };
    const version: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'version') : undefined;
    return { kind: 'foreign', newer: typeof version === 'number' && version > 1 };
  } catch {
    return { kind: 'foreign', newer: false };
  }
};

/** `vault.json` of a data folder: mode 0600, replaced atomically. Files rejects with what the file system says. */
export const createVaultFile = (dataDir: string, files: Files): VaultFile => {
  const path = join(dataDir, 'vault.json');
  const temporary = `${path}.new`;

  const flushFolder = async (): Promise<void> => {
    try {
      const folder = await files.open(dataDir, 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    } catch (error) {
      // Windows cannot open a folder to flush it; the rename itself is durable there.
      if (!['EPERM', 'EISDIR', 'EACCES', 'EINVAL'].includes(String(codeOf(error)))) throw error;
    }
  };

  return {
    read: async () => {
      try {
        return parse(await files.readFile(path, 'utf8'));
      } catch (error) {
        if (codeOf(error) === 'ENOENT') return { kind: 'none' };
        throw error;
      }
    },
    write: async (next, check) => {
      await files.rm(temporary, { force: true });
      const handle = await files.open(temporary, 'wx', 0o600);
      try {
        await handle.writeFile(`${JSON.stringify(next, null, 2)}\n`, 'utf8');
        await handle.sync();
      } finally {
        await handle.close();
      }
      const readBack = parse(await files.readFile(temporary, 'utf8'));
      if (readBack.kind !== 'read') throw new Error('The vault file did not read back as written');
      check(readBack.contents);
      await files.rename(temporary, path);
      await flushFolder();
    },
    setAside: (suffix) => files.rename(path, `${path}.${suffix}`),
  };
};
