import { workerData, parentPort, type MessagePort } from 'node:worker_threads';
import { soon, systemClock } from './ports/clock.ts';
import { systemRandom } from './ports/random.ts';
import { writes } from './registry.ts';
import { countWrite } from './store/book-version.ts';
import { createCheckpointer } from './store/checkpoint.ts';
import { serveJobs } from './store/job-thread.ts';
import { migrate } from './store/migrate.ts';
import { closeDb } from './store/open.ts';
import { openSound } from './store/open-sound.ts';
import { runWrite } from './store/run-job.ts';

/** The writer thread: the one connection that writes. Opens, checks and migrates the book, then runs jobs one by one. */
interface WriterData {
  readonly path: string;
  readonly migrationsDir: string;
  readonly ports: readonly MessagePort[];
}

const { path, migrationsDir, ports } = workerData as WriterData;
const db = openSound(path);
migrate(db, migrationsDir);

const jobPorts = { now: systemClock.now, uuid: systemRandom.uuid, onWrite: countWrite };
const checkpoint = createCheckpointer(db, soon);
for (const port of ports)
  serveJobs(port, (call) => {
    try {
      return runWrite(db, writes, call, jobPorts);
    } finally {
      checkpoint();
    }
  });
parentPort?.on('message', (message: string) => {
  if (message !== 'close') return;
  closeDb(db);
  process.exit(0);
});
parentPort?.postMessage('ready');
