import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where a host keeps its log, below the data folder. */
export const LOG_FOLDER = 'logs';

export interface LogFileName {
  /** Counts up from 1; a later file has the greater number, so that a place in the log stays what it is. */
  readonly number: number;
  readonly path: string;
}

const NAME = /^clearway-(\d{6,})\.jsonl$/;

export const logPath = (folder: string, number: number): string =>
  join(folder, `clearway-${String(number).padStart(6, '0')}.jsonl`);

/** The log files among these names of a folder, oldest first. */
export const logFilesOf = (folder: string, names: readonly string[]): LogFileName[] =>
  names
    .flatMap((name) => {
      const number = Number(NAME.exec(name)?.[1]);
      return number > 0 ? [{ number, path: join(folder, name) }] : [];
    })
    .sort((a, b) => a.number - b.number);

/** The log files of a folder, oldest first; empty when there is no such folder. Waits for the disk. */
export function logFiles(folder: string): LogFileName[] {
  try {
    return logFilesOf(folder, readdirSync(folder));
  } catch {
    return [];
  }
}
