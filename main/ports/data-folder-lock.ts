import { createHash } from 'node:crypto';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';

export interface FolderLock {
  release(): Promise<void>;
}

// open(2) of the BSDs, macOS among them: take an exclusive lock, and do not wait for it.
const O_RDWR_CREAT_EXLOCK_NONBLOCK = 0x0002 | 0x0200 | 0x0020 | 0x0004;

const codeOf = (error: unknown): unknown => (error instanceof Error ? Reflect.get(error, 'code') : undefined);

const lockByName = (path: string): Promise<FolderLock | null> =>
  new Promise((resolve, reject) => {
    const server: Server = createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      if (codeOf(error) === 'EADDRINUSE' || codeOf(error) === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen({ path, exclusive: true }, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });

const lockByFile = async (path: string): Promise<FolderLock | null> => {
  let handle: FileHandle;
  try {
    handle = await open(path, O_RDWR_CREAT_EXLOCK_NONBLOCK, 0o600);
  } catch (error) {
    if (codeOf(error) === 'EAGAIN' || codeOf(error) === 'EWOULDBLOCK') return null;
    throw error;
  }
  return { release: () => handle.close() };
};

/**
 * A lock of a folder under a name, for all programs of this machine. Null when somebody holds it. The system gives the lock
 * back when the program ends in any way, also by kill -9: there is nothing to clean up and no process id to guess about.
 */
export const lockFolder = async (
  folder: string,
  name: string,
  platform: NodeJS.Platform = process.platform,
): Promise<FolderLock | null> => {
  if (platform !== 'win32' && platform !== 'linux' && platform !== 'android') return lockByFile(join(folder, `${name}.lock`));
  // By device and file number, so that a link or another spelling of the path is the same folder.
  const { dev, ino } = await stat(folder, { bigint: true });
  const place = `${name}-${createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 32)}`;
  // Linux: a socket in the abstract namespace, which is no file. Windows: a named pipe, which the first to make it owns.
  return lockByName(platform === 'win32' ? `\\\\.\\pipe\\${place}` : `\0${place}`);
};

/** One program per data folder. Null when another one holds it. */
export const lockDataFolder = (dataDir: string, platform?: NodeJS.Platform): Promise<FolderLock | null> =>
  lockFolder(dataDir, 'clearway', platform);
