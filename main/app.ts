import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AppEvent, Output } from '../shared/contract/index.ts';
import type { Platform } from '../shared/model/holding.ts';
import { connectDemo, type Demo, type DemoPlatform } from './api/demo.ts';
import { createDispatcher, type Dispatch } from './api/dispatcher.ts';
import { createDiagnosticServices } from './api/diagnostic-services.ts';
import { createImportServices } from './api/import-services.ts';
import { createLogServices } from './api/log-services.ts';
import type { ConnectionFactsRow } from './api/connection-reads.ts';
import { createKeyWatch, type KeyWatch } from './api/key-watch.ts';
import { createSecretServices } from './api/secret-services.ts';
import { createWebhookInbox, type WebhookInbox } from './api/webhook-inbox.ts';
import { createWebhookServices } from './api/webhook-services.ts';
import { createServices, type ServiceParts } from './api/services.ts';
import { createInspection } from './inspection.ts';
import { createCallWatch } from './observability/call-watch.ts';
import { registerEntered } from './observability/entered-secrets.ts';
import { LOG_FOLDER } from './observability/log-folder.ts';
import type { Logger } from './observability/logger.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { createOperationWatch } from './observability/operation-watch.ts';
import { createConnectors } from './connectors/registry.ts';
import { createRequestLedger } from './connectors/request-ledger.ts';
import { ConnectorError } from './connectors/connector.ts';
import type { Clock } from './ports/clock.ts';
import type { HttpClient } from './ports/http.ts';
import type { Random } from './ports/random.ts';
import type { SchemeRedirects } from './ports/scheme-redirects.ts';
import { createTurns } from './ports/turns.ts';
import type { JobTable } from './store/job.ts';
import type { JobCaller } from './store/job-thread.ts';
import { enteredSignIn, SIGN_IN_SETTING } from './sign-in/entered-sign-in.ts';
import { clientSecrets, createTokenKeeper } from './sign-in/token-keeper.ts';
import { createSignIns } from './sign-in/sign-ins.ts';
import { createSyncRunner, type SyncRunner } from './sync/runner.ts';
import type { SyncJobs } from './sync/jobs.ts';
import { createRequestKeeper } from './sync/request-keeper.ts';
import { createSchedule, type Schedule } from './sync/schedule.ts';
import { watchedJobs } from './sync/watched-jobs.ts';
import { startThreads, type Threads } from './threads.ts';
import { writes } from './registry.ts';
import type { SecretStore } from './vault/vault.ts';

export interface AppOptions {
  /** Folder of the book; made when missing. */
  readonly dataDir: string;
  readonly migrationsDir: string;
  readonly host: Output<'app.info'>['host'];
  readonly version: string;
  readonly ports: {
    readonly clock: Clock;
    readonly random: Random;
    readonly http: HttpClient;
    /** Its lines are read back from `logs` in the data folder, where the host writes them. */
    readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'registerSecret'>;
    readonly secrets: SecretStore;
    /** Absent in a host that the system cannot hand addresses to. */
    readonly redirects?: SchemeRedirects;
  };
  /** Sandbox platforms to connect in an empty book. */
  readonly demo?: Demo;
  /** A thread died; the host should end. */
  readonly onDeath?: (error: Error) => void;
}

export interface App {
  /** A message that a platform sent; see WebhookInbox. */
  readonly receiveWebhook: WebhookInbox['receive'];
  readonly dispatch: Dispatch;
  readonly metrics: Pick<Metrics, 'answered' | 'text' | 'contentType'>;
  subscribe(listener: (event: AppEvent) => void): () => void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Marks connections to the sandbox, whose batches are ready within seconds. */
const DEMO_SETTINGS = { sandbox: 'yes', pollSeconds: '1' };

/** Builds the program from explicit parts: the only composition root of the serving thread. `start` before `dispatch`. */
export function createApp(options: AppOptions): App {
  const { clock, random, http, log, secrets } = options.ports;
  const listeners = new Set<(event: AppEvent) => void>();
  const emit = (event: AppEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const ledger = createRequestLedger();
  const connectors = createConnectors({ clock, random, requests: ledger });
  createRequestKeeper({
    ledger,
    clock,
    run: (name, args) => write('system', name, args),
    log: (text, details) => log.error(text, details),
  });
  const signIns = createSignIns({
    clock,
    random,
    http,
    redirects: options.ports.redirects ?? null,
    log,
    onSettled: ({ by, platform, outcome }) => {
      emit({ type: 'data_changed', topics: ['connections'] });
      // Giving up is no event: nothing came of it anywhere.
      if (outcome !== 'cancelled') void note(by, outcome === 'signed_in' ? 'signed_in' : 'sign_in_failed', { platform, outcome });
    },
  });
  const tokens = createTokenKeeper({
    clock,
    http,
    vault: secrets,
    takeTurns: createTurns(options.dataDir, clock),
    onFailed: (secretRef, failure) => void note('system', 'sign_in_renewal_failed', { secretRef, ...failure }),
  });
  let threads: Threads | null = null;
  let runner: SyncRunner | null = null;
  let dispatch: Dispatch | null = null;
  let keyWatch: KeyWatch | null = null;
  let schedule: Schedule | null = null;

  const running = (): Threads => {
    if (!threads) throw new Error('The program has not been started.');
    return threads;
  };
  const internal = (actor: string): JobCaller => ({ actor, requestId: 'internal', auditEvent: null });
  const read = <R>(name: string, input: unknown): Promise<R> =>
    running().reader.as<JobTable>(internal('system'))(name, input as never) as Promise<R>;
  const write: ServiceParts['write'] = (actor, name, input, onProgress) =>
    running().writer.as<JobTable>(internal(actor))(
      name,
      input as never,
      onProgress ? { onProgress: (p) => onProgress(p.done, p.total) } : {},
    ) as Promise<never>;
  const audited = (actor: string, event: string, name: string, input: unknown): Promise<unknown> =>
    running().writer.as<JobTable>({ actor, requestId: 'internal', auditEvent: event })(name, input as never);

  const note: ServiceParts['note'] = async (actor, event, details) => {
    try {
      await audited(actor, event, 'audit/note', { subject: 'sign-in', input: details, output: {} });
      emit({ type: 'data_changed', topics: ['audit'] });
    } catch (error) {
      log.error('an event of a sign-in could not be entered in the audit trail', { event, error });
    }
  };

  const inbox = createWebhookInbox({
    endpoint: (connectionId) => read('webhook/endpoint', { connectionId }),
    vault: secrets,
    enter: (delivery) => write('system', 'webhook/receive', delivery),
    start: (id) => runner?.start(id, 'webhook', { acceptShrink: false }) ?? Promise.resolve(),
    emit,
    clock,
    log,
  });
  listeners.add((event) => inbox.hear(event));

  const metrics = createMetrics({
    version: options.version,
    host: options.host,
    figures: () => read('book/figures', {}),
  });
  const operations = createOperationWatch({
    metrics,
    log,
    monotonicMs: clock.monotonicMs,
    platformOf: async (id) => (await facts(id)).platform,
  });
  const inspection = createInspection({
    path: join(options.dataDir, 'book.db'),
    logFolder: join(options.dataDir, LOG_FOLDER),
  });

  const facts = (id: number): Promise<ConnectionFactsRow> => read('connection/facts', { id });

  function assemble(): { runner: SyncRunner; dispatch: Dispatch } {
    const { writer, reader, ingest } = running();
    const syncRunner = createSyncRunner({
      jobsAs: (actor) => watchedJobs(writer.as<SyncJobs>(internal(actor)), actor, operations),
      ingest,
      connection: async (id) => {
        const { platform, baseUrl, settings } = await facts(id);
        return { platform, baseUrl, settings };
      },
      credentials: async (id) => {
        const { secretRef } = await facts(id);
        const found = secretRef === null ? null : await secrets.get(secretRef);
        return found?.ok ? clientSecrets(found.secrets) : null;
      },
      bearer: async (id) => {
        if (!['browser', 'password'].includes((await facts(id)).settings[SIGN_IN_SETTING] ?? '')) return null;
        // Read anew each time: a person may sign in again while a sync is running.
        return async (refused) => {
          const { secretRef, ...now } = await facts(id);
          if (secretRef === null) throw new ConnectorError('unauthorised', 'This connection was disconnected.');
          return tokens.bearer(secretRef, now, refused);
        };
      },
      tolerances: async () => (await read<Output<'settings.get'>>('settings.get', {})).tolerances,
      emit,
      clock,
      log,
    });
    const services = {
      ...createServices({
        read,
        write,
        note,
        runner: syncRunner,
        vault: secrets,
        signIns,
        tokens,
        connectors,
        http,
        clock,
        emit,
        newRef: random.uuid,
        host: options.host,
        version: options.version,
        log,
      }),
      ...createImportServices({ read, newId: random.uuid, clock }),
      ...createSecretServices({ vault: secrets, clock }),
      ...createWebhookServices({ read, vault: secrets, random, clock }),
      ...createLogServices(inspection.log),
      ...createDiagnosticServices({
        collect: inspection.bundle,
        connectors,
        version: options.version,
        host: options.host,
        dataDir: options.dataDir,
        newId: random.uuid,
        clock,
      }),
    };
    const call = (client: Threads['reader']) => (caller: JobCaller, name: string, input: unknown) =>
      client.as<JobTable>(caller)(name, input as never);
    return {
      runner: syncRunner,
      dispatch: createDispatcher({
        services,
        writes: new Set(Object.keys(writes)),
        read: call(reader),
        write: call(writer),
        emit,
        watch: { monotonicMs: clock.monotonicMs, called: createCallWatch({ metrics, log }) },
        log,
      }),
    };
  }

  async function prepareDemo(demo: Demo): Promise<number[]> {
    const keep = async (platform: Platform, found: DemoPlatform) => {
      registerEntered(found, log.registerSecret);
      const ref = random.uuid();
      const { credentials, settings } = await enteredSignIn({ platform, ...found }, { clock, http });
      const { hint } = await secrets.put(ref, credentials, 'clientSecret' in credentials ? 'clientSecret' : 'apiKey');
      return { secret: { ref, hint }, settings: { ...settings, ...DEMO_SETTINGS } };
    };
    return connectDemo(demo, {
      facts: () => read('app/facts', {}),
      add: async (platform, name, found) => {
        const { secret, settings } = await keep(platform, found);
        const connection = {
          platform,
          name,
          baseUrl: found.baseUrl,
          settings,
          secretRef: secret.ref,
          secretHint: secret.hint,
        };
        return ((await audited('system', 'connection_added', 'connection/add', connection)) as { id: number }).id;
      },
      refresh: async (id, platform, found) => {
        await write('system', 'connection/update', { id, baseUrl: found.baseUrl, ...(await keep(platform, found)) });
      },
      openBook: (book, connections) => audited('system', 'opening_book_taken_over', 'book/open', { book, connections }),
      http,
    });
  }

  return {
    metrics,
    receiveWebhook: (connection, message) => inbox.receive(connection, message),
    dispatch: (name, input, context) => {
      if (!dispatch) throw new Error('The program has not been started.');
      registerEntered(input, log.registerSecret);
      return dispatch(name, input, context);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
      threads = await startThreads({
        path: join(options.dataDir, 'book.db'),
        migrationsDir: options.migrationsDir,
        log,
        onDeath: (error) => {
          log.error('a thread of the program died', { error });
          options.onDeath?.(error);
        },
      });
      const assembled = assemble();
      runner = assembled.runner;
      dispatch = assembled.dispatch;
      await write('system', 'reconciliation.failInterrupted', {});
      const fresh = options.demo ? await prepareDemo(options.demo) : [];
      await runner.recover();
      for (const id of fresh) await runner.start(id, 'system', { acceptShrink: false });
      keyWatch = createKeyWatch({
        vault: secrets,
        clock,
        onRenewed: async (output) => {
          await audited('system', 'secrets_key_renewed', 'audit/note', { subject: 'secrets.rotate', input: {}, output });
          emit({ type: 'data_changed', topics: ['settings', 'audit'] });
        },
        log,
      });
      keyWatch.start();
      const syncs = runner;
      schedule = createSchedule({
        run: (name, args) => write('system', name, args),
        startSync: (id) => syncs.start(id, 'Schedule', { acceptShrink: false }),
        onStarted: () => emit({ type: 'data_changed', topics: ['connections', 'operations'] }),
        clock,
        random,
        log,
      });
      schedule.start();
    },
    async stop() {
      await keyWatch?.stop();
      await schedule?.stop();
      signIns.stop();
      await runner?.stop();
      await inspection.close();
      await threads?.close();
      threads = null;
    },
  };
}
