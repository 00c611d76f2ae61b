import { workerData, parentPort, type MessagePort } from 'node:worker_threads';
import { serveIngest } from './ingest-passes.ts';
import { systemClock } from './ports/clock.ts';
import { createNodeHttp } from './ports/http-node.ts';
import { systemRandom } from './ports/random.ts';

/** The ingest thread. */
const ports = workerData as { control: MessagePort; writer: MessagePort };
serveIngest({ ...ports, clock: systemClock, random: systemRandom, http: createNodeHttp() });
parentPort?.on('message', (message: string) => {
  if (message === 'close') process.exit(0);
});
parentPort?.postMessage('ready');
