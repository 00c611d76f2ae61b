import { createStore, type StoreApi } from 'zustand/vanilla';

export const DENSITIES = ['compact', 'regular', 'comfortable'] as const;
export type Density = (typeof DENSITIES)[number];
/** Height of a grid row in px. */
export const ROW_HEIGHT: Readonly<Record<Density, number>> = { compact: 24, regular: 28, comfortable: 36 };

export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  readonly contrast: 'system' | 'standard' | 'more';
  readonly density: Density;
  readonly dates: 'iso' | 'locale';
  readonly singleKeys: boolean;
  readonly railOpen: boolean;
}
export type PreferencesStore = StoreApi<Preferences>;

const DEFAULTS: Preferences = {
  theme: 'system',
  contrast: 'system',
  density: 'regular',
  dates: 'iso',
  singleKeys: true,
  railOpen: true,
};

/** Small facts kept on this machine. Reading or writing that fails is no reason to stop. */
export interface Memory {
  read(key: string): unknown;
  write(key: string, value: unknown): void;
}

/** Memory on the browser's storage under one prefix; silent when storage is denied. */
export const createMemory = (storage: Pick<Storage, 'getItem' | 'setItem'>, prefix = 'clearway.'): Memory => ({
  read: (key) => {
    try {
      const text = storage.getItem(prefix + key);
      return text === null ? undefined : (JSON.parse(text) as unknown);
    } catch {
      return undefined;
    }
  },
  write: (key, value) => {
    try {
      storage.setItem(prefix + key, JSON.stringify(value));
    } catch {
      // Storage full or denied: the setting lasts until the window closes.
    }
  },
});

const ALLOWED = {
  theme: ['system', 'light', 'dark'],
  contrast: ['system', 'standard', 'more'],
  density: DENSITIES,
  dates: ['iso', 'locale'],
  singleKeys: [true, false],
  railOpen: [true, false],
} as const satisfies Record<keyof Preferences, readonly unknown[]>;

const readable = (stored: unknown): Partial<Preferences> => {
  if (typeof stored !== 'object' || stored === null) return {};
  const kept = Object.entries(stored).filter(
    ([key, value]) => key in ALLOWED && (ALLOWED[key as keyof Preferences] as readonly unknown[]).includes(value),
  );
  return Object.fromEntries(kept) as Partial<Preferences>;
};

/** Preferences of this machine, written back on every change. */
export const createPreferences = (memory: Memory): PreferencesStore => {
  const store = createStore<Preferences>(() => ({ ...DEFAULTS, ...readable(memory.read('preferences')) }));
  store.subscribe((state) => memory.write('preferences', state));
  return store;
};
