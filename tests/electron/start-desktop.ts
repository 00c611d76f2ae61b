import { fork } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { StubCommand, StubReport } from './electron-stub.ts';

/** The desktop program, started in Node with a stand-in for Electron, and its window played by the test. */
export function startDesktop(dataDir: string, entry = 'main/electron/index.ts') {
  const child = fork(entry, ['--data', dataDir], {
    execArgv: ['--import', './tests/electron/use-electron-stub.ts'],
    env: { ...process.env, STUB_USER_DATA: join(dataDir, 'unused') },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const heard: StubReport[] = [];
  const waiting: (() => void)[] = [];
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  child.on('message', (message: StubReport) => {
    heard.push(message);
    waiting.splice(0).forEach((wake) => wake());
  });
  const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
  /** The next report of a kind, among those heard and those to come. */
  async function next<K extends StubReport['did']>(did: K): Promise<Extract<StubReport, { did: K }>> {
    for (;;) {
      const at = heard.findIndex((message) => message.did === did);
      if (at !== -1) return heard.splice(at, 1)[0] as Extract<StubReport, { did: K }>;
      const over = exited.then((code) => Promise.reject(new Error(`The program ended with code ${code}.\n${log}`)));
      await Promise.race([new Promise<void>((resolve) => waiting.push(resolve)), over]);
    }
  }
  return { next, heard, exited, log: () => log, tell: (command: StubCommand) => void child.send(command) };
}
