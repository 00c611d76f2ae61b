import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readCli } from '../../main/sandbox/options.ts';
import { sendOk } from './support/http.ts';

interface Run {
  readonly child: ChildProcessWithoutNullStreams;
  readonly out: () => string;
  readonly errors: () => string;
  readonly ended: Promise<number | null>;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, ['main/sandbox/cli.ts', ...args]);
  let out = '';
  let errors = '';
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()));
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, out: () => out, errors: () => errors, ended };
}

async function firstLine({ child, out, errors }: Run): Promise<string> {
  while (!out().includes('\n')) {
    if (child.exitCode !== null) throw new Error(`The sandbox ended early: ${errors()}`);
    await new Promise((resolve) => child.stdout.once('data', resolve));
  }
  return out().split('\n')[0] ?? '';
}

describe('the sandbox command', () => {
  it('prints exactly one JSON line with every address and credential, and ends on SIGTERM', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const started = run(
      '--accounts',
      '20',
      '--holdings',
      '300',
      '--seed',
      's',
      '--today',
      '2026-11-20',
      '--manifest',
      join(folder, 'manifest.json'),
    );
    const address = JSON.parse(await firstLine(started)) as Record<string, Record<string, unknown>> & { openingBook: string };
    expect(Object.keys(address)).toEqual(['addepar', 'orion', 'black_diamond', 'openingBook', 'control']);
    expect(address['addepar']).toMatchObject({
      baseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/api$/),
      settings: { firmId: '4471' },
    });
    expect(Object.keys(address['addepar']?.['credentials'] as object)).toEqual(['apiKey', 'apiSecret']);
    expect(address['orion']?.['baseUrl']).toMatch(/\/api\/v1$/);
    expect(Object.keys(address['orion']?.['credentials'] as object)).toEqual([
      'username',
      'password',
      'clientId',
      'clientSecret',
    ]);
    expect(Object.keys(address['black_diamond']?.['credentials'] as object)).toEqual([
      'username',
      'password',
      'clientId',
      'clientSecret',
      'subscriptionKey',
    ]);
    expect(address['black_diamond']?.['settings']).toEqual({
      allowPasswordGrant: 'yes',
      tokenUrl: `${String(address['black_diamond']?.['baseUrl'])}/connect/token`,
    });
    expect((await sendOk(address.openingBook)).json()).toMatchObject({ asOf: '2026-11-19' });
    expect(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))).toContainEqual(
      expect.objectContaining({ kind: 'price_vendor' }),
    );
    started.child.kill('SIGTERM');
    expect(await started.ended).toBe(0);
    expect(started.out().trimEnd().split('\n').length).toBe(1);
  });

  it('ends when its parent goes, if told to watch it', async () => {
    const started = run('--accounts', '10', '--holdings', '50', '--with-parent');
    await firstLine(started);
    started.child.stdin.end();
    expect(await started.ended).toBe(0);
  });

  it('listens on the ports asked for, and says so when one is taken', async () => {
    const base = String(20_000 + (process.pid % 20_000));
    const started = run('--accounts', '10', '--holdings', '50', '--port-base', base);
    const address = JSON.parse(await firstLine(started)) as { orion: { baseUrl: string } };
    expect(address.orion.baseUrl).toBe(`http://127.0.0.1:${Number(base) + 1}/api/v1`);
    const second = run('--accounts', '10', '--holdings', '50', '--port-base', base);
    expect(await second.ended).toBe(1);
    expect(second.errors()).toContain('EADDRINUSE');
    expect(second.out()).toBe('');
  });

  it('refuses options that make no sense in a plain sentence', () => {
    expect(() => readCli(['--accounts', '0'])).toThrow('--accounts must be a whole number from 1 to 900000');
    expect(() => readCli(['--today', 'soon'])).toThrow('--today must be a date as YYYY-MM-DD');
    expect(() => readCli(['--plants', 'many'])).toThrow('--plants must be default or none');
    expect(() => readCli(['--speed', '9'])).toThrow(/speed/);
    expect(readCli(['--plants', 'none', '--holdings', '50000']).sandbox).toEqual({ plants: 'none', holdings: 50_000 });
  });
});
