import * as fs from 'node:fs/promises';
import type { Keychain } from '../../main/vault/keychain.ts';
import type { Files } from '../../main/vault/vault-file.ts';

/** How one call of the disk or the keychain goes wrong, and whether the program lives on. */
export type Death = 'before it is done' | 'after it is done' | 'once, and the program goes on';

export interface MortalPorts {
  readonly files: Files;
  readonly chain: Keychain;
  /** Every call so far, by name. */
  readonly calls: readonly string[];
}

/** Real files and a keychain over `items`, of which call number `at` (from 0) fails and, unless it lives on, all after it. */
export function mortalPorts(items: Map<string, string>, at: number, death: Death): MortalPorts {
  const calls: string[] = [];
  const run = async <T>(name: string, work: () => Promise<T>, undo?: (done: T) => Promise<unknown>): Promise<T> => {
    const number = calls.push(name) - 1;
    const fails = number === at || (number > at && death !== 'once, and the program goes on');
    if (number === at && death === 'after it is done') {
      const done = await work();
      await undo?.(done);
    }
    if (fails) throw new Error(`killed at ${name}`);
    return work();
  };
  const files = {
    open: (path: string, flags: string, mode?: number) =>
      run(
        `open ${flags}`,
        async () => {
          const handle = await fs.open(path, flags, mode);
          return {
            writeFile: (text: string, encoding: 'utf8') => run('write', () => handle.writeFile(text, encoding)),
            sync: () => run('sync', () => handle.sync()),
            close: () => handle.close(),
          };
        },
        // A process that dies closes its files.
        (handle) => handle.close(),
      ),
    readFile: (path: string, encoding: 'utf8') => run('read', () => fs.readFile(path, encoding)),
    rename: (from: string, to: string) => run('rename', () => fs.rename(from, to)),
    rm: (path: string, options: { force: boolean }) => run('rm', () => fs.rm(path, options)),
  } as unknown as Files;
  const chain: Keychain = {
    get: (account) => run('keychain get', async () => items.get(account) ?? null),
    set: (account, value) => run('keychain set', async () => void items.set(account, value)),
    remove: (account) => run('keychain remove', async () => void items.delete(account)),
  };
  return { files, chain, calls };
}
