import type { Keychain } from './keychain.ts';

/** What `work` gave for each, and what it failed with. */
async function ofEach<T>(
  keychains: readonly Keychain[],
  work: (keychain: Keychain) => Promise<T>,
): Promise<{ readonly answers: T[]; readonly failures: unknown[] }> {
  const answers: T[] = [];
  const failures: unknown[] = [];
  for (const keychain of keychains)
    await work(keychain).then(
      (answer) => answers.push(answer),
      (error: unknown) => failures.push(error),
    );
  return { answers, failures };
}

/**
 * Several keychains as one, best first: a value goes into the first that takes it and gives it back, and is looked for in
 * all. Null when there is none. Getting rejects only when every one failed; removing when any did.
 */
export function keychainsInOrder(keychains: readonly (Keychain | null)[]): Keychain | null {
  const all = keychains.filter((keychain) => keychain !== null);
  if (all.length === 0) return null;
  return {
    get: async (account) => {
      const { answers, failures } = await ofEach(all, (keychain) => keychain.get(account));
      if (answers.length === 0) throw failures[0];
      return answers.find((answer) => answer !== null) ?? null;
    },
    set: async (account, value) => {
      let failure: unknown = new Error('No keychain kept the value');
      for (const keychain of all)
        try {
          await keychain.set(account, value);
          if ((await keychain.get(account)) === value) return;
        } catch (error) {
          failure = error;
        }
      throw failure;
    },
    remove: async (account) => {
      const { failures } = await ofEach(all, (keychain) => keychain.remove(account));
      if (failures.length > 0) throw failures[0];
    },
  };
}
