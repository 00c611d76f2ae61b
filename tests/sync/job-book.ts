import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { WritableDb } from '../../main/store/handles.ts';
import type { JobTable, RunJob } from '../../main/store/job.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { runWrite } from '../../main/store/run-job.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** A clock that stands still until told; whoever sleeps is woken by it. The monotonic side starts anew with each program. */
export function handClock(start: string) {
  let at = Date.parse(start);
  let startedAt = at;
  let sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  return {
    now: () => new Date(at).toISOString() as never,
    monotonicMs: () => at - startedAt,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        sleepers.push({ until: at + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      }),
    sleeping: () => sleepers.length,
    restart() {
      startedAt = at;
      sleepers = [];
    },
    /** Lets time pass and whoever is woken come to rest. */
    async pass(ms: number) {
      at += ms;
      const due = sleepers.filter(({ until }) => until <= at);
      sleepers = sleepers.filter(({ until }) => until > at);
      for (const { wake } of due) wake();
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
    },
  };
}
export type HandClock = ReturnType<typeof handClock>;

/** A migrated book in a file, and a way to call jobs as the writer thread does. */
export function jobBook(clock: Pick<HandClock, 'now'>): { readonly db: WritableDb; run<T extends JobTable>(jobs: T): RunJob<T> } {
  const db = openWritable(join(tempFolder(), 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, MIGRATIONS);
  const caller = { actor: 'system', requestId: 'test', auditEvent: null };
  return {
    db,
    run:
      <T extends JobTable>(jobs: T): RunJob<T> =>
      async (name, args) =>
        runWrite(
          db,
          jobs,
          { name, args, caller, progress: () => undefined, cancelled: () => false },
          { now: clock.now, uuid: () => 'u' },
        ) as never,
  };
}
