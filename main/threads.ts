import { MessageChannel, Worker, type MessagePort, type Transferable } from 'node:worker_threads';
import { AppError } from '../shared/contract/errors.ts';
import type { BackupRefusal, BackupWork } from './backup.ts';
import { createIngestClient } from './ingest-client.ts';
import { createJobClient, type JobClient } from './store/job-thread.ts';
import type { Ingest } from './sync/pass.ts';

export interface Threads {
  readonly writer: JobClient;
  readonly reader: JobClient;
  readonly ingest: Ingest;
  /** Does one piece of work on a backup in a thread of its own. */
  backup(work: BackupWork): Promise<void>;
  close(): Promise<void>;
}

interface Log {
  info(message: string, details: Readonly<Record<string, unknown>>): void;
  error(message: string, details: Readonly<Record<string, unknown>>): void;
}

const CLOSE_WITHIN_MS = 4000;
/** V8 lets the young heap of each thread grow to a hundred megabytes before it collects; this keeps the program small. */
const YOUNG_HEAP_MB: Readonly<Record<string, number>> = { ingest: 64, writer: 32, reader: 16 };
// The program runs from sources under Node and as bundles inside Electron; workers sit beside this file in both.
const entry = (name: string): URL => new URL(import.meta.url.endsWith('.ts') ? `./${name}.ts` : `./${name}.js`, import.meta.url);

/** Starts a worker and resolves once it says it is ready; a failure while starting rejects with its own message. */
export function startWorker(
  name: string,
  data: Record<string, unknown>,
  transfer: Transferable[],
  onDeath: (error: Error) => void,
): Promise<Worker> {
  const worker = new Worker(entry(name), {
    workerData: data,
    transferList: transfer,
    name,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_HEAP_MB[name] ?? 32 },
  });
  return new Promise((resolve, reject) => {
    let ready = false;
    worker.once('message', () => {
      ready = true;
      resolve(worker);
    });
    worker.on('error', (error) => (ready ? onDeath(error) : reject(error)));
    worker.on('exit', (code) => {
      const error = new Error(`The ${name} thread ended with code ${code}.`);
      if (!ready) reject(error);
      else if (code !== 0) onDeath(error);
    });
  });
}

/** Runs a thread for one piece of work on a backup; rejects with what it refused, in its words. */
function workOnBackup(work: BackupWork): Promise<void> {
  const worker = new Worker(entry('backup'), { workerData: work, name: 'backup' });
  return new Promise((resolve, reject) => {
    worker.once('message', (refusal: BackupRefusal | null) =>
      refusal === null ? resolve() : reject(new AppError(refusal.code, refusal.message)),
    );
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The backup thread ended with code ${code}.`)));
  });
}

/** Asks a worker to end, and ends it when it does not within four seconds. */
export function closeWorker(worker: Worker): Promise<unknown> {
  const gone = new Promise((resolve) => worker.once('exit', resolve));
  worker.postMessage('close');
  return Promise.race([
    gone,
    new Promise((resolve) => void setTimeout(resolve, CLOSE_WITHIN_MS).unref()).then(() => worker.terminate()),
  ]);
}

/** Starts the writer (which opens and migrates the book), the reader and the ingest thread. */
export async function startThreads(options: {
  readonly path: string;
  readonly migrationsDir: string;
  readonly log: Log;
  /** A thread died: nothing can be written or read any more, the host should end. */
  readonly onDeath: (error: Error) => void;
}): Promise<Threads> {
  const forMain = new MessageChannel();
  const forIngest = new MessageChannel();
  const forReads = new MessageChannel();
  const control = new MessageChannel();
  const writer = createJobClient(forMain.port2);
  const reader = createJobClient(forReads.port2);
  const ingest = createIngestClient(control.port2, (text, details) => options.log.info(text, details));
  const died = (error: Error): void => {
    for (const client of [writer, reader]) client.fail(error);
    ingest.fail(error.message);
    options.onDeath(error);
  };
  const mine: MessagePort[] = [forMain.port2, forReads.port2, control.port2];
  const workers: Worker[] = [];
  const close = async (): Promise<void> => {
    for (const worker of workers.toReversed()) await closeWorker(worker);
    // What was asked of a thread that is gone gets no answer from it.
    for (const client of [writer, reader]) client.fail(new AppError('busy', 'The book was closed. Try again in a moment.'));
    for (const port of mine) port.close();
  };
  try {
    const { path, migrationsDir } = options;
    workers.push(
      await startWorker(
        'writer',
        { path, migrationsDir, ports: [forMain.port1, forIngest.port1] },
        [forMain.port1, forIngest.port1],
        died,
      ),
    );
    workers.push(await startWorker('reader', { path, ports: [forReads.port1] }, [forReads.port1], died));
    workers.push(
      await startWorker('ingest', { control: control.port1, writer: forIngest.port2 }, [control.port1, forIngest.port2], died),
    );
  } catch (error) {
    await close();
    throw error;
  }
  return { writer, reader, ingest, backup: workOnBackup, close };
}
