import { appendFileSync, mkdirSync, statSync } from 'node:fs';
import { open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { logFiles, logFilesOf, logPath } from './log-folder.ts';

export interface LogWriterOptions {
  /** Now as UTC ISO text. */
  readonly now: () => string;
  /** A file that would grow beyond this many bytes is followed by a new one, and so is the file of the day before. */
  readonly maxBytes?: number;
  readonly keepFiles?: number;
  readonly keepDays?: number;
  /** Bytes that may wait for a slow disk; lines beyond are dropped and counted. */
  readonly maxWaiting?: number;
}

export interface LogWriter {
  /** Takes one line with its line end. Never waits and never throws; lines from before `open` wait for it. */
  write(line: string): void;
  /** Begins a file of its own in this folder and removes what is too old. For the start of the program: it waits for the disk. */
  open(folder: string): void;
  /** Resolves when every line taken so far is in a file or lost. */
  drained(): Promise<void>;
  /** Puts what waits into the file at once, for the end of the process. */
  flushSync(): void;
}

const CHUNK = 64 * 1024;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Keeps log lines in files that only their owner can read. The calling thread hands over a line and goes on: lines are
 * written in order by the thread pool, many at once where they come fast. A disk that takes no lines stops nothing.
 */
export function createLogWriter(options: LogWriterOptions): LogWriter {
  const { now, maxBytes = 5_000_000, keepFiles = 20, keepDays = 30, maxWaiting = 8_000_000 } = options;
  let waiting: string[] = [];
  let waitingBytes = 0;
  let lost = 0;
  let file: { readonly folder: string; number: number; day: string; size: number } | null = null;
  let handle: { readonly number: number; readonly file: FileHandle } | null = null;
  /** Handed over but not yet with the system. */
  let unissued = '';
  let pumping: Promise<void> | null = null;
  /** The file at whose beginning old ones were removed last. */
  let cleaned = 0;

  const take = (): string => {
    let bytes = 0;
    let count = 0;
    while (count < waiting.length && bytes < CHUNK) bytes += Buffer.byteLength(waiting[count++] ?? '');
    const chunk = waiting.slice(0, count).join('');
    waiting = waiting.slice(count);
    waitingBytes -= bytes;
    return chunk;
  };

  const removeOld = async (folder: string, newest: number): Promise<void> => {
    const before = Date.parse(now()) - keepDays * DAY_MS;
    const files = logFilesOf(folder, await readdir(folder)).filter(({ number }) => number !== newest);
    const tooMany = new Set(files.slice(0, Math.max(0, files.length - (keepFiles - 1))));
    for (const old of files) if (tooMany.has(old) || (await stat(old.path)).mtimeMs < before) await rm(old.path, { force: true });
  };

  /** The number of the file that the next bytes belong to. */
  const place = (bytes: number): { number: number; path: string } | null => {
    if (file === null) return null;
    const day = now().slice(0, 10);
    if (file.size > 0 && (file.size + bytes > maxBytes || day !== file.day)) {
      file.number += 1;
      file.size = 0;
    }
    file.day = day;
    file.size += bytes;
    return { number: file.number, path: logPath(file.folder, file.number) };
  };

  const append = async (chunk: string): Promise<void> => {
    unissued = chunk;
    const at = place(Buffer.byteLength(chunk));
    if (at === null) return;
    if (handle?.number !== at.number) {
      await handle?.file.close();
      handle = null;
      handle = { number: at.number, file: await open(at.path, 'a', 0o600) };
    }
    // A process that ends waits for what its thread pool was given.
    const written = handle.file.appendFile(chunk);
    unissued = '';
    await written;
    if (cleaned === at.number) return;
    cleaned = at.number;
    // What could not be removed now is tried again with the next file.
    if (file !== null) await removeOld(file.folder, at.number).catch(() => undefined);
  };

  const lossLine = (): string =>
    `${JSON.stringify({ level: 'warn', time: now(), message: 'Log lines were lost because the disk did not take them', details: { lines: lost } })}\n`;

  /** False when the disk refused: the next line tries again. */
  const pump = async (): Promise<boolean> => {
    while (waiting.length > 0) {
      const chunk = take();
      try {
        await append(chunk);
        if (lost > 0) {
          waiting.push(lossLine());
          lost = 0;
        }
      } catch {
        unissued = '';
        lost += chunk.split('\n').length - 1;
        await handle?.file.close().catch(() => undefined);
        handle = null;
        return false;
      }
    }
    return true;
  };

  const start = (): void => {
    if (file === null) return;
    pumping ??= pump().then((taken) => {
      pumping = null;
      // Lines may have come after the last look and before this.
      if (taken && waiting.length > 0) start();
    });
  };

  return {
    write(line) {
      const bytes = Buffer.byteLength(line);
      if (waitingBytes + bytes > maxWaiting) {
        lost += 1;
        return;
      }
      waiting.push(line);
      waitingBytes += bytes;
      start();
    },
    open(folder) {
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const last = logFiles(folder).at(-1);
        // A death may have cut the last line short; a file of its own keeps the next line whole.
        const number = last === undefined ? 1 : last.number + (statSync(last.path).size === 0 ? 0 : 1);
        file = { folder, number, day: now().slice(0, 10), size: 0 };
      } catch {
        file ??= { folder, number: 1, day: now().slice(0, 10), size: 0 };
      }
      start();
    },
    async drained() {
      while (pumping !== null) await pumping;
    },
    flushSync() {
      const rest = unissued + waiting.join('') + (lost > 0 ? lossLine() : '');
      unissued = '';
      waiting = [];
      waitingBytes = 0;
      if (file === null || rest === '') return;
      try {
        appendFileSync(logPath(file.folder, file.number), rest, { mode: 0o600 });
      } catch {
        // Without a disk there is nobody to tell.
      }
    },
  };
}
