import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

/** What the disk says of the data folder. Never rejects: null where it cannot be told. */
export interface DataFolderState {
  /** Free space of its disk, in tenths of a GiB, rounded down. */
  freeTenthsGib(): Promise<number | null>;
  /** When the newest file in its folder of backups was written, as UTC instant; `none` when there is no backup. */
  newestBackup(): Promise<string | null>;
}

const GIB = 2n ** 30n;
const BACKUPS = 'backups';
const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

export const createDataFolderState = (dataDir: string): DataFolderState => ({
  async freeTenthsGib() {
    try {
      const { bavail, bsize } = await statfs(dataDir, { bigint: true });
      return Number((bavail * bsize * 10n) / GIB);
    } catch {
      return null;
    }
  },
  async newestBackup() {
    try {
      const files = (await readdir(join(dataDir, BACKUPS), { withFileTypes: true })).filter((entry) => entry.isFile());
      const written = await Promise.all(
        files.map(async ({ name }) => (await stat(join(dataDir, BACKUPS, name))).mtime.toISOString()),
      );
      return written.toSorted().at(-1) ?? 'none';
    } catch (error) {
      return isMissing(error) ? 'none' : null;
    }
  },
});
