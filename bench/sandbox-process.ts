import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

export interface SandboxAddress {
  readonly orion: {
    readonly baseUrl: string;
    readonly credentials: {
      readonly username: string;
      readonly password: string;
      readonly clientId: string;
      readonly clientSecret: string;
    };
    readonly settings: Readonly<Record<string, string>>;
  };
}

/** Starts the sandbox platforms as a process of their own, so that their work is not counted as the program's. */
export async function startSandboxProcess(args: readonly string[]): Promise<{ address: SandboxAddress; stop: () => void }> {
  const entry = join(import.meta.dirname, '../main/sandbox/cli.ts');
  const child = spawn(process.execPath, [entry, '--with-parent', ...args], { stdio: ['pipe', 'pipe', 'ignore'] });
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`The sandbox ended with code ${code}.`)));
  });
  return { address: JSON.parse(line) as SandboxAddress, stop: () => void child.kill('SIGTERM') };
}
