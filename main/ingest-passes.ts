import { AppError } from '../shared/contract/errors.ts';
import { ConnectorError, type Connector } from './connectors/connector.ts';
import { createConnectors } from './connectors/registry.ts';
import { createRequestLedger } from './connectors/request-ledger.ts';
import type { Clock } from './ports/clock.ts';
import type { HttpClient } from './ports/http.ts';
import type { Random } from './ports/random.ts';
import { createJobClient, type JobPort } from './store/job-thread.ts';
import { ingestPass } from './sync/ingest.ts';
import type { SyncJobs } from './sync/jobs.ts';
import type { RequestJobs } from './sync/request-counts.ts';
import { createRequestKeeper } from './sync/request-keeper.ts';
import type { IngestMessage, IngestReply } from './ingest-client.ts';
import type { PassFailure } from './sync/pass.ts';

export interface IngestParts {
  /** To the serving thread, which orders passes. */
  readonly control: JobPort;
  /** To the writer thread, which takes the pages. */
  readonly writer: JobPort;
  readonly clock: Clock;
  readonly random: Random;
  readonly http: HttpClient;
}

function failureOf(error: unknown, signal: AbortSignal): PassFailure {
  if (signal.aborted) return { kind: 'aborted', message: 'The sync was cancelled; nothing of it was applied.' };
  if (error instanceof ConnectorError) {
    const { kind, message, retryAfterMs, ownBudget } = error;
    return { kind, message, retryAfterMs, ownBudget };
  }
  if (error instanceof AppError) return { kind: error.code, message: error.message };
  return { kind: 'internal', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** Runs the passes over the platforms' interfaces that are ordered on `control`, page by page to the writer. */
export function serveIngest({ control, writer, clock, random, http }: IngestParts): void {
  const jobs = createJobClient(writer);
  const ledger = createRequestLedger();
  const connectors = createConnectors({ clock, random, requests: ledger });
  const running = new Map<number, AbortController>();
  const asked = new Map<number, { readonly resolve: (token: string) => void; readonly reject: (error: Error) => void }>();
  let nextAsk = 1;

  const reply = (message: IngestReply): void => control.postMessage(message);
  const requests = createRequestKeeper({
    ledger,
    clock,
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
        today: clock.today(),
        sleep: (ms: number) => clock.sleep(ms, abort.signal),
        waiting: (waitMs: number) => reply({ id, progress: { waitMs } }),
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
}
