import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import type { Instant } from '../../shared/model/date.ts';
import { createJobClient, serveJobs, type JobCall, type JobCaller } from '../../main/store/job-thread.ts';
import type { JobTable } from '../../main/store/job.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openReadable, openWritable } from '../../main/store/open.ts';
import { runRead, runWrite, type WriteContext } from '../../main/store/run-job.ts';
import type { ReadDb, WritableDb } from '../../main/store/handles.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

const raise = (what: unknown): never => {
  throw what;
};
const CALLER: JobCaller = { actor: 'analyst', requestId: 'r1', auditEvent: null };
const jobPorts = { now: () => '2026-11-20T09:00:00.000Z' as Instant, uuid: () => 'uuid-1' };

function channel(run: (call: JobCall) => unknown) {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => {
    port1.close();
    port2.close();
  });
  serveJobs(port1, run);
  const client = createJobClient(port2);
  return {
    client,
    call: (name: string, args: unknown, options?: object) =>
      client.as<JobTable>(CALLER)(name, args as never, options as never) as Promise<unknown>,
  };
}

function book() {
  const path = join(tempFolder(), 'book.db');
  const db = openWritable(path);
  onTestFinished(() => closeDb(db));
  migrate(db, MIGRATIONS);
  return { db, path };
}

describe('calls over a port', () => {
  test('answer in the order they were made', async () => {
    const seen: unknown[] = [];
    const { call } = channel(({ name, args }) => {
      seen.push(name);
      return args;
    });
    expect(await Promise.all([call('a', 1), call('b', { x: [null, 'é'] }), call('c', undefined)])).toEqual([
      1,
      { x: [null, 'é'] },
      undefined,
    ]);
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  test('carry who called and for which request', async () => {
    const { call } = channel(({ caller }) => caller);
    expect(await call('a', null)).toEqual(CALLER);
  });

  test('keep an error’s code, message and details; other errors keep message and stack', async () => {
    const { call } = channel(({ name }) => {
      if (name === 'refused') throw new AppError('conflict_changed', 'It changed.', { details: { version: 3 } });
      if (name === 'text') raise('just text');
      throw new TypeError('Not a function');
    });
    const refused = await call('refused', null).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({ code: 'conflict_changed', message: 'It changed.', details: { version: 3 } });
    const broken = await call('broken', null).catch((error: unknown) => error as Error);
    expect(broken).not.toBeInstanceOf(AppError);
    expect(broken).toMatchObject({ message: 'Not a function', stack: expect.stringContaining('job-thread.test') });
    await expect(call('text', null)).rejects.toThrow('just text');
  });

  test('report progress before the answer', async () => {
    const { call } = channel(({ progress }) => {
      progress({ done: 1, total: 2 });
      progress({ done: 2, total: 2 });
      return 'done';
    });
    const reports: unknown[] = [];
    expect(await call('a', null, { onProgress: (r: unknown) => reports.push(r) })).toBe('done');
    expect(reports).toEqual([
      { done: 1, total: 2 },
      { done: 2, total: 2 },
    ]);
  });

  test('aborted before they begin, see it at their first look', async () => {
    const { call } = channel(({ cancelled }) => cancelled());
    expect(await call('a', null, { signal: AbortSignal.abort() })).toBe(true);
    expect(await call('a', null)).toBe(false);
  });

  test('can be stopped while the thread is busy with them, and the next call is not', async () => {
    const source = `
      import { workerData } from 'node:worker_threads';
      const { serveJobs } = await import(workerData.module);
      serveJobs(workerData.port, ({ name, cancelled, progress }) => {
        if (name === 'quick') return cancelled();
        progress({ done: 0, total: null });
        const end = Date.now() + 20000;
        while (!cancelled()) if (Date.now() > end) return 'never stopped';
        throw new Error('stopped');
      });`;
    const { port1, port2 } = new MessageChannel();
    const module = new URL('../../main/store/job-thread.ts', import.meta.url).href;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
      workerData: { port: port1, module },
      transferList: [port1],
    });
    onTestFinished(async () => {
      port2.close();
      await worker.terminate();
    });
    const client = createJobClient(port2).as<JobTable>(CALLER);
    const abort = new AbortController();
    const busy = client('busy', null as never, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(busy).rejects.toThrow('stopped');
    expect(await client('quick', null as never)).toBe(false);
  });

  test('waiting for a thread that died are rejected, and so are later ones', async () => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => {
      port1.close();
      port2.close();
    });
    const client = createJobClient(port2);
    const call = client.as<JobTable>(CALLER);
    const waiting = call('a', null as never);
    client.fail(new Error('The writer thread ended with code 1.'));
    await expect(waiting).rejects.toThrow('ended with code 1');
    await expect(call('b', null as never)).rejects.toThrow('ended with code 1');
  });
});

const callOf = (name: string, args: unknown, auditEvent: string | null = null): JobCall => ({
  name,
  args,
  caller: { ...CALLER, auditEvent },
  cancelled: () => false,
  progress: () => undefined,
});
const put = (db: WritableDb, key: string): unknown => db.prepare("INSERT INTO settings VALUES (?, '1')").run(key).changes;
const audit = (db: WritableDb): unknown =>
  db.prepare('SELECT actor, event, subject, details, request_id AS requestId FROM audit_entries').all();

describe('a write', () => {
  const jobs = {
    put: (db: WritableDb, key: string) => put(db, key),
    noted: (db: WritableDb, key: string, context: WriteContext) => {
      put(db, key);
      context.audit(`setting ${key}`, { key });
      return null;
    },
    failing: (db: WritableDb, key: string, context: WriteContext) => {
      put(db, key);
      context.audit('nothing', {});
      throw new AppError('not_possible', 'No.');
    },
    full: () => {
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    },
    locked: () => {
      throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY_SNAPSHOT' });
    },
  };

  test('and its audit entry are one transaction: both stay, or neither', () => {
    const { db } = book();
    runWrite(db, jobs as never, callOf('noted', 'a', 'setting_changed'), jobPorts);
    expect(() => runWrite(db, jobs as never, callOf('failing', 'b', 'setting_changed'), jobPorts)).toThrow('No.');
    expect(db.prepare('SELECT key FROM settings').pluck().all()).toEqual(['a']);
    expect(audit(db)).toEqual([
      { actor: 'analyst', event: 'setting_changed', subject: 'setting a', details: '{"key":"a"}', requestId: 'r1' },
    ]);
  });

  test('without a note of its own leaves its input and result in the trail; without an event, nothing', () => {
    const { db } = book();
    runWrite(db, jobs as never, callOf('put', 'a', 'setting_changed'), jobPorts);
    runWrite(db, jobs as never, callOf('put', 'b'), jobPorts);
    expect(audit(db)).toMatchObject([{ subject: 'put', details: '{"input":"a","output":1}' }]);
  });

  test('that the disk or another program stops says so in words', () => {
    const { db } = book();
    expect(() => runWrite(db, jobs as never, callOf('full', null), jobPorts)).toThrow(
      expect.objectContaining({ code: 'storage_full' }),
    );
    expect(() => runWrite(db, jobs as never, callOf('locked', null), jobPorts)).toThrow(
      expect.objectContaining({ code: 'busy' }),
    );
  });

  test.each(['missing', '__proto__', 'constructor', 'toString'])('named %s does not exist', (name) => {
    const { db } = book();
    expect(() => runWrite(db, jobs as never, callOf(name, null), jobPorts)).toThrow(`No such write: ${name}`);
    expect(() => runRead(db, {}, callOf(name, null), jobPorts)).toThrow(`No such read: ${name}`);
  });
});

describe('a read', () => {
  test('sees one state of the book from its first statement to its last', () => {
    const { db, path } = book();
    const reader = openReadable(path);
    onTestFinished(() => closeDb(reader));
    const count = (from: ReadDb): unknown => from.prepare('SELECT count(*) FROM settings').pluck().get();
    const twice = (from: ReadDb): unknown => {
      const first = count(from);
      put(db, 'a');
      return [first, count(from)];
    };
    expect(runRead(reader, { twice } as never, callOf('twice', null), jobPorts)).toEqual([0, 0]);
    expect(runRead(reader, { count } as never, callOf('count', null), jobPorts)).toBe(1);
  });

  test('that fails ends its snapshot and keeps its own error', () => {
    const { path } = book();
    const reader = openReadable(path);
    onTestFinished(() => closeDb(reader));
    const failing = (): never => {
      throw new AppError('not_found', 'Gone.');
    };
    expect(() => runRead(reader, { failing } as never, callOf('failing', null), jobPorts)).toThrow('Gone.');
    expect(reader.inTransaction).toBe(false);
  });
});
