import type * as nodeFs from 'node:fs/promises';
import { z } from 'zod';
import type { SafeStorage } from 'electron';

type Files = Pick<typeof nodeFs, 'readFile' | 'writeFile' | 'rename'>;

export interface SafeKeychainParts {
  readonly safeStorage: Pick<
    SafeStorage,
    'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
  >;
  readonly platform: NodeJS.Platform;
  /** File that the sealed values lie in. */
  readonly path: string;
  readonly files: Files;
  /** Hears why there is none. */
  readonly onMissing: (cause: unknown) => void;
}

const shape = z.strictObject({ version: z.literal(1), values: z.record(z.string(), z.string()) });
const sealedPair = z.tuple([z.string(), z.string()]);

/**
 * A keychain over what Electron seals with the system's own: the values lie in a file, each sealed together with its name.
 * Null where the system offers nothing, and on Linux also where Electron would seal with a fixed password, which hides
 * nothing. Its methods are those that the vault asks of a keychain.
 */
export async function openSafeKeychain({ safeStorage, platform, path, files, onMissing }: SafeKeychainParts) {
  try {
    if (platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend()))
      throw new Error('The system has no password manager; Electron would not really encrypt');
    if (!(await safeStorage.isAsyncEncryptionAvailable())) throw new Error('Electron cannot encrypt on this system now');
  } catch (cause) {
    onMissing(cause);
    return null;
  }

  const read = async (): Promise<Record<string, string>> => {
    try {
      return shape.parse(JSON.parse(await files.readFile(path, 'utf8'))).values;
    } catch (error) {
      if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return {};
      throw error;
    }
  };
  const write = async (values: Readonly<Record<string, string>>): Promise<void> => {
    const text = `${JSON.stringify({ version: 1, values }, null, 2)}\n`;
    await files.writeFile(`${path}.new`, text, { mode: 0o600, flush: true });
    await files.rename(`${path}.new`, path);
  };
  const set = async (account: string, value: string): Promise<void> => {
    const sealed = await safeStorage.encryptStringAsync(JSON.stringify([account, value]));
    await write({ ...(await read()), [account]: sealed.toString('base64') });
  };

  return {
    get: async (account: string): Promise<string | null> => {
      const values = await read();
      const sealed = Object.hasOwn(values, account) ? values[account] : undefined;
      if (sealed === undefined) return null;
      const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(sealed, 'base64'));
      const [name, value] = sealedPair.parse(JSON.parse(result));
      // A value that was moved under another name by hand is nobody's.
      if (name !== account) return null;
      if (shouldReEncrypt) await set(account, value);
      return value;
    },
    set,
    remove: async (account: string): Promise<void> => {
      const { [account]: gone, ...rest } = await read();
      if (gone !== undefined) await write(rest);
    },
  };
}
