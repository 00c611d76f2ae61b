import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ENTRY = fileURLToPath(new URL('support/fake-entry.ts', import.meta.url));
const SANDBOX = fileURLToPath(new URL('support/fake-sandbox.ts', import.meta.url));

let root = '';
let children: ChildProcess[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'clearway-start-'));
});
afterEach(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  children = [];
  await rm(root, { recursive: true, force: true });
});

interface Ready {
  readonly ready: boolean;
  readonly url: string;
  readonly token: string;
  readonly signInUrl: string;
}

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
  const child = spawn(process.execPath, [ENTRY, ...args], {
    env: { PATH: process.env['PATH'], HOME: root, XDG_DATA_HOME: join(root, 'share'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const out = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => (out.stdout += String(chunk)));
  child.stderr?.on('data', (chunk) => (out.stderr += String(chunk)));
  const exited = new Promise<number | string | null>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal)));
  const ready = async (): Promise<Ready> => {
    const end = performance.now() + 15_000;
    while (!out.stdout.includes('\n')) {
      if (child.exitCode !== null || performance.now() > end) throw new Error(`Not ready: ${out.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return JSON.parse(out.stdout) as Ready;
  };
  return { child, out, exited, ready };
};
const info = async (ready: Ready) => {
  const response = await fetch(`${ready.url}/api/v1/info`, { headers: { authorization: `Bearer ${ready.token}` } });
  return (await response.json()) as Record<string, unknown>;
};

describe('a start', () => {
  it('prints exactly one line of JSON with address, token and link, logs JSON lines only, and makes the usual folder for its owner', async () => {
    const host = run(['--no-open']);
    const ready = await host.ready();
    expect(Object.keys(ready)).toEqual(['ready', 'url', 'token', 'signInUrl']);
    expect(ready.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(ready.signInUrl).toMatch(new RegExp(`^${ready.url}/#sign-in=[\\w-]{43}$`));
    const dataDir = join(root, 'share', 'clearway');
    expect(await info(ready)).toMatchObject({ dataDir, passphrase: null, sandbox: null });
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    host.child.kill('SIGTERM');
    expect(await host.exited).toBe(0);
    expect(host.out.stdout.trim().split('\n')).toHaveLength(1);
    for (const line of host.out.stderr.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    expect(host.out.stderr).not.toContain(ready.token);
    expect(host.out.stderr).not.toContain(ready.signInUrl.split('=')[1]);
  });

  it('takes the folder and port it is told, and the passphrase out of the environment', async () => {
    const probe = createTcpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const host = run(['--no-open', '--data', join(root, 'book'), '--port', String(port)], {
      CLEARWAY_PASSPHRASE: 'twelve stones in a row',
    });
    const ready = await host.ready();
    expect(ready.url).toBe(`http://127.0.0.1:${port}`);
    expect(await info(ready)).toMatchObject({
      dataDir: join(root, 'book'),
      passphrase: 'twelve stones in a row',
      inherited: null,
    });
  });

  it('with a taken port ends with a sentence that says so', async () => {
    const taken = createTcpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    const host = run(['--no-open', '--port', String(port)]);
    expect(await host.exited).toBe(1);
    expect(host.out.stderr).toContain(`Port ${port} is used by another program.`);
    expect(host.out.stderr).toContain('program stopped');
    await new Promise((resolve) => taken.close(resolve));
  });

  it('that the program refuses ends with its reason, and frees the folder', async () => {
    const host = run(['--no-open'], { FAKE_APP: 'no-start' });
    expect(await host.exited).toBe(1);
    expect(host.out.stderr).toContain('The book is from a newer version of Clearway.');
    expect((await run(['--no-open']).ready()).ready).toBe(true);
  });

  it('ends with code 1 when a thread of the program dies, and says which', async () => {
    const host = run(['--no-open'], { FAKE_APP: 'dies' });
    await host.ready();
    expect(await host.exited).toBe(1);
    expect(host.out.stderr).toContain('The writer thread ended.');
    expect(host.out.stderr).toContain('program stopped');
  });

  it.each([
    [['--prot', '1'], '--prot'],
    [['--port', '99999'], '--port takes a whole number from 0 to 65535'],
    [['--port', '1e3'], 'whole number'],
    [['--data', ''], '--data'],
    [['--sandbox-seed', '4'], 'need --sandbox'],
    [['extra'], 'extra'],
  ])('with %j ends with code 2 and says what is wrong', async (args, words) => {
    const host = run(args);
    expect(await host.exited).toBe(2);
    expect(host.out.stderr).toContain(words);
    expect(host.out.stderr).toContain('--help');
    expect(host.out.stdout).toBe('');
  });

  it('with --help lists the options and ends with 0', async () => {
    const host = run(['--help']);
    expect(await host.exited).toBe(0);
    for (const option of [
      '--data',
      '--port',
      '--no-open',
      '--sandbox',
      '--sandbox-holdings',
      '--sandbox-accounts',
      '--sandbox-seed',
    ]) {
      expect(host.out.stdout).toContain(option);
    }
  });
});

describe('a second program on one folder', () => {
  it('ends with code 3 and names the folder, also through a link; the first goes on', async () => {
    const first = run(['--no-open', '--data', join(root, 'book')]);
    const ready = await first.ready();
    await symlink(join(root, 'book'), join(root, 'alias'));
    for (const dir of ['book', 'alias']) {
      const second = run(['--no-open', '--data', join(root, dir)]);
      expect(await second.exited).toBe(3);
      expect(second.out.stderr).toContain(`Clearway is running already with the folder ${join(root, dir)}.`);
    }
    expect(await info(ready)).toMatchObject({ dataDir: join(root, 'book') });
    const elsewhere = run(['--no-open', '--data', join(root, 'other')]);
    expect((await elsewhere.ready()).ready).toBe(true);
  });

  it('starts at once after kill -9 of the first', async () => {
    const first = run(['--no-open', '--data', join(root, 'book')]);
    await first.ready();
    first.child.kill('SIGKILL');
    expect(await first.exited).toBe('SIGKILL');
    expect((await run(['--no-open', '--data', join(root, 'book')]).ready()).ready).toBe(true);
  });

  it('is one of four started together, and exactly one wins', async () => {
    const hosts = Array.from({ length: 4 }, () => run(['--no-open', '--data', join(root, 'book')]));
    const ends = await Promise.all(
      hosts.map((host) =>
        Promise.race([
          host.exited,
          host.ready().then(
            () => 'ready',
            () => host.exited,
          ),
        ]),
      ),
    );
    expect(ends.filter((end) => end === 'ready')).toHaveLength(1);
    expect(ends.filter((end) => end === 3)).toHaveLength(3);
  });
});

describe('a stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s lets a request in flight finish, stops the program and exits with 0',
    async (signal) => {
      const host = run(['--no-open'], { FAKE_APP: 'slow-call' });
      const ready = await host.ready();
      const inFlight = info(ready);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const started = performance.now();
      host.child.kill(signal);
      expect(await inFlight).toHaveProperty('dataDir');
      expect(await host.exited).toBe(0);
      expect(performance.now() - started).toBeLessThan(5_000);
      expect(host.out.stderr).toContain('program stopped');
    },
  );

  it('that hangs is ended within five seconds with code 1', async () => {
    const host = run(['--no-open'], { FAKE_APP: 'no-stop' });
    await host.ready();
    const started = performance.now();
    host.child.kill('SIGTERM');
    expect(await host.exited).toBe(1);
    expect(performance.now() - started).toBeLessThan(5_500);
    expect(host.out.stderr).toContain('did not stop cleanly');
  });

  it('is immediate at the second signal', async () => {
    const host = run(['--no-open'], { FAKE_APP: 'no-stop' });
    await host.ready();
    host.child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 200));
    const started = performance.now();
    host.child.kill('SIGINT');
    // 128 + 2 for SIGINT.
    expect(await host.exited).toBe(130);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('the demo firm', () => {
  const isAlive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };

  it('is started with its size, handed to the program, and ends with the host', async () => {
    const host = run(['--no-open', '--sandbox', '--sandbox-holdings', '500', '--sandbox-seed', '7'], { FAKE_SANDBOX: SANDBOX });
    const { sandbox } = (await info(await host.ready())) as { sandbox: { args: string[]; pid: number } };
    expect(sandbox.args).toEqual(['--with-parent', '--holdings', '500', '--seed', '7']);
    expect(isAlive(sandbox.pid)).toBe(true);
    host.child.kill('SIGTERM');
    expect(await host.exited).toBe(0);
    expect(isAlive(sandbox.pid)).toBe(false);
  });

  it('ends also when the host is killed', async () => {
    const host = run(['--no-open', '--sandbox'], { FAKE_SANDBOX: SANDBOX });
    const { sandbox } = (await info(await host.ready())) as { sandbox: { pid: number } };
    host.child.kill('SIGKILL');
    await host.exited;
    const end = performance.now() + 5_000;
    while (isAlive(sandbox.pid) && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isAlive(sandbox.pid)).toBe(false);
  });

  it.each([
    ['dies', 'ended before it was ready (exit code 7): no room'],
    ['nonsense', 'did not say where it listens'],
  ])('that %s ends the start with a sentence', async (behaviour, words) => {
    const host = run(['--no-open', '--sandbox'], { FAKE_SANDBOX: SANDBOX, SANDBOX: behaviour });
    expect(await host.exited).toBe(1);
    expect(host.out.stderr).toContain(words);
  });
});
