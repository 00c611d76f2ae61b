import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { AppError } from '../../shared/contract/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { dropSuperseded, listBackups, newBackupPath } from '../store/backup-folder.ts';
import type { Services } from './handler.ts';

export interface BackupParts {
  readonly dataDir: string;
  /** Writes a checked copy of the book to a path while it is in use. */
  readonly take: (target: string) => Promise<void>;
  /** Puts a backup in the place of the book; answers where the book of now lies. */
  readonly restore: (name: string) => Promise<string>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
}

/** A backup is taken when the newest is older than this. */
const EVERY_HOURS = 4;
const LOOK_EVERY_MS = 10 * 60_000;
/** The start belongs to the person who waits for the screen. */
const FIRST_LOOK_MS = 5 * 60_000;

async function takeOne(parts: BackupParts, kind: 'scheduled' | 'asked'): Promise<{ name: string; bytes: number }> {
  const target = newBackupPath(parts.dataDir, parts.clock.now(), kind);
  await parts.take(target);
  dropSuperseded(parts.dataDir, parts.clock.now());
  return { name: basename(target), bytes: statSync(target).size };
}

/** What a person may know and do about backups of the book. */
export const createBackupServices = (parts: BackupParts): Services => ({
  'backups.list': () =>
    Promise.resolve({ everyHours: EVERY_HOURS, items: listBackups(parts.dataDir).map(({ path: _path, ...backup }) => backup) }),
  'backups.create': async (_input, { write }) => {
    // Before the copy, so that the book that comes back from it says so itself.
    await write('audit/note', { subject: 'backups.create', input: {}, output: {} });
    return takeOne(parts, 'asked');
  },
  'backups.restore': async ({ name }) => {
    if (!listBackups(parts.dataDir).some((backup) => backup.name === name))
      throw new AppError('not_found', 'There is no such backup. It may have been replaced by a newer one.');
    return { setAside: await parts.restore(name) };
  },
});

export interface BackupWatch {
  /** Looks five minutes after the start and then every ten, until stopped. */
  start(): void;
  /** Takes no further backup, and waits for one being taken. */
  stop(): Promise<void>;
}

/** Takes a backup when the newest is older than four hours, however often the program was started since. */
export function createBackupWatch(
  parts: BackupParts & {
    readonly onTaken: (name: string) => Promise<void>;
    readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
  },
): BackupWatch {
  const stopping = new AbortController();
  let watching: Promise<void> = Promise.resolve();

  async function look(): Promise<void> {
    const newest = listBackups(parts.dataDir).find(({ kind }) => kind !== 'before_update');
    if (newest && Date.parse(parts.clock.now()) - Date.parse(newest.takenAt) < EVERY_HOURS * 60 * 60_000) return;
    const { name } = await takeOne(parts, 'scheduled');
    await parts.onTaken(name);
  }

  async function watch(): Promise<void> {
    for (let ms = FIRST_LOOK_MS; !stopping.signal.aborted; ms = LOOK_EVERY_MS) {
      await parts.clock.sleep(ms, stopping.signal).catch(() => undefined);
      if (stopping.signal.aborted) return;
      await look().catch((error: unknown) => parts.log.error('a backup could not be taken', { error }));
    }
  }

  return {
    start: () => {
      watching = watch();
    },
    stop: () => {
      stopping.abort();
      return watching;
    },
  };
}
