import { workerData, parentPort, type MessagePort } from 'node:worker_threads';
import { bundleFiles, type BundleQuestion } from './api/diagnostic-bundle.ts';
import { readLog, type LogQuestion } from './observability/log-reader.ts';
import { serveJobs } from './store/job-thread.ts';
import { closeDb, openReadable } from './store/open.ts';

/** The inspector thread: reads log files, and the whole book for a diagnostic bundle, where nobody else waits for it. */
const { path, logFolder, port } = workerData as { path: string; logFolder: string; port: MessagePort };

function bundle(question: BundleQuestion) {
  const db = openReadable(path);
  try {
    return bundleFiles(db, logFolder, question);
  } finally {
    closeDb(db);
  }
}

serveJobs(port, ({ name, args }) =>
  name === 'log/read' ? readLog(logFolder, args as LogQuestion) : bundle(args as BundleQuestion),
);
parentPort?.on('message', (message: string) => {
  if (message === 'close') process.exit(0);
});
parentPort?.postMessage('ready');
