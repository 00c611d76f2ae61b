import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError, type AppEvent, type Output } from '../shared/contract/index.ts';
import type { Notice } from './alerts/evaluate.ts';
import { createAlertDestinationServices } from './api/alert-destination-services.ts';
import { createAlertSender } from './api/alert-sender.ts';
import { startAlerting, type Alerting } from './api/alerting.ts';
import type { Demo } from './api/demo.ts';
import { prepareDemo } from './api/prepare-demo.ts';
import { createDispatcher, type Dispatch } from './api/dispatcher.ts';
import { createBackupServices, createBackupWatch, type BackupParts, type BackupWatch } from './api/backup-services.ts';
import { createDiagnosticServices } from './api/diagnostic-services.ts';
import { createImportServices } from './api/import-services.ts';
import { createLogServices } from './api/log-services.ts';
import type { ConnectionFactsRow } from './api/connection-reads.ts';
import { createAuditAnchors, createAuditServices } from './api/audit-anchors.ts';
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
import { createReach } from './sync/reach.ts';
import { createOutageWatch, type OutageWatch } from './sync/outage-watch.ts';
import type { Clock } from './ports/clock.ts';
import { createDataFolderState, type DataFolderState } from './ports/data-folder-state.ts';
import type { HttpClient } from './ports/http.ts';
import type { Network } from './ports/network.ts';
import type { Random } from './ports/random.ts';
import type { LineFile } from './ports/line-file.ts';
import type { SchemeRedirects } from './ports/scheme-redirects.ts';
import { createTurns } from './ports/turns.ts';
import { bookPath } from './store/backup-folder.ts';
import { chooseBackup, finishRestore, newestGoodBackup } from './store/restore.ts';
import type { JobTable } from './store/job.ts';
import type { JobCaller } from './store/job-thread.ts';
import { SIGN_IN_SETTING } from './sign-in/entered-sign-in.ts';
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

export type { Notice } from './alerts/evaluate.ts';

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
    /** Absent where the system is not asked whether there is a network. */
    readonly network?: Network;
    /** Absent in a host that the system cannot hand addresses to. */
    readonly redirects?: SchemeRedirects;
    /** Where the head of the audit trail is noted outside the book; absent: nowhere. */
    readonly anchors?: LineFile;
    /** What the disk says of the data folder; absent: it is asked. */
    readonly folder?: DataFolderState;
    /** Tells the person at this machine of new alerts. Absent in a host that nobody sits in front of. */
    readonly notify?: (notices: readonly Notice[]) => void;
  };
  /** A backup to put in the place of the book before it is opened: the name of one, or `newest` for the newest that is sound. */
  readonly restoreBackup?: string;
  /** Sandbox platforms to connect in an empty book. */
  readonly demo?: Demo;
  /** How the threads are started; absent: as worker threads. The simulation runs them in one, in an order of its own. */
  readonly startThreads?: typeof startThreads;
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

const EVERYTHING = [
  'connections',
  'operations',
  'holdings',
  'conflicts',
  'batches',
  'reconciliation',
  'imports',
  'audit',
  'settings',
] as const;

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
  const anchors = createAuditAnchors({
    file: options.ports.anchors ?? null,
    read: (name, input) => read(name, input),
    clock,
    log,
  });
  let outage: OutageWatch | null = null;
  let backupWatch: BackupWatch | null = null;
  let restoring = false;
  let alerting: Alerting | null = null;

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

  const backups: BackupParts = {
    dataDir: options.dataDir,
    take: (target) => running().backup({ take: { book: bookPath(options.dataDir), target } }),
    restore,
    clock,
  };

  const inbox = createWebhookInbox({
    endpoint: (connectionId) => read('webhook/endpoint', { connectionId }),
    vault: secrets,
    enter: (delivery) => write('system', 'webhook/receive', delivery),
    start: (id) => runner?.start(id, 'webhook', { acceptShrink: false, by: 'message' }) ?? Promise.resolve(),
    emit,
    clock,
    log,
  });
  listeners.add((event) => {
    inbox.hear(event);
    alerting?.hear(event);
  });

  const sendAlert = createAlertSender({ vault: secrets, http, clock, version: options.version });

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
    path: bookPath(options.dataDir),
    logFolder: join(options.dataDir, LOG_FOLDER),
  });

  const facts = (id: number): Promise<ConnectionFactsRow> => read('connection/facts', { id });

  const watchNetwork = (): OutageWatch =>
    createOutageWatch({
      run: (name, args) => write('system', name, args),
      reaches: createReach(http, clock),
      systemOnline: () => options.ports.network?.online() ?? true,
      clock,
      onChange: () => {
        emit({ type: 'data_changed', topics: ['connections', 'operations'] });
        void runner?.pump();
      },
      log,
    });

  function assemble(network: OutageWatch): { runner: SyncRunner; dispatch: Dispatch } {
    const { writer, ingest } = running();
    const syncRunner = createSyncRunner({
      jobsAs: (actor) => watchedJobs(writer.as<SyncJobs>(internal(actor)), operations),
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
      limits: () => read('sync.limits', {}),
      outage: network,
      emit,
      clock,
      random,
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
      ...createAuditServices(anchors),
      ...createBackupServices(backups),
      ...createAlertDestinationServices({ read, vault: secrets, random, clock, send: sendAlert }),
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
    // Asked for anew each time: a restore starts other threads while the call that asked for it is under way.
    const call = (thread: 'reader' | 'writer') => (caller: JobCaller, name: string, input: unknown) =>
      running()[thread].as<JobTable>(caller)(name, input as never);
    return {
      runner: syncRunner,
      dispatch: createDispatcher({
        services,
        writes: new Set(Object.keys(writes)),
        read: call('reader'),
        write: call('writer'),
        emit,
        watch: { monotonicMs: clock.monotonicMs, called: createCallWatch({ metrics, log }) },
        log,
      }),
    };
  }

  /** Opens the book and everything that works on it; `demo` is what is to be connected in an empty one. */
  async function open(demo: Demo | undefined): Promise<void> {
    threads = await (options.startThreads ?? startThreads)({
      path: bookPath(options.dataDir),
      migrationsDir: options.migrationsDir,
      log,
      onDeath: (error) => {
        log.error('a thread of the program died', { error });
        options.onDeath?.(error);
      },
    }).catch((error: unknown) => {
      throw withOffer(error);
    });
    outage = watchNetwork();
    const assembled = assemble(outage);
    runner = assembled.runner;
    await write('system', 'reconciliation.failInterrupted', {});
    const fresh = demo
      ? await prepareDemo(demo, { read, write, audited, vault: secrets, random, clock, http, registerSecret: log.registerSecret })
      : [];
    dispatch = assembled.dispatch;
    await outage.start();
    await runner.recover();
    for (const id of fresh) await runner.start(id, 'system', { acceptShrink: false, by: 'schedule' });
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
    anchors.start();
    const syncs = runner;
    schedule = createSchedule({
      run: (name, args) => write('Schedule', name, args),
      onQueued: async () => {
        await syncs.pump();
        emit({ type: 'data_changed', topics: ['connections', 'operations'] });
      },
      clock,
      random,
      log,
    });
    schedule.start();
    alerting = startAlerting({
      read,
      write: (name, input) => write('system', name, input),
      send: sendAlert,
      vault: secrets,
      connectors,
      folder: options.ports.folder ?? createDataFolderState(options.dataDir),
      notify: options.ports.notify ?? (() => undefined),
      emit,
      clock,
      random,
      log,
    });
    backupWatch = createBackupWatch({
      ...backups,
      onTaken: async (name) => {
        await audited('system', 'backup_taken', 'audit/note', { subject: 'backups.create', input: {}, output: { name } });
        emit({ type: 'data_changed', topics: ['settings', 'audit'] });
      },
      log,
    });
    backupWatch.start();
  }

  /** Closes what `open` opened; syncs stop at their next page edge and keep their checkpoints. */
  async function close(): Promise<void> {
    dispatch = null;
    await backupWatch?.stop();
    await keyWatch?.stop();
    await schedule?.stop();
    await alerting?.stop();
    alerting = null;
    await outage?.stop();
    await runner?.stop();
    if (threads) await anchors.stop();
    await threads?.close();
    threads = null;
  }

  /** A book that is damaged is not opened; what can be done about it belongs into the same sentence. */
  function withOffer(error: unknown): unknown {
    if (!(error instanceof Error) || error.name !== 'BookDamaged') return error;
    const backup = newestGoodBackup(options.dataDir, options.migrationsDir);
    const offer =
      backup === null
        ? 'There is no backup that could take its place.'
        : `The newest good backup is of ${backup.takenAt}: start with --restore-backup ${backup.name} to set the damaged book aside and go on from there. What the platforms say is read again by the next sync; decisions since then are not in it.`;
    return new Error(`${error.message} ${offer}`, { cause: error });
  }

  async function restore(name: string): Promise<string> {
    if (restoring) throw new AppError('busy', 'Another backup is being restored. Wait for it, then look at the book again.');
    restoring = true;
    try {
      const { dataDir, migrationsDir } = options;
      await running().backup({ choose: { dataDir, migrationsDir, name, at: clock.now() } });
      await close();
      const setAside = finishRestore(dataDir);
      if (setAside === null) throw new Error('A chosen backup vanished before it was put in place.');
      await open(undefined).catch((error: unknown) => {
        // The backup stands in its place, but nobody can work on it: the next start opens it or says why not.
        options.onDeath?.(error instanceof Error ? error : new Error(String(error)));
        throw error;
      });
      await anchors.restored();
      emit({ type: 'data_changed', topics: [...EVERYTHING] });
      return setAside;
    } finally {
      restoring = false;
    }
  }

  /** Puts a backup in place before the book is opened: one that the host names, or one that was chosen before a death. */
  function restoreFirst(): string | null {
    const { dataDir, migrationsDir, restoreBackup } = options;
    if (restoreBackup !== undefined) {
      const name = restoreBackup === 'newest' ? newestGoodBackup(dataDir, migrationsDir)?.name : restoreBackup;
      if (name === undefined) throw new Error('There is no backup that could be restored. Nothing was changed.');
      chooseBackup({ dataDir, migrationsDir, name, at: clock.now() });
    }
    return finishRestore(dataDir);
  }

  return {
    metrics,
    receiveWebhook: (connection, message) => inbox.receive(connection, message),
    dispatch: (name, input, context) => {
      if (!dispatch) return Promise.reject(new AppError('busy', 'The book is being opened. Try again in a moment.', context));
      registerEntered(input, log.registerSecret);
      return dispatch(name, input, context);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
      const setAside = restoreFirst();
      await open(options.demo);
      if (setAside === null) return;
      await anchors.restored();
      await audited('system', 'book_restored', 'audit/note', {
        subject: 'backups.restore',
        input: { name: options.restoreBackup ?? 'chosen before the program ended' },
        output: { setAside },
      });
    },
    async stop() {
      signIns.stop();
      await close();
      await inspection.close();
    },
  };
}
