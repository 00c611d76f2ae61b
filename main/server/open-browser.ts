import { spawn } from 'node:child_process';

export interface Desktop {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The program that opens an address on this desktop, or null where there is none to be expected. */
export const browserCommand = (url: string, { platform, env }: Desktop): readonly [string, ...string[]] | null => {
  if (platform === 'darwin') return ['open', url];
  // Not `start`, whose shell would read the address as a command line.
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url];
  return env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined ? null : ['xdg-open', url];
};

/** Opens the address in the person’s browser. Never fails: the link stands in the output as well. */
export const openBrowser = (url: string, desktop: Desktop, onFailed: (cause: unknown) => void): void => {
  const command = browserCommand(url, desktop);
  if (command === null) return;
  const [program, ...args] = command;
  try {
    const child = spawn(program, args, { stdio: 'ignore', detached: true });
    child.once('error', onFailed);
    child.unref();
  } catch (error) {
    onFailed(error);
  }
};
