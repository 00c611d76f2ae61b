import { workerData, parentPort, type MessagePort } from 'node:worker_threads';
import { AppError } from '../shared/contract/errors.ts';
import { ConnectorError, type Connector } from './connectors/connector.ts';
import { createConnectors } from './connectors/registry.ts';
import { createRequestLedger } from './connectors/request-ledger.ts';
import { systemClock } from './ports/clock.ts';
import { createNodeHttp } from './ports/http-node.ts';
import { systemRandom } from './ports/random.ts';
import { createJobClient } from './store/job-thread.ts';
import { ingestPass } from './sync/ingest.ts';
import type { SyncJobs } from './sync/jobs.ts';
import type { RequestJobs } from './sync/request-counts.ts';
import { createRequestKeeper } from './sync/request-keeper.ts';
import type { IngestMessage, IngestReply } from './ingest-client.ts';
import type { PassFailure } from './sync/runner.ts';

/** The ingest thread: passes over the platforms' interfaces, page by page to the writer. */
const { control, writer } = workerData as { control: MessagePort; writer: MessagePort };
const jobs = createJobClient(writer);
const http = createNodeHttp();
const ledger = createRequestLedger();
const connectors = createConnectors({ clock: systemClock, random: systemRandom, requests: ledger });
const running = new Map<number, AbortController>();
const asked = new Map<number, { readonly resolve: (token: string) => void; readonly reject: (error: Error) => void }>();
let nextAsk = 1;

const reply = (message: IngestReply): void => control.postMessage(message);
const requests = createRequestKeeper({
  ledger,
  clock: systemClock,
  run: jobs.as<RequestJobs>({ actor: 'sync', requestId: 'request-counts', auditEvent: null }),
  log: (text, details) => reply({ id: 0, log: { text, details } }),
});

/** Tokens are kept and renewed by the serving thread, which has the vault. */
const bearerOf = (id: number) => (refused: string | null) =>
  new Promise<string>((resolve, reject) => {
    const ask = nextAsk++;
    asked.set(ask, { resolve, reject });
    reply({ id, ask, refused });
  });

function answered(message: Extract<IngestMessage, { type: 'token' }>): void {
  const waiting = asked.get(message.ask);
  asked.delete(message.ask);
  if ('token' in message) return waiting?.resolve(message.token);
  const { kind, message: text } = message.failure;
  return waiting?.reject(kind === 'unauthorised' || kind === 'unavailable' ? new ConnectorError(kind, text) : new Error(text));
}

function failureOf(error: unknown, signal: AbortSignal): PassFailure {
  if (signal.aborted) return { kind: 'aborted', message: 'The sync was cancelled; nothing of it was applied.' };
  if (error instanceof ConnectorError) return { kind: error.kind, message: error.message };
  if (error instanceof AppError) return { kind: error.code, message: error.message };
  return { kind: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

function connectorFor(platform: Connector['platform']): Connector {
  const connector = connectors.get(platform);
  if (!connector) throw new Error(`Nothing can be pulled from ${platform}.`);
  return connector;
}

async function pass(message: Extract<IngestMessage, { type: 'pass' }>): Promise<void> {
  const { id, request } = message;
  const abort = new AbortController();
  running.set(id, abort);
  try {
    const run = jobs.as<SyncJobs>({ actor: 'sync', requestId: `operation-${request.operationId}`, auditEvent: null });
    const context = {
      baseUrl: request.baseUrl,
      settings: request.settings,
      credentials: request.credentials,
      ...(request.signedIn ? { bearer: bearerOf(id) } : {}),
      http,
      signal: abort.signal,
      today: systemClock.today(),
      sleep: (ms: number) => systemClock.sleep(ms, abort.signal),
      log: (text: string, details?: Readonly<Record<string, unknown>>) =>
        reply({ id, log: { text, details: { operationId: String(request.operationId), ...details } } }),
    };
    await requests.refresh();
    await ingestPass(connectorFor(request.platform), context, run, request, (progress) => reply({ id, progress }));
    reply({ id, done: true });
  } catch (error) {
    reply({ id, failure: failureOf(error, abort.signal) });
  } finally {
    void requests.flush();
    running.delete(id);
  }
}

control.on('message', (message: IngestMessage) => {
  if (message.type === 'cancel') running.get(message.id)?.abort();
  else if (message.type === 'token') answered(message);
  else void pass(message);
});
parentPort?.on('message', (message: string) => {
  if (message === 'close') process.exit(0);
});
parentPort?.postMessage('ready');
