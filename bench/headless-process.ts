import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createInterface } from 'node:readline';
import { toRequest } from '../shared/contract/http-request.ts';
import type { CallInput, Output, ProcedureName } from '../shared/contract/index.ts';

export interface Probe {
  readonly loopP99Ms: number;
  readonly rssMiB: number;
}

/** The built headless program in a process of its own, asked over HTTP as its screens ask it. */
export interface HeadlessProcess {
  readonly url: string;
  readonly token: string;
  call<N extends ProcedureName>(name: N, input: CallInput<N>): Promise<Output<N>>;
  /** How it fared since it was last asked. */
  probe(): Promise<Probe>;
  stop(): Promise<void>;
}

const ENTRY = join(import.meta.dirname, '../out/main/headless.js');
const PROBE = pathToFileURL(join(import.meta.dirname, 'probe.mjs')).href;

export async function startHeadless(dataDir: string): Promise<HeadlessProcess> {
  const child = spawn(process.execPath, ['--import', PROBE, ENTRY, '--data', dataDir, '--no-open'], {
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`The program ended with code ${code}.`)));
  });
  const { url, token } = JSON.parse(line) as { url: string; token: string };
  return {
    url,
    token,
    async call(name, input) {
      const { method, path, body } = toRequest(name, input);
      const headers = { authorization: `Bearer ${token}`, ...(body === null ? {} : { 'content-type': 'application/json' }) };
      const answer = await fetch(url + path, { method, headers, ...(body === null ? {} : { body }) });
      if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
      return (await answer.json()) as never;
    },
    probe: () =>
      new Promise((resolve) => {
        child.once('message', (figures) => resolve(figures as Probe));
        child.send('figures');
      }),
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
