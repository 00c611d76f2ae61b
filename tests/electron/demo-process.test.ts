import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ForkOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { startDemo } from '../../main/electron/demo-process.ts';

const platform = (port: number) => ({ baseUrl: `http://127.0.0.1:${port}`, credentials: { apiKey: 'k' }, settings: {} });
const PLATFORMS = { addepar: platform(1), orion: platform(2), black_diamond: platform(3) };
const openingBook = 'http://127.0.0.1:4/opening-book';
const LINE = `${JSON.stringify({ ...PLATFORMS, openingBook, control: { url: 'http://127.0.0.1:4', token: 't' } })}\n`;

function demo(sleep = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal })) {
  const stdout = new PassThrough();
  let killed = 0;
  const child = Object.assign(new EventEmitter(), { stdout, kill: () => (killed++, true) });
  const forks: { entry: string; args: string[]; options: ForkOptions }[] = [];
  const exits: number[] = [];
  const started = startDemo({
    fork: (entry, args, options) => (forks.push({ entry, args, options }), child),
    entry: '/app/out/main/sandbox.js',
    env: { PATH: '/bin', HOME: '/home/a', CLEARWAY_PASSPHRASE: 'secret', AWS_SECRET_ACCESS_KEY: 'secret' },
    sleep,
    onExit: (code) => exits.push(code),
  });
  return { child, stdout, started, forks, exits, killed: () => killed };
}

describe('startDemo', () => {
  it('waits for the line that says where the firm listens, also when it comes in pieces', async () => {
    const { stdout, started } = demo();
    stdout.write(LINE.slice(0, 40));
    stdout.write(`${LINE.slice(40)}more`);
    expect((await started).demo).toEqual({ platforms: PLATFORMS, openingBook });
  });

  it('gives it no secret of the environment', async () => {
    const { forks, stdout, started } = demo();
    stdout.write(LINE);
    await started;
    expect(forks[0]?.options.env).toEqual({ PATH: '/bin', HOME: '/home/a' });
  });

  it('says so when the firm ends early', async () => {
    const { child, started } = demo();
    child.emit('exit', 3);
    await expect(started).rejects.toThrow('ended before it was ready (exit code 3)');
  });

  it('gives up after a minute', async () => {
    const waits: number[] = [];
    const { started, killed } = demo((ms) => (waits.push(ms), Promise.resolve()));
    await expect(started).rejects.toThrow('not ready after a minute');
    expect(waits).toEqual([60_000]);
    expect(killed()).toBe(1);
  });

  it.each(['nonsense', '[1]', '{}', JSON.stringify({ ...PLATFORMS, openingBook: 'no address' })])(
    'refuses a firm that says %s',
    async (line) => {
      const { stdout, started, killed } = demo();
      stdout.write(`${line}\n`);
      await expect(started).rejects.toThrow('did not say where it listens');
      expect(killed()).toBe(1);
    },
  );

  it('reports an end that nobody asked for, and not one that was', async () => {
    const running = demo();
    running.stdout.write(LINE);
    await running.started;
    running.child.emit('exit', 9);
    await delay(1);
    expect(running.exits).toEqual([9]);

    const stopped = demo();
    stopped.stdout.write(LINE);
    (await stopped.started).stop();
    stopped.child.emit('exit', 0);
    await delay(1);
    expect(stopped.exits).toEqual([]);
  });
});
