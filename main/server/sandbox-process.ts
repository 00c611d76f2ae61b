import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { SandboxOptions } from './options.ts';

export interface RunningSandbox {
  /** What its one line of JSON said. */
  readonly info: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

export interface SandboxStart {
  readonly entry: string;
  readonly options: SandboxOptions;
  /** Ends the wait for its line; rejects then. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly timeoutMs?: number;
  /** Environment of the demo firm; absent: this program’s. */
  readonly env?: NodeJS.ProcessEnv;
  /** Hears each line it logs. */
  readonly onLine: (line: string) => void;
  readonly onExit: (code: number | null) => void;
}

const READY_MS = 60_000;
const STOP_MS = 2_000;

const argumentsFor = (options: SandboxOptions): string[] =>
  (['holdings', 'accounts', 'seed'] as const).flatMap((name) =>
    options[name] === undefined ? [] : [`--${name}`, String(options[name])],
  );

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Starts the demo firm as a process of its own that ends with this one, and waits for its line. Rejects with a plain sentence. */
export const startSandbox = async ({
  entry,
  options,
  sleep,
  timeoutMs = READY_MS,
  env = process.env,
  onLine,
  onExit,
}: SandboxStart): Promise<RunningSandbox> => {
  // Its end of standard input closes when this program ends in any way, and it ends with it.
  const child = spawn(process.execPath, [entry, '--with-parent', ...argumentsFor(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env,
  });
  child.stdin.on('error', () => undefined);
  const exited = new Promise<number | null>((resolve) => {
    // Not `exit`: its last words may still be on their way then.
    child.once('close', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
  const settled = new AbortController();
  let isStopping = false;

  const stop = async (): Promise<void> => {
    isStopping = true;
    child.stdin.end();
    child.kill('SIGTERM');
    const late = new AbortController();
    await Promise.race([
      exited.then(() => late.abort()),
      sleep(STOP_MS, late.signal).then(
        () => void child.kill('SIGKILL'),
        () => undefined,
      ),
    ]);
    await exited;
  };

  const lines = createInterface({ input: child.stdout });
  let firstComplaint = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    firstComplaint ||= line;
    onLine(line);
  });
  const firstLine = new Promise<string>((resolve) => lines.once('line', resolve));
  try {
    const line = await Promise.race([
      firstLine,
      exited.then((code): never => {
        const reason = firstComplaint === '' ? '' : `: ${firstComplaint}`;
        throw new Error(`The demo firm ended before it was ready${code === null ? '' : ` (exit code ${code})`}${reason}`);
      }),
      sleep(timeoutMs, settled.signal).then((): never => {
        throw new Error(`The demo firm was not ready after ${Math.round(timeoutMs / 1000)} seconds.`);
      }),
    ]);
    const info: unknown = JSON.parse(line);
    if (!isRecord(info)) throw new Error('The demo firm did not say where it listens.');
    void exited.then((code) => (isStopping ? undefined : onExit(code)));
    return { info, stop };
  } catch (error) {
    await stop();
    throw error instanceof SyntaxError ? new Error('The demo firm did not say where it listens.', { cause: error }) : error;
  } finally {
    settled.abort();
  }
};
