import { workerData, parentPort, type MessagePort } from 'node:worker_threads';
import { systemClock } from './ports/clock.ts';
import { systemRandom } from './ports/random.ts';
import { reads } from './registry.ts';
import { serveJobs } from './store/job-thread.ts';
import { closeDb, openReadable } from './store/open.ts';
import { runRead } from './store/run-job.ts';

/** The reader thread: queries on a read-only connection, which never wait for the writer. */
const { path, ports } = workerData as { path: string; ports: readonly MessagePort[] };
const db = openReadable(path);
const jobPorts = { now: systemClock.now, uuid: systemRandom.uuid };
for (const port of ports) serveJobs(port, (call) => runRead(db, reads, call, jobPorts));
parentPort?.on('message', (message: string) => {
  if (message !== 'close') return;
  closeDb(db);
  process.exit(0);
});
parentPort?.postMessage('ready');
