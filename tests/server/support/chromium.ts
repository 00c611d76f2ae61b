import { existsSync } from 'node:fs';

/** A Chromium of this machine, or null. */
export const chromiumExecutable = (): string | null =>
  [process.env['CHROMIUM_PATH'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path !== undefined && existsSync(path)) ?? null;
