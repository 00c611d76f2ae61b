import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const BACKUP_KINDS = ['scheduled', 'asked', 'before_update'] as const;
export type BackupKind = (typeof BACKUP_KINDS)[number];

export interface Backup {
  /** Name of its file, which no other backup of the book has. */
  readonly name: string;
  readonly kind: BackupKind;
  /** UTC instant. */
  readonly takenAt: string;
  readonly bytes: number;
}

const FOLDER = 'backups';
const OWN = /^book-(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z-(scheduled|asked)\.db$/;
const BEFORE_UPDATE = /^book\.db\.before-\d{4}_[a-z0-9_]+\.sql\.bak$/;
const DAY_MS = 24 * 60 * 60_000;
const NEWEST_KEPT = 3;
const DAYS_KEPT = 14;
const WEEKS_KEPT = 8;
const ASKED_KEPT = 10;

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

/** The instant as it stands in file names: `20261120T070000123Z`. */
export const stampOf = (instant: string): string => instant.replaceAll(/[-:.]/g, '');

/** Where a backup taken now is written; makes the folder, for its owner only. */
export function newBackupPath(dataDir: string, at: string, kind: 'scheduled' | 'asked'): string {
  mkdirSync(join(dataDir, FOLDER), { recursive: true, mode: 0o700 });
  return join(dataDir, FOLDER, `book-${stampOf(at)}-${kind}.db`);
}

/** Every backup of the book in a data folder, those made before updates among them, newest first. */
export function listBackups(dataDir: string): (Backup & { readonly path: string })[] {
  const own = namesIn(join(dataDir, FOLDER)).flatMap((name) => {
    const [, year, month, day, hour, minute, second, ms, kind] = OWN.exec(name) ?? [];
    if (kind === undefined) return [];
    const path = join(dataDir, FOLDER, name);
    const takenAt = `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`;
    return [{ name, kind: kind as BackupKind, takenAt, bytes: statSync(path).size, path }];
  });
  const beforeUpdates = namesIn(dataDir)
    .filter((name) => BEFORE_UPDATE.test(name))
    .map((name) => {
      const path = join(dataDir, name);
      const { size, mtime } = statSync(path);
      return { name, kind: 'before_update' as const, takenAt: mtime.toISOString(), bytes: size, path };
    });
  return [...own, ...beforeUpdates].toSorted((a, b) => b.takenAt.localeCompare(a.takenAt) || b.name.localeCompare(a.name));
}

/**
 * Which backups are no longer kept: of the scheduled ones all but the newest three, the newest of each of the last 14 days
 * and the newest of each of the last 8 weeks; of those a person asked for all but the newest ten. Those before updates stay.
 */
export function supersededBackups<B extends Backup>(backups: readonly B[], now: string): B[] {
  const newestFirst = backups.toSorted((a, b) => b.takenAt.localeCompare(a.takenAt));
  const scheduled = newestFirst.filter(({ kind }) => kind === 'scheduled');
  const ageInDays = ({ takenAt }: Backup): number => Math.floor((Date.parse(now) - Date.parse(takenAt)) / DAY_MS);
  const newestOf = (days: number, kept: number): Set<B> => {
    const first = new Map<number, B>();
    for (const backup of scheduled) {
      const period = Math.floor(ageInDays(backup) / days);
      if (period < kept && !first.has(period)) first.set(period, backup);
    }
    return new Set(first.values());
  };
  const kept = new Set([...scheduled.slice(0, NEWEST_KEPT), ...newestOf(1, DAYS_KEPT), ...newestOf(7, WEEKS_KEPT)]);
  const asked = newestFirst.filter(({ kind }) => kind === 'asked');
  return [...scheduled.filter((backup) => !kept.has(backup)), ...asked.slice(ASKED_KEPT)];
}

/** Removes the backups that are no longer kept; answers their names. */
export function dropSuperseded(dataDir: string, now: string): string[] {
  const superseded = supersededBackups(listBackups(dataDir), now);
  for (const { path } of superseded) rmSync(path, { force: true });
  return superseded.map(({ name }) => name);
}

/** The path of the book in its data folder; SQLite puts its log and index beside it. */
export const bookPath = (dataDir: string): string => join(dataDir, 'book.db');
