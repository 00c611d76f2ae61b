/** The operating system’s keychain, as little of it as the vault needs. A locked one may answer null instead of failing. */
export interface Keychain {
  get(account: string): Promise<string | null>;
  set(account: string, value: string): Promise<void>;
  remove(account: string): Promise<void>;
}

/** What `import('keytar')` gives, whether its bundler put the functions on the module or on its default. */
interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

const SERVICE = 'Clearway';

const isKeytar = (value: unknown): value is Keytar =>
  typeof value === 'object' &&
  value !== null &&
  ['getPassword', 'setPassword', 'deletePassword'].every((name) => typeof Reflect.get(value, name) === 'function');

/**
 * Opens the keychain through keytar. Null when this machine has none that can be loaded (for example libsecret is
 * missing); `onMissing` then hears why. Loading does not yet prove that the keychain is unlocked.
 */
export const openKeychain = async (
  onMissing: (cause: unknown) => void,
  load: () => Promise<unknown> = () => import('keytar'),
): Promise<Keychain | null> => {
  try {
    const module = await load();
    const inner: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, 'default') : undefined;
    const keytar = [module, inner].find(isKeytar);
    if (keytar === undefined) throw new TypeError('The keychain module has not the functions expected of it');
    return {
      get: (account) => keytar.getPassword(SERVICE, account),
      set: (account, value) => keytar.setPassword(SERVICE, account, value),
      remove: async (account) => {
        await keytar.deletePassword(SERVICE, account);
      },
    };
  } catch (cause) {
    onMissing(cause);
    return null;
  }
};
