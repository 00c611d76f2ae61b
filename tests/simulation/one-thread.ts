import { writeFileSync } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import { createIngestClient } from '../../main/ingest-client.ts';
import { serveIngest } from '../../main/ingest-passes.ts';
import { reads, writes } from '../../main/registry.ts';
import type { HttpClient } from '../../main/ports/http.ts';
import { countWrite } from '../../main/store/book-version.ts';
import type { WritableDb } from '../../main/store/handles.ts';
import { createJobClient, serveJobs, type JobCall, type JobPort } from '../../main/store/job-thread.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openReadable, openWritable } from '../../main/store/open.ts';
import { runRead, runWrite, type WriteContext } from '../../main/store/run-job.ts';
import type { startThreads } from '../../main/threads.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { World } from './world.ts';

export type Write = (db: WritableDb, args: never, context: WriteContext) => unknown;

/** A planted mistake: what runs in place of a job, inside its transaction. `kill` ends this life of the program. */
export type Sabotage = (name: string, real: Write, kill: () => void) => Write;

export interface OneThread {
  readonly start: typeof startThreads;
  /** Closes the files as the system does when a process is gone. */
  drop(): void;
}

/** Two ends of a channel whose messages wait in the world until it delivers them. Messages are copied as between threads. */
function channel(world: World, name: string): [JobPort, JobPort] {
  const ends = [`${name} <`, `${name} >`].map((label) => {
    let listener: ((message: unknown) => void) | null = null;
    return { line: world.line(label, (message) => listener?.(message)), hear: (l: typeof listener) => void (listener = l) };
  });
  const end = (own: number): JobPort =>
    ({
      postMessage: (message: unknown) => void ends[1 - own]?.line.waiting.push(structuredClone(message)),
      on: (_event: string, listener: (message: unknown) => void) => ends[own]?.hear(listener),
    }) as unknown as MessagePort;
  return [end(0), end(1)];
}

/**
 * The program's threads, all in this one: the same jobs on the same kinds of connections, the same messages between them,
 * and the world says in which order. `crash` is asked around every write and ends this life of the program when it answers
 * yes.
 */
export function createOneThread(parts: {
  readonly world: World;
  readonly random: SeededRandom;
  readonly http: HttpClient;
  readonly crash: (where: string) => boolean;
  readonly sabotage: Sabotage;
  readonly kill: () => void;
}): OneThread {
  const { world, random, http, crash, sabotage, kill } = parts;
  let open: (() => void)[] = [];
  const jobs = Object.fromEntries(
    Object.entries(writes as unknown as Record<string, Write>).map(([name, real]) => {
      const chosen = sabotage(name, real, kill);
      const withCrash: Write = (db, args, context) => {
        const result = chosen(db, args, context);
        if (crash(`before the commit of ${name}`)) throw new Error('The program was killed before the commit.');
        return result;
      };
      return [name, withCrash];
    }),
  );

  return {
    drop() {
      for (const close of open) close();
      open = [];
    },
    async start({ path, migrationsDir, log }) {
      const db = openWritable(path);
      open.push(() => closeDb(db));
      migrate(db, migrationsDir);
      const reading = openReadable(path);
      open.push(() => closeDb(reading));
      const ports = { now: world.clock.now, uuid: random.uuid, onWrite: countWrite };
      const runOne = (call: JobCall): unknown => {
        world.note(`write ${call.name}`);
        const result = runWrite(db, jobs, call, ports);
        crash(`after the commit of ${call.name}`);
        return result;
      };
      const [forWriter, writerEnd] = channel(world, 'writer');
      const [forPages, pagesEnd] = channel(world, 'pages');
      const [forReader, readerEnd] = channel(world, 'reader');
      const [control, controlEnd] = channel(world, 'ingest');
      serveJobs(writerEnd, runOne);
      serveJobs(pagesEnd, runOne);
      serveJobs(readerEnd, (call) => runRead(reading, reads, call, ports));
      serveIngest({ control: controlEnd, writer: forPages, clock: world.clock, random, http });
      return {
        writer: createJobClient(forWriter),
        reader: createJobClient(forReader),
        ingest: createIngestClient(control, (text, details) => log.info(text, details)),
        // A copy changes nothing of the book, and its own tests take real ones: here only its file counts.
        backup: (work) => {
          if ('take' in work) writeFileSync(work.take.target, '');
          return Promise.resolve();
        },
        close: () => Promise.resolve(),
      };
    },
  };
}
