import { MessageChannel, type Worker } from 'node:worker_threads';
import type { Output } from '../shared/contract/index.ts';
import type { BundleFile, BundleQuestion } from './api/diagnostic-bundle.ts';
import type { LogQuestion } from './observability/log-reader.ts';
import { createJobClient, type JobClient } from './store/job-thread.ts';
import { closeWorker, startWorker } from './threads.ts';

export interface Inspection {
  log(question: LogQuestion): Promise<Output<'logs.list'>>;
  bundle(question: BundleQuestion): Promise<BundleFile[]>;
  close(): Promise<void>;
}

type InspectorJobs = {
  readonly 'log/read': (db: unknown, question: LogQuestion) => Output<'logs.list'>;
  readonly 'bundle/files': (db: unknown, question: BundleQuestion) => BundleFile[];
};

interface Running {
  readonly worker: Worker;
  readonly client: JobClient;
}

/** The serving thread's side of the inspector thread, which is started by the first question. */
export function createInspection(options: { readonly path: string; readonly logFolder: string }): Inspection {
  let running: Promise<Running> | null = null;

  async function start(): Promise<Running> {
    const { port1, port2 } = new MessageChannel();
    const client = createJobClient(port2);
    const died = (error: Error): void => {
      running = null;
      port2.close();
      client.fail(error);
    };
    const worker = await startWorker('inspector', { ...options, port: port1 }, [port1], died);
    worker.once('exit', () => port2.close());
    return { worker, client };
  }

  const jobs = async () => {
    running ??= start().catch((error: unknown) => {
      running = null;
      throw error;
    });
    return (await running).client.as<InspectorJobs>({ actor: 'system', requestId: 'inspection', auditEvent: null });
  };

  return {
    log: async (question) => (await jobs())('log/read', question),
    bundle: async (question) => (await jobs())('bundle/files', question),
    async close() {
      const open = await running?.catch(() => null);
      running = null;
      if (open) await closeWorker(open.worker);
    },
  };
}
