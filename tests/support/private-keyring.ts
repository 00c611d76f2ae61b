import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A Secret Service of its own: private bus, private home, nothing of the person who runs the tests. */
export interface PrivateKeyring {
  /** Starts the keyring daemon, unlocked with this password; the login keyring is made by the first one. */
  unlock(password: string): Promise<void>;
  /** Ends the daemon; what it kept stays in the private home. */
  lock(): Promise<void>;
  /** Runs a Node program on the private bus and answers what it printed, as JSON. */
  run(entry: string, args: readonly string[]): unknown;
  close(): Promise<void>;
}

const PROGRAMS = ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon', 'timeout'] as const;
/** Longer than any of the tests: whatever becomes of them, nothing outlives it. */
const LIFE_SECONDS = 90;
const START_WITHIN_MS = 15_000;

const inPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

export const canRunPrivateKeyring = process.platform === 'linux' && PROGRAMS.every(inPath);

/** No service folders, so that the bus starts nothing by itself. */
const busConfig = (folder: string): string => `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${folder}/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => {
        child.once('exit', () => resolve());
      });

/** Starts the bus. Rejects when it is not up in time. Close it in any case: its processes end after 90 seconds at the latest. */
export async function startPrivateKeyring(): Promise<PrivateKeyring> {
  const folder = mkdtempSync(join(tmpdir(), 'clearway-keyring-'));
  const home = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(path, { mode: 0o700, recursive: true });
    return path;
  };
  // Nothing of the environment but the path: no display to prompt on, no bus and no home of a person.
  const env = {
    PATH: process.env['PATH'] ?? '',
    LANG: 'C.UTF-8',
    HOME: home('home'),
    XDG_DATA_HOME: home('data'),
    XDG_CONFIG_HOME: home('config'),
    XDG_CACHE_HOME: home('cache'),
    XDG_RUNTIME_DIR: home('run'),
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/bus`,
  };
  const config = join(folder, 'bus.conf');
  writeFileSync(config, busConfig(folder));

  const live = (program: string, args: readonly string[], input: string): ChildProcess => {
    const child = spawn('timeout', ['-k', '2', String(LIFE_SECONDS), program, ...args], {
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    return child;
  };
  const ping = (name: string, path: string): boolean =>
    spawnSync('dbus-send', ['--session', '--print-reply', `--dest=${name}`, path, 'org.freedesktop.DBus.Peer.Ping'], {
      env,
      timeout: 2_000,
    }).status === 0;
  const answers = async (child: ChildProcess, name: string, path: string): Promise<void> => {
    const end = performance.now() + START_WITHIN_MS;
    while (!ping(name, path)) {
      if (child.exitCode !== null || performance.now() > end) throw new Error(`${name} did not start`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const end = async (child: ChildProcess | null): Promise<void> => {
    if (child === null) return;
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended(child);
  };

  const bus = live('dbus-daemon', [`--config-file=${config}`, '--nofork', '--nopidfile'], '');
  let daemon: ChildProcess | null = null;
  const lock = async (): Promise<void> => {
    await end(daemon);
    daemon = null;
  };
  const close = async (): Promise<void> => {
    await lock();
    await end(bus);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await answers(bus, 'org.freedesktop.DBus', '/org/freedesktop/DBus');
  } catch (error) {
    await close();
    throw error;
  }
  return {
    unlock: async (password) => {
      await lock();
      daemon = live('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], `${password}\n`);
      await answers(daemon, 'org.freedesktop.secrets', '/org/freedesktop/secrets');
    },
    lock,
    run: (entry, args) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], {
        env,
        encoding: 'utf8',
        timeout: 20_000,
        killSignal: 'SIGKILL',
      });
      if (status !== 0) throw new Error(`The program on the private bus failed: ${stderr}`);
      return JSON.parse(stdout) as unknown;
    },
    close,
  };
}
