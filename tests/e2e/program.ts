import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CallInput, Output, ProcedureName } from '../../shared/contract/index.ts';
import { toRequest } from '../../shared/contract/http-request.ts';

/** The headless program in a process of its own, on a folder of its own, with the demo firm beside it. */
export interface Program {
  readonly url: string;
  /** Good for any number of sign-ins. */
  readonly token: string;
  /** Good for one sign-in. */
  readonly signInUrl: string;
  readonly dataDir: string;
  /** Asks the program itself, past every screen. */
  call<N extends ProcedureName>(name: N, input: CallInput<N>): Promise<Output<N>>;
  stop(): Promise<void>;
}

interface Ready {
  readonly url: string;
  readonly token: string;
  readonly signInUrl: string;
}

const ENTRY = join(import.meta.dirname, '../../out/main/headless.js');
const START_WITHIN_MS = 120_000;

/** Starts the program and waits for its first syncs. Needs the built program in out. */
export async function startProgram(
  options: { readonly args?: readonly string[]; readonly dataDir?: string } = {},
): Promise<Program> {
  const folder = options.dataDir ?? mkdtempSync(join(tmpdir(), 'clearway-e2e-'));
  const child = spawn(process.execPath, [ENTRY, '--data', folder, '--no-open', ...(options.args ?? ['--sandbox'])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  const ready = await new Promise<Ready>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`The program was not ready in time.\n${log.join('\n')}`)), START_WITHIN_MS);
    createInterface({ input: child.stdout }).once('line', (line) => {
      clearTimeout(late);
      resolve(JSON.parse(line) as Ready);
    });
    child.once('exit', (code) => reject(new Error(`The program ended with code ${code}.\n${log.join('\n')}`)));
  });

  const call: Program['call'] = async (name, input) => {
    const { method, path, body } = toRequest(name, input);
    const answer = await fetch(ready.url + path, {
      method,
      headers: { authorization: `Bearer ${ready.token}`, ...(body === null ? {} : { 'content-type': 'application/json' }) },
      ...(body === null ? {} : { body }),
    });
    const value: unknown = await answer.json();
    if (!answer.ok) throw new Error(`${name}: ${JSON.stringify(value)}`);
    return value as never;
  };
  const stop = async (): Promise<void> => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
    if (options.dataDir === undefined) rmSync(folder, { recursive: true, force: true });
  };

  try {
    await syncsDone({ call });
  } catch (error) {
    await stop();
    throw error;
  }
  return { ...ready, dataDir: folder, call, stop };
}

/** Compares the book with every side, and waits for the end of it. */
export async function reconciled({ call }: Pick<Program, 'call'>): Promise<Output<'reconciliation.get'>> {
  const { id } = await call('reconciliation.start', {});
  for (;;) {
    const run = await call('reconciliation.get', { id });
    if (run.status === 'completed') return run;
    if (run.status === 'failed') throw new Error(run.error ?? 'The run failed.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Waits until nothing syncs. Rejects when the latest sync of a connection failed. */
export async function syncsDone({ call }: Pick<Program, 'call'>): Promise<void> {
  const deadline = Date.now() + START_WITHIN_MS;
  while ((await call('sync.status', {})).running.length > 0) {
    if (Date.now() > deadline) throw new Error('The syncs did not finish in time.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const failed = (await call('connections.list', {})).items.filter((c) => c.freshness === 'failing');
  if (failed.length > 0) throw new Error(failed.map((c) => `${c.name}: ${c.health}`).join('\n'));
}
