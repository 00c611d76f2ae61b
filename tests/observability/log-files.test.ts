import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { logFiles, logPath } from '../../main/observability/log-folder.ts';
import { createLogger } from '../../main/observability/logger.ts';
import { readLog, lastLines, type LogQuestion } from '../../main/observability/log-reader.ts';
import { createLogWriter, type LogWriterOptions } from '../../main/observability/log-writer.ts';
import { tempFolder } from '../support/temp-folder.ts';

const DAY = 24 * 60 * 60 * 1000;
const CHILD = join(import.meta.dirname, '../support/log-child.ts');

const rig = (options: Partial<LogWriterOptions> = {}) => {
  const folder = join(tempFolder(), 'logs');
  const clock = { at: Date.parse('2026-03-02T08:00:00.000Z') };
  const now = (): string => new Date(clock.at++).toISOString();
  const writer = createLogWriter({ now, ...options });
  const logger = createLogger({ now, level: 'debug', write: writer.write });
  const ask = (question: Partial<LogQuestion> = {}) => readLog(folder, { level: 'debug', text: '', limit: 100, ...question });
  return { folder, writer, logger, ask, clock };
};
const messages = (answer: { readonly items: readonly { readonly message: string }[] }): string[] =>
  answer.items.map(({ message }) => message);
const linesIn = (folder: string): string[] =>
  logFiles(folder).flatMap(({ path }) => readFileSync(path, 'utf8').split('\n').slice(0, -1));

describe('log files', () => {
  it('take lines in order without the caller waiting for the disk, for their owner only', async () => {
    const { folder, writer, logger } = rig();
    logger.info('before the folder is known');
    writer.open(folder);
    for (let n = 1; n <= 5_000; n += 1) logger.info(`line ${n}`);
    // Handed over, and nothing of it written while the caller held the thread.
    expect(existsSync(logPath(folder, 1)) && statSync(logPath(folder, 1)).size > 0).toBe(false);
    await writer.drained();
    const lines = linesIn(folder).map((line) => JSON.parse(line) as { message: string });
    expect(lines.map(({ message }) => message)).toEqual([
      'before the folder is known',
      ...Array.from({ length: 5_000 }, (_, n) => `line ${n + 1}`),
    ]);
    expect([statSync(folder).mode & 0o777, statSync(logPath(folder, 1)).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('begin a new one by size, keep the newest few and those of the last days', async () => {
    const { folder, writer, logger, clock } = rig({ maxBytes: 1_000, keepFiles: 4, keepDays: 30 });
    writer.open(folder);
    for (let n = 0; n < 12; n += 1) {
      logger.info('x'.repeat(600));
      await writer.drained();
    }
    // Two lines of 600 do not fit in 1,000 bytes: one file each, of which the last four are left.
    expect(logFiles(folder).map(({ number }) => number)).toEqual([9, 10, 11, 12]);
    const old = new Date(clock.at - 31 * DAY);
    utimesSync(logPath(folder, 10), old, old);
    logger.info('y'.repeat(600));
    await writer.drained();
    // 9 went because four are enough, 10 because it is 31 days old.
    expect(logFiles(folder).map(({ number }) => number)).toEqual([11, 12, 13]);
  });

  it('begin a new one each day and at each start, also after a line that a death cut short', async () => {
    const { folder, writer, logger, clock, ask } = rig();
    writer.open(folder);
    logger.info('Monday');
    await writer.drained();
    clock.at += DAY;
    logger.info('Tuesday');
    await writer.drained();
    appendFileSync(logPath(folder, 2), '{"level":"info","time":"2026-03-03T');
    const after = createLogWriter({ now: () => '2026-03-03T09:00:00.000Z' });
    after.open(folder);
    createLogger({ now: () => '2026-03-03T09:00:00.000Z', write: after.write }).info('after the death');
    await after.drained();
    expect(logFiles(folder).map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(messages(ask())).toEqual(['after the death', 'Tuesday', 'Monday']);
  });

  it('lose lines when the disk takes none, go on afterwards and say how many were lost', async () => {
    const { folder, writer, logger, ask } = rig();
    writer.open(folder);
    // A folder where the file should be: nothing can be written there.
    mkdirSync(logPath(folder, 1));
    logger.info('lost');
    await writer.drained();
    rmSync(logPath(folder, 1), { recursive: true });
    logger.info('kept');
    await writer.drained();
    expect(messages(ask())).toEqual(['Log lines were lost because the disk did not take them', 'kept']);
    expect(ask().items[0]?.details).toBe('{\n  "lines": 1\n}');
  });

  it('drop what a slow disk leaves waiting beyond the limit instead of filling the memory', async () => {
    const { folder, writer, logger, ask } = rig({ maxWaiting: 1_000 });
    for (let n = 0; n < 20; n += 1) logger.info('z'.repeat(200));
    writer.open(folder);
    await writer.drained();
    // A line of 200 letters is 276 bytes: three fit in 1,000, so 17 of 20 are lost.
    expect(ask().items).toHaveLength(4);
    expect(ask().items[0]?.details).toContain('"lines": 17');
  });

  it.each(['exit', 'throw'])(
    'hold every line of a process that ends at once (%s)',
    async (how) => {
      const folder = tempFolder();
      const child = spawn(process.execPath, [CHILD, folder, '20000', how], { stdio: ['ignore', 'ignore', 'pipe'] });
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(how === 'exit' ? 3 : 1);
      const lines = linesIn(folder).map((line) => JSON.parse(line) as { message: string; details: { line?: number } });
      expect(lines.flatMap(({ details }) => details.line ?? []).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 20_000 }, (_, n) => n + 1),
      );
      if (how === 'exit') return;
      const [last] = readLog(folder, { level: 'error', text: '', limit: 1 }).items;
      expect(last?.errors.map(({ message }) => message)).toEqual(['The end', 'What led to it']);
      // Fine-grained lines stay out of standard error.
      expect(stderr).not.toContain('A line');
      expect(stderr).toContain('An unexpected failure');
    },
    60_000,
  );

  it('keep whole lines when the process is killed', async () => {
    const folder = tempFolder();
    const child = spawn(process.execPath, [CHILD, folder, '500', 'wait'], { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(readLog(folder, { level: 'debug', text: '', limit: 500 }).items).toHaveLength(500);
  }, 30_000);
});

describe('reading the log', () => {
  it('pages from the newest line to the oldest, each once, over files and while lines are added', async () => {
    const { folder, writer, logger, ask } = rig({ maxBytes: 700 });
    writer.open(folder);
    for (let n = 1; n <= 40; n += 1) {
      logger.info(`line ${n} with é and 日本`);
      await writer.drained();
    }
    expect(logFiles(folder).length).toBeGreaterThan(5);
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = ask({ limit: 7, before });
      seen.push(...messages(page));
      logger.info('added meanwhile');
      await writer.drained();
      before = page.next ?? undefined;
    } while (before !== undefined);
    expect(seen).toEqual(Array.from({ length: 40 }, (_, n) => `line ${40 - n} with é and 日本`));
  });

  it('says that there is no older line when the last one that fits has been answered', async () => {
    const { folder, writer, logger, ask } = rig();
    writer.open(folder);
    for (const n of [1, 2, 3]) logger.info(`line ${n}`);
    await writer.drained();
    expect(ask({ limit: 3 }).next).toBeNull();
    const page = ask({ limit: 2 });
    expect(page.next).toBe(page.items[1]?.id);
    expect(ask({ limit: 2, before: page.next ?? '' })).toMatchObject({ items: [{ message: 'line 1' }], next: null });
  });

  it('filters by level, time, operation, request, user and words', async () => {
    const { folder, writer, logger, ask } = rig();
    writer.open(folder);
    logger.debug('holdings.page was answered', { requestId: 'r1', userId: 'local' });
    logger.info('A sync began', { operationId: '12', userId: 'Schedule' });
    logger.warn('A sync failed', { operationId: '12', reason: 'The "platform" said no' });
    logger.error('a call failed unexpectedly', { requestId: 'r2', error: new Error('outer', { cause: new Error('inner') }) });
    logger.info('level 12', { operationId: 120 });
    await writer.drained();
    expect(messages(ask({ level: 'warn' }))).toEqual(['a call failed unexpectedly', 'A sync failed']);
    expect(messages(ask({ operation: '12' }))).toEqual(['A sync failed', 'A sync began']);
    expect(messages(ask({ request: 'r2' }))).toEqual(['a call failed unexpectedly']);
    expect(messages(ask({ user: 'Schedule' }))).toEqual(['A sync began']);
    expect(messages(ask({ text: 'SYNC "platform"' }))).toEqual(['A sync failed']);
    expect(messages(ask({ text: 'inner' }))).toEqual(['a call failed unexpectedly']);
    const [newest, , failed] = ask().items;
    expect(messages(ask({ from: failed?.at, to: failed?.at }))).toEqual(['A sync failed']);
    expect(messages(ask({ from: newest?.at }))).toEqual(['level 12']);
    expect(newest).toMatchObject({ operationId: '120', requestId: null, errors: [] });
    expect(ask({ request: 'r2' }).items[0]?.errors.map(({ name, message }) => `${name}: ${message}`)).toEqual([
      'Error: outer',
      'Error: inner',
    ]);
  });

  it('passes over what is no line of the log, and a folder that is not there is an empty log', async () => {
    const { folder, writer, logger, ask } = rig();
    expect(ask()).toEqual({ items: [], next: null });
    writer.open(folder);
    logger.info('whole');
    await writer.drained();
    appendFileSync(logPath(folder, 1), 'no json\n[1]\n{"level":"loud","time":"t","message":"m"}\n\n{"half');
    expect(messages(ask())).toEqual(['whole']);
    expect(lastLines(folder, 10_000).split('\n')[0]).toContain('whole');
    expect(lastLines(folder, 20)).not.toContain('whole');
  });
});
