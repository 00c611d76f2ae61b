import { mkdir } from 'node:fs/promises';
import { posix, win32 } from 'node:path';

export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** Where the book lives when nobody says otherwise: the platform’s usual place for an application’s data. */
export const usualDataFolder = ({ platform, env, home }: Machine): string => {
  if (platform === 'win32') return win32.join(env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming'), 'Clearway');
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'Clearway');
  const given = env['XDG_DATA_HOME'] ?? '';
  // The standard says that a path that is not absolute is to be ignored.
  return posix.join(posix.isAbsolute(given) ? given : posix.join(home, '.local', 'share'), 'clearway');
};

/** Makes the folder if it is not there, for its owner only. Rejects with what the file system says. */
export const makeDataFolder = async (path: string): Promise<void> => {
  await mkdir(path, { recursive: true, mode: 0o700 });
};
