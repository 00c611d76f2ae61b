import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file of lines that are only ever added. */
export interface LineFile {
  /** Adds a line and waits until it is on the disk. */
  append(line: string): Promise<void>;
  /** Every whole line; none when there is no file. A line that a death cut short is left out. */
  lines(): Promise<string[]>;
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** For its owner only; the folder is made when it is missing. */
export const createLineFile = (path: string): LineFile => ({
  async append(line) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'a+', 0o600);
    try {
      const { size } = await file.stat();
      const last = Buffer.alloc(1);
      if (size > 0) await file.read(last, 0, 1, size - 1);
      const cut = size > 0 && last.toString() !== '\n';
      await file.appendFile(`${cut ? '\n' : ''}${line}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  },
  async lines() {
    try {
      const text = await readFile(path, 'utf8');
      return text.split('\n').slice(0, -1).filter(Boolean);
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  },
});
