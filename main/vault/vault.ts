import * as nodeFs from 'node:fs/promises';
import { z } from 'zod';
import { systemClock } from '../ports/clock.ts';
import type { TakeTurns } from '../ports/turns.ts';
import { createDataKeys } from './data-keys.ts';
import type { Keychain } from './keychain.ts';
import { openRecord, sealRecord, type OpenKey } from './records.ts';
import { createRenewal, isUnfinished, type Renewed } from './renewal.ts';
import { NONCE_BYTES, SCRYPT_COST, type ScryptCost } from './sealing.ts';
import { createVaultFile, type Files, type VaultContents } from './vault-file.ts';

export type Secrets = Readonly<Record<string, string>>;

export type SecretFailure =
  | 'absent' // nothing was stored under this name
  | 'locked' // the keychain is locked or away, or the passphrase is not set
  | 'key_changed' // the key is another one than at the time of storing
  | 'tampered' // the record is damaged or was edited
  | 'unreadable'; // the vault file as a whole cannot be read

export type SecretRead =
  | { readonly ok: true; readonly secrets: Secrets }
  /** The message is one sentence for the screen, saying what to do. What is stored is kept as it is. */
  | { readonly ok: false; readonly reason: SecretFailure; readonly message: string };

export interface SecretStored {
  readonly kept: 'keychain' | 'passphrase' | 'session';
  /** Last four characters of the main secret; null when it is too short to show any of it. */
  readonly hint: string | null;
}

export interface SecretStatus {
  readonly kind: 'keychain' | 'passphrase' | 'session';
  /** `empty`: nothing is stored yet, so there is no key. `locked`: what is stored cannot be opened now. */
  readonly state: 'ready' | 'empty' | 'locked' | 'unreadable';
  /** Sets of secrets stored on disk, and kept in memory only. */
  readonly entries: number;
  readonly inMemory: number;
  /** UTC instants; null when not known, or when there was none. */
  readonly keyCreatedAt: string | null;
  readonly renewedAt: string | null;
  /** A renewal was cut short and has something left to do. */
  readonly unfinished: boolean;
}

export type RenewalResult =
  | (Renewed & { readonly ok: true })
  | {
      readonly ok: false;
      readonly reason: 'session' | 'empty' | 'locked' | 'unreadable' | 'refused' | 'interrupted';
      readonly message: string;
    };

export interface SecretStore {
  /** Keeps the secrets of one connection. `main` names the member the hint is taken from (absent: the first that is called a key, token, secret or password). Rejects when the disk fails. */
  put(ref: string, secrets: Secrets, main?: string): Promise<SecretStored>;
  /** Never rejects: one unreadable connection must not stop the others. */
  get(ref: string): Promise<SecretRead>;
  remove(ref: string): Promise<void>;
  /** Where secrets are kept on this machine, in one or two plain sentences. */
  describe(): Promise<string>;
  /** How secrets are kept, and nothing of them. */
  status(): Promise<SecretStatus>;
  /** Seals everything with a new key. Never rejects; whatever happens, every secret can still be read. */
  renewKey(): Promise<RenewalResult>;
  /** Completes a renewal that was cut short, and does nothing when there is none. Never rejects. */
  finishRenewal(): Promise<void>;
}

export interface VaultPorts {
  readonly dataDir: string;
  /** Cryptographically random bytes. */
  readonly bytes: (count: number) => Uint8Array;
  readonly openKeychain: () => Promise<Keychain | null>;
  /** From CLEARWAY_PASSPHRASE; null when not set. Shorter than 12 characters counts as not set. */
  readonly passphrase: string | null;
  /** Hears every secret the moment it is known, so that the log can leave it out. */
  readonly onSecret: (secret: string) => void;
  readonly log: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Now as UTC instant. Absent: the clock of this machine. */
  readonly now?: () => string;
  readonly files?: Files;
  /** Keeps the other programs that share the folder from replacing the file at the same time. Absent: there are none. */
  readonly takeTurns?: TakeTurns;
  readonly cost?: ScryptCost;
}

const SHORTEST_PASSPHRASE = 12;
const SHORTEST_HINTED = 12;
const REF = /^[A-Za-z0-9][A-Za-z0-9:._-]{0,99}$/;
const secretsShape = z.record(z.string(), z.string());

const MESSAGES: Readonly<Record<SecretFailure, string>> = {
  absent: 'No sign-in is stored for this connection. Enter it to go on.',
  locked:
    'The stored sign-in cannot be opened: the keychain is locked or its key is gone, or CLEARWAY_PASSPHRASE is not set. Unlock it and try again, or sign in anew.',
  key_changed: 'The stored sign-in was sealed with another key. Use the keychain or passphrase of that time, or sign in anew.',
  tampered: 'The stored sign-in is damaged or was changed outside Clearway. Sign in anew.',
  unreadable: 'The file with the stored sign-ins cannot be read. Sign in anew; the file is kept.',
};

const PLACES = {
  keychain: 'Connection secrets are encrypted in the data folder; the key is in this computer’s keychain.',
  passphrase:
    'Connection secrets are encrypted in the data folder; the key is sealed with the passphrase in CLEARWAY_PASSPHRASE.',
  session:
    'This computer has no keychain Clearway can use, so connection secrets are kept in memory and asked for again after a restart. Set CLEARWAY_PASSPHRASE to keep them encrypted.',
  shortPassphrase: `CLEARWAY_PASSPHRASE is shorter than ${SHORTEST_PASSPHRASE} characters and is not used, so connection secrets are kept in memory and asked for again after a restart.`,
  unreadable: 'The file with the stored sign-ins cannot be read, so connections ask to sign in again.',
} as const;

const failed = (reason: SecretFailure): SecretRead => ({ ok: false, reason, message: MESSAGES[reason] });

const RENEWAL_REFUSED: Readonly<Record<Exclude<RenewalResult, { ok: true }>['reason'], string>> = {
  session: 'Connection secrets are kept in memory only, so there is no key to renew.',
  empty: 'No connection secret is stored yet, so there is no key to renew.',
  locked:
    'The key was not renewed, because the stored sign-ins cannot be opened: the keychain is locked, or CLEARWAY_PASSPHRASE is missing or wrong. Unlock it and try again.',
  unreadable: 'The key was not renewed, because the file with the stored sign-ins cannot be read.',
  refused: 'The keychain did not take a new key. The old one stays in use; unlock the keychain and try again.',
  interrupted:
    'The renewal could not be completed. Every stored sign-in can still be opened. Clearway completes it when it starts next; the log has the cause.',
};

const SECRET_NAME = /secret|pass|token|key/i;

const hintOf = (secrets: Secrets, main: string | undefined): string | null => {
  const name = main ?? Object.keys(secrets).find((each) => SECRET_NAME.test(each));
  const value = name === undefined ? undefined : secrets[name];
  return value !== undefined && value.length >= SHORTEST_HINTED ? value.slice(-4) : null;
};

/**
 * Keeps connection secrets encrypted in `vault.json` under a key in the keychain, else under one sealed with a passphrase,
 * else only in memory until the program ends. Nothing is ever written in clear.
 */
export const createVault = (ports: VaultPorts): SecretStore => {
  const tooShort = ports.passphrase !== null && ports.passphrase.length < SHORTEST_PASSPHRASE;
  const passphrase = tooShort ? null : ports.passphrase;
  if (ports.passphrase !== null) ports.onSecret(ports.passphrase);
  const { bytes, log, now = systemClock.now } = ports;
  const file = createVaultFile(ports.dataDir, ports.files ?? nodeFs);
  const keys = createDataKeys({
    openKeychain: ports.openKeychain,
    passphrase,
    cost: ports.cost ?? SCRYPT_COST,
    bytes,
    now,
    log,
  });
  const renewal = createRenewal({ file, keys, bytes, now, log });
  const session = new Map<string, Secrets>();
  let queue: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work);
    queue = result.catch(() => undefined);
    return result;
  };

  /** For work that reads the file and replaces it. */
  const alone = <T>(work: () => Promise<T>): Promise<T> =>
    inTurn(() => (ports.takeTurns === undefined ? work() : ports.takeTurns('vault', work)));

  const hex = (count: number): string => Buffer.from(ports.bytes(count)).toString('hex');

  /** The contents to add to. Null when the file belongs to a newer version and must not be touched. */
  const forWriting = async (): Promise<VaultContents | null> => {
    const state = await file.read();
    if (state.kind === 'read') return state.contents;
    if (state.kind === 'foreign' && state.newer) return null;
    if (state.kind === 'foreign') {
      await file.setAside(`damaged-${hex(4)}`);
      ports.log('The vault file could not be read and was set aside', {});
    }
    return { version: 1, vaultId: hex(8), keys: [], records: {} };
  };

  const usableKey = async (contents: VaultContents): Promise<OpenKey | null> => {
    const existing = await keys.openNewest(contents);
    if (existing !== null) return existing;
    const made = await keys.keep(keys.draft(), contents.vaultId);
    if (made === null) return null;
    // Storing a key may have made a person unlock the keychain; then the earlier key is the right one.
    const unlocked = await keys.openNewest(contents);
    if (unlocked === null) return made;
    await keys.discard(made.entry, contents.vaultId);
    return unlocked;
  };

  const put = async (ref: string, secrets: Secrets, main: string | undefined): Promise<SecretStored> => {
    if (!REF.test(ref)) throw new RangeError('Not a name that secrets can be kept under');
    for (const secret of Object.values(secrets)) ports.onSecret(secret);
    const hint = hintOf(secrets, main);
    const contents = await forWriting();
    const usable = contents === null ? null : await usableKey(contents);
    if (contents === null || usable === null) {
      // An earlier record stays on disk: it may well open again once the keychain is unlocked.
      session.set(ref, { ...secrets });
      return { kept: 'session', hint };
    }
    const { entry, key } = usable;
    const plain = Buffer.from(JSON.stringify(secrets), 'utf8');
    const record = sealRecord(usable, contents.vaultId, ref, bytes(NONCE_BYTES), plain);
    const isNew = !contents.keys.some((each) => each.keyId === entry.keyId);
    const next: VaultContents = {
      ...contents,
      keys: isNew ? [...contents.keys, entry] : contents.keys,
      records: { ...contents.records, [ref]: record },
    };
    await file.write(next, (readBack) => {
      const again = readBack.records[ref];
      const opened = again === undefined ? null : openRecord(key, contents.vaultId, ref, again);
      if (opened === null || !opened.equals(plain)) throw new Error('The stored secret did not read back as written');
    });
    session.delete(ref);
    return { kept: entry.backend, hint };
  };

  const get = async (ref: string): Promise<SecretRead> => {
    const inMemory = session.get(ref);
    if (inMemory !== undefined) return { ok: true, secrets: inMemory };
    const state = await file.read();
    if (state.kind === 'none') return failed('absent');
    if (state.kind === 'foreign') return failed('unreadable');
    const { contents } = state;
    const record = Object.hasOwn(contents.records, ref) ? contents.records[ref] : undefined;
    if (record === undefined) return failed('absent');
    const entry = contents.keys.find((each) => each.keyId === record.keyId && each.backend === record.backend);
    if (entry === undefined) return failed('key_changed');
    const opened = await keys.open(entry, contents.vaultId);
    if ('failure' in opened) return failed(opened.failure);
    const plain = openRecord(opened.key, contents.vaultId, ref, record);
    if (plain === null) return failed('tampered');
    const parsed = secretsShape.safeParse(JSON.parse(plain.toString('utf8')));
    if (!parsed.success) return failed('tampered');
    for (const secret of Object.values(parsed.data)) ports.onSecret(secret);
    return { ok: true, secrets: parsed.data };
  };

  const remove = async (ref: string): Promise<void> => {
    session.delete(ref);
    const state = await file.read();
    if (state.kind !== 'read' || !Object.hasOwn(state.contents.records, ref)) return;
    const records = Object.fromEntries(Object.entries(state.contents.records).filter(([name]) => name !== ref));
    await file.write({ ...state.contents, records }, () => undefined);
  };

  const place = async (): Promise<{ readonly sentence: string; readonly inMemory: boolean }> => {
    const state = await file.read();
    if (state.kind === 'foreign') return { sentence: PLACES.unreadable, inMemory: false };
    const contents = state.kind === 'read' && state.contents.keys.length > 0 ? state.contents : null;
    const opened = contents === null ? null : await keys.openNewest(contents);
    if (contents !== null && opened === null) {
      return {
        sentence: 'Stored sign-ins cannot be opened: the keychain is locked, or CLEARWAY_PASSPHRASE is missing or wrong.',
        inMemory: false,
      };
    }
    const backend = opened?.entry.backend ?? (await keys.preferred());
    if (backend !== 'session') return { sentence: PLACES[backend], inMemory: false };
    return { sentence: tooShort ? PLACES.shortPassphrase : PLACES.session, inMemory: true };
  };

  const status = async (): Promise<SecretStatus> => {
    const nothing = { entries: 0, inMemory: session.size, keyCreatedAt: null, renewedAt: null, unfinished: false };
    const state = await file.read().catch((error: unknown) => {
      log('The vault file could not be read', { error });
      return { kind: 'foreign' } as const;
    });
    if (state.kind === 'foreign') return { ...nothing, kind: await keys.preferred(), state: 'unreadable' };
    const newest = state.kind === 'read' ? state.contents.keys.at(-1) : undefined;
    if (state.kind === 'none' || newest === undefined) return { ...nothing, kind: await keys.preferred(), state: 'empty' };
    const { contents } = state;
    const opened = await keys.openNewest(contents);
    const { backend, createdAt } = opened?.entry ?? newest;
    return {
      kind: backend,
      state: opened === null ? 'locked' : 'ready',
      entries: Object.keys(contents.records).length,
      inMemory: session.size,
      keyCreatedAt: createdAt ?? null,
      renewedAt: contents.renewedAt ?? null,
      unfinished: isUnfinished(contents),
    };
  };

  const renewKey = async (): Promise<RenewalResult> => {
    const refused = (reason: keyof typeof RENEWAL_REFUSED): RenewalResult => ({
      ok: false,
      reason,
      message: RENEWAL_REFUSED[reason],
    });
    try {
      const state = await file.read();
      if (state.kind === 'foreign') return refused('unreadable');
      if (state.kind === 'none' || state.contents.keys.length === 0)
        return refused((await keys.preferred()) === 'session' ? 'session' : 'empty');
      const result = await renewal.renew(state.contents);
      return typeof result === 'string' ? refused(result) : { ok: true, ...result };
    } catch (error) {
      log('The renewal of the key was interrupted', { error });
      return refused('interrupted');
    }
  };

  const finishRenewal = async (): Promise<void> => {
    const state = await file.read();
    if (state.kind !== 'read') return;
    if (state.contents.pending !== undefined) await renewKey();
    else await renewal.cleanUp(state.contents);
  };

  return {
    put: (ref, secrets, main) => alone(() => put(ref, secrets, main)),
    get: (ref) =>
      inTurn(() => get(ref)).catch((error: unknown) => {
        ports.log('A stored sign-in could not be read', { error });
        return failed('unreadable');
      }),
    remove: (ref) => alone(() => remove(ref)),
    describe: () =>
      inTurn(async () => {
        const { sentence, inMemory } = await place().catch(() => ({ sentence: PLACES.unreadable, inMemory: false }));
        if (session.size === 0 || inMemory) return sentence;
        return `${sentence} ${session.size === 1 ? 'One sign-in is' : `${session.size} sign-ins are`} kept in memory only, until Clearway closes.`;
      }),
    status: () => inTurn(status),
    renewKey: () =>
      alone(renewKey).catch((error: unknown) => {
        log('The renewal of the key could not begin', { error });
        return { ok: false, reason: 'interrupted', message: RENEWAL_REFUSED.interrupted };
      }),
    finishRenewal: () =>
      alone(finishRenewal).catch((error: unknown) => log('The renewal of the key could not be finished', { error })),
  };
};
