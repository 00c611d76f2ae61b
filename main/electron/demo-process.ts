import type { ForkOptions } from 'electron';
import { z } from 'zod';
import type { Demo } from '../api/demo.ts';

const READY_MS = 60_000;
/** A process of its own needs these to run, and nothing else of the environment. */
const PASSED_ON = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'TZ'];

/** As much of Electron's UtilityProcess as is used. */
interface Child {
  readonly stdout: NodeJS.ReadableStream | null;
  kill(): boolean;
  once(event: 'exit', listener: (code: number) => void): unknown;
}

const texts = z.record(z.string(), z.string());
const platform = z.object({ baseUrl: z.url(), credentials: texts, settings: texts });
const demoLine = z
  .object({ addepar: platform, orion: platform, black_diamond: platform, openingBook: z.url() })
  .transform(({ openingBook, ...platforms }): Demo => ({ platforms, openingBook }));

export interface RunningDemo {
  /** How to reach it, as its one line of JSON said. */
  readonly demo: Demo;
  stop(): void;
}

export interface DemoStart {
  readonly fork: (entry: string, args: string[], options: ForkOptions) => Child;
  readonly entry: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onExit: (code: number) => void;
}

const smallEnv = (env: DemoStart['env']): Record<string, string> =>
  Object.fromEntries(PASSED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

const firstLine = (stream: NodeJS.ReadableStream): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end !== -1) resolve(text.slice(0, end));
    });
  });

/**
 * Starts the demo firm in a process of its own, which ends with this one, and waits for its line. Rejects with a plain
 * sentence when it ends first or takes longer than a minute.
 */
export async function startDemo(parts: DemoStart): Promise<RunningDemo> {
  const child = parts.fork(parts.entry, [], {
    stdio: ['ignore', 'pipe', 'inherit'],
    serviceName: 'Clearway demo firm',
    env: smallEnv(parts.env),
  });
  let state: 'starting' | 'running' | 'stopping' = 'starting';
  const exited = new Promise<number>((resolve) => child.once('exit', resolve));
  const settled = new AbortController();
  const stop = (): void => {
    state = 'stopping';
    child.kill();
  };
  try {
    if (child.stdout === null) throw new Error('The demo firm has no output to read.');
    const line = await Promise.race([
      firstLine(child.stdout),
      exited.then((code): never => {
        throw new Error(`The demo firm ended before it was ready (exit code ${code}).`);
      }),
      parts.sleep(READY_MS, settled.signal).then((): never => {
        throw new Error('The demo firm was not ready after a minute.');
      }),
    ]);
    const demo = demoLine.parse(JSON.parse(line));
    state = 'running';
    void exited.then((code) => (state === 'running' ? parts.onExit(code) : undefined));
    return { demo, stop };
  } catch (error) {
    stop();
    throw error instanceof SyntaxError || error instanceof z.ZodError
      ? new Error('The demo firm did not say where it listens.', { cause: error })
      : error;
  } finally {
    settled.abort();
  }
}
