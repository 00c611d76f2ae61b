import { createStore, type StoreApi } from 'zustand/vanilla';

/** A shortcut as screens register it. `keys`: `mod+k`, `shift+f6`, `?`, `j`, or a sequence `g h`. */
export interface Shortcut {
  readonly keys: string;
  readonly label: string;
  /** Heading in the help sheet. */
  readonly group: string;
  readonly run: () => void;
  /** Also while the cursor is in a text field or a dialog is open. */
  readonly everywhere?: boolean;
  /** Runs again and again while the key is held; everything else runs once per press. */
  readonly repeats?: boolean;
}

export interface Keyboard {
  /** All registered shortcuts, latest last. */
  readonly store: StoreApi<readonly Shortcut[]>;
  register(shortcuts: readonly Shortcut[]): () => void;
  /** Runs the shortcut that fits; true when one did. */
  handle(event: KeyPress): boolean;
  /** Keys as a person reads them: `Ctrl K`, `⌘ K`. */
  readable(keys: string): readonly string[];
}

/** The parts of a KeyboardEvent that decide. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly timeStamp: number;
  /** The cursor is in a text field, or a dialog is open. */
  readonly busy: boolean;
  /** The key is being held down. */
  readonly repeat?: boolean;
}

const SEQUENCE_MS = 1200;

const strokeOf = (press: KeyPress, mac: boolean): string => {
  const key = press.key === ' ' ? 'space' : press.key.toLowerCase();
  const named = key.length > 1 || press.ctrlKey || press.metaKey || press.altKey;
  const mod = mac ? press.metaKey : press.ctrlKey;
  return [mod && 'mod', press.altKey && 'alt', press.shiftKey && named && 'shift', key].filter(Boolean).join('+');
};

/** True for shortcuts of one printable key without a modifier, which a person can switch off. */
export const isSingleKey = (keys: string): boolean =>
  keys.split(' ').every((stroke) => !stroke.includes('+') && stroke.length === 1) && keys !== '?';

const READABLE: Readonly<Record<string, string>> = {
  shift: 'Shift',
  alt: 'Alt',
  enter: 'Enter',
  escape: 'Esc',
  space: 'Space',
  delete: 'Delete',
  arrowdown: '↓',
  arrowup: '↑',
  arrowleft: '←',
  arrowright: '→',
};

/** The registry of all shortcuts: the screens fill it, the help sheet reads it. Later registrations win. */
export const createKeyboard = (singleKeysAllowed: () => boolean, mac: boolean): Keyboard => {
  const store = createStore<readonly Shortcut[]>(() => []);
  let pending: { readonly stroke: string; readonly at: number } | null = null;

  const fits = (shortcut: Shortcut, press: KeyPress): boolean =>
    (!press.busy || shortcut.everywhere === true) && (singleKeysAllowed() || !isSingleKey(shortcut.keys));

  return {
    store,
    register: (shortcuts) => {
      store.setState((all) => [...all, ...shortcuts], true);
      return () => store.setState((all) => all.filter((shortcut) => !shortcuts.includes(shortcut)), true);
    },
    handle: (press) => {
      const stroke = strokeOf(press, mac);
      const before = pending !== null && press.timeStamp - pending.at < SEQUENCE_MS ? pending.stroke : null;
      pending = null;
      const candidates = store
        .getState()
        .toReversed()
        .filter((shortcut) => fits(shortcut, press));
      const match =
        (before === null ? undefined : candidates.find(({ keys }) => keys === `${before} ${stroke}`)) ??
        candidates.find(({ keys }) => keys === stroke);
      if (match) {
        // A key held a moment too long must not decide twice.
        if (press.repeat !== true || match.repeats === true) match.run();
        return true;
      }
      if (candidates.some(({ keys }) => keys.startsWith(`${stroke} `))) pending = { stroke, at: press.timeStamp };
      return false;
    },
    readable: (keys) =>
      keys.split(/[+ ]/).map((key) => (key === 'mod' ? (mac ? '⌘' : 'Ctrl') : (READABLE[key] ?? key.toUpperCase()))),
  };
};
