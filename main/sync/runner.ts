import type { AppEvent } from '../../shared/contract/index.ts';
import type { SyncLimits } from '../../shared/contract/sync.ts';
import type { Platform, Tolerances } from '../../shared/model/holding.ts';
import type { ConnectionSettings, Credentials } from '../connectors/connector.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { RunJob } from '../store/job.ts';
import { judgeFailure } from './failure-kind.ts';
import type { SyncJobs } from './jobs.ts';
import type { OutageWatch } from './outage-watch.ts';
import { PassError, type Bearer, type Ingest, type PassReport } from './pass.ts';
import { createProgress, type Progress } from './progress.ts';
import type { AskedBy, OperationStart } from './queue-jobs.ts';
import { createQueuePump } from './queue-pump.ts';

export interface ConnectionFacts {
  readonly platform: Platform;
  readonly baseUrl: string;
  readonly settings: ConnectionSettings;
}

export interface RunnerParts {
  readonly jobsAs: (actor: string) => RunJob<SyncJobs>;
  readonly ingest: Ingest;
  readonly connection: (connectionId: number) => Promise<ConnectionFacts>;
  /** Null when the secret cannot be read: a person must sign in again. */
  readonly credentials: (connectionId: number) => Promise<Credentials | null>;
  /** Null where the connection is not signed in with the browser. */
  readonly bearer: (connectionId: number) => Promise<Bearer | null>;
  readonly tolerances: () => Promise<Tolerances>;
  readonly limits: () => Promise<SyncLimits>;
  readonly outage: Pick<OutageWatch, 'isLost' | 'answered'>;
  readonly emit: (event: AppEvent) => void;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs' | 'sleep'>;
  readonly random: Pick<Random, 'fraction'>;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

interface StartOptions {
  readonly acceptShrink: boolean;
  readonly by: AskedBy;
}

export interface SyncRunner {
  /** Asks for a sync. It begins at once where there is room; else it waits in the queue. Rejects beside one at work. */
  start(connectionId: number, actor: string, options: StartOptions): Promise<number>;
  /** Asks for a sync of each, those at work left out. */
  startAll(connectionIds: readonly number[], actor: string): Promise<number[]>;
  retry(operationId: number, actor: string, options: { acceptShrink: boolean }): Promise<number>;
  /** Stops a running operation at its next page edge, or takes a waiting one out of the queue. False when it does neither. */
  cancel(operationId: number): Promise<boolean>;
  /** Begins what the queue has room for. */
  pump(): Promise<void>;
  /** Takes up what a crash interrupted, and what waited when the program ended. */
  recover(): Promise<void>;
  /** Stops everything at the next page edge, keeping checkpoints, and waits for it. */
  stop(): Promise<void>;
}

const SIGN_IN = 'The stored credentials cannot be read. Enter them again on the Connections screen.';
/** Shorter waits for the budget are over before anybody has read of them. */
const WORTH_SAYING_MS = 2000;

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** Runs sync operations: fetch and stage in the ingest thread, merge in the writer thread, events as it goes. */
export function createSyncRunner(parts: RunnerParts): SyncRunner {
  const { clock, emit, log } = parts;
  const running = new Map<number, Running>();
  let stopping = false;

  const { pump, stop: stopPump } = createQueuePump({
    claim: async () => parts.jobsAs('system')('sync/claim', await parts.limits()),
    begin: (start) => {
      const { operationId } = start;
      const abort = new AbortController();
      // The attempt before is recorded before it has wound up.
      const before = running.get(operationId)?.done ?? Promise.resolve();
      const done = before
        .then(() => perform(start, abort))
        .finally(() => {
          if (running.get(operationId)?.abort === abort) running.delete(operationId);
        });
      running.set(operationId, { abort, done });
      void done.then(pump);
    },
    clock,
    log,
  });

  const changed = (): void =>
    emit({ type: 'data_changed', topics: ['connections', 'operations', 'holdings', 'conflicts', 'audit'] });

  async function perform(start: OperationStart, abort: AbortController): Promise<void> {
    const actor = start.requestedBy;
    const jobs = parts.jobsAs(actor);
    const progress = createProgress(start, clock, emit);
    const { signal } = abort;
    const overdue = limitTime(start, abort);
    try {
      progress.report(start.status === 'staged' ? 'staged' : 'fetching', {});
      if (start.status !== 'staged') await fetchAll(start, signal, progress, overdue.pause);
      progress.report('merging', { waiting: null });
      await jobs(
        'sync/merge',
        { operationId: start.operationId, tolerances: await parts.tolerances() },
        { signal, onProgress: ({ done }) => progress.report('merging', { merged: done }) },
      );
      progress.report('completed', {});
    } catch (error) {
      if (stopping) return; // the checkpoint stands; the next start takes it up
      await failed(start, error, await overdue.passed(), progress);
    } finally {
      overdue.stop();
      changed();
    }
  }

  /** Aborts an operation that has been at work for longer than the limit, earlier attempts included and pauses left out. */
  function limitTime(start: OperationStart, abort: AbortController) {
    const over = new AbortController();
    let minutes: number | null = null;
    let left = -start.spentMs;
    const watching = (async () => {
      const { timeLimitMinutes } = await parts.limits();
      left += timeLimitMinutes * 60_000;
      do {
        over.signal.throwIfAborted();
        const span = Math.max(0, left);
        left = 0;
        await clock.sleep(span, over.signal);
      } while (left > 0);
      minutes = timeLimitMinutes;
      abort.abort();
    })().catch(() => undefined);
    return {
      /** It waits for its request budget, which is not its own work. */
      pause: (ms: number): void => void (left += ms),
      stop: () => over.abort(),
      /** The limit, where it was that which ended the attempt. */
      passed: async (): Promise<number | null> => {
        over.abort();
        await watching;
        return minutes;
      },
    };
  }

  async function fetchAll(
    start: OperationStart,
    signal: AbortSignal,
    progress: Progress,
    pause: (ms: number) => void,
  ): Promise<void> {
    const credentials = await parts.credentials(start.connectionId);
    if (credentials === null) throw new PassError({ kind: 'unauthorised', message: SIGN_IN });
    const facts = await parts.connection(start.connectionId);
    const bearer = await parts.bearer(start.connectionId);
    const pass = (from: OperationStart): Promise<void> =>
      parts.ingest.pass(
        {
          operationId: from.operationId,
          pages: from.pages,
          cursor: from.cursor,
          ...facts,
          credentials,
          signedIn: bearer !== null,
        },
        signal,
        (report) => {
          if ('waitMs' in report) pause(report.waitMs);
          heard(start, report, progress);
        },
        bearer,
      );
    try {
      await pass(start);
    } catch (error) {
      if (!(error instanceof PassError) || error.failure.kind !== 'cursor_expired') throw error;
      await pass(await parts.jobsAs(start.requestedBy)('sync/start-over', { operationId: start.operationId }));
    }
    await parts.outage.answered();
  }

  function heard(start: OperationStart, report: PassReport, progress: Progress): void {
    if (!('waitMs' in report)) return progress.report('fetching', { ...report, waiting: null });
    if (report.waitMs < WORTH_SAYING_MS) return undefined;
    const until = new Date(Date.parse(clock.now()) + report.waitMs).toISOString();
    progress.report('fetching', { waiting: { for: 'budget', until } });
    parts
      .jobsAs(start.requestedBy)('sync/waiting', { operationId: start.operationId, until })
      .catch((error: unknown) => log.error('that a sync waits could not be noted', { error, ...start }));
    return undefined;
  }

  async function failed(start: OperationStart, error: unknown, overdue: number | null, progress: Progress): Promise<void> {
    const { operationId, connectionId } = start;
    let judged = judgeFailure(error);
    if (overdue !== null && judged.code === 'cancelled')
      judged = {
        code: 'timed_out',
        kind: 'timed_out',
        message: `The sync was at work for ${overdue} minutes, which is the limit, and was stopped. Retry goes on from where it stopped.`,
        retryAfterMs: null,
      };
    if (judged.code === 'internal') log.error('sync failed', { operationId, error });
    try {
      if (judged.kind === 'passing' && (await parts.outage.isLost((await parts.connection(connectionId)).baseUrl)))
        judged = { ...judged, kind: 'offline' };
      const outcome = await parts.jobsAs(start.requestedBy)('sync/settle', {
        operationId,
        ...judged,
        fraction: parts.random.fraction(),
        breakerAfter: (await parts.limits()).breakerAfter,
      });
      progress.report(outcome, { waiting: null });
    } catch (second) {
      log.error('a failed sync could not be recorded', { operationId, error: second });
    }
  }

  return {
    pump,
    async start(connectionId, actor, options) {
      const operationId = await parts.jobsAs(actor)('sync/enqueue', { connectionId, ...options });
      await pump();
      return operationId;
    },
    async startAll(connectionIds, actor) {
      const operationIds = await parts.jobsAs(actor)('sync/enqueue-all', { connectionIds });
      await pump();
      return operationIds;
    },
    async retry(operationId, actor, { acceptShrink }) {
      await parts.jobsAs(actor)('sync/resume', { operationId, acceptShrink });
      await pump();
      return operationId;
    },
    async cancel(operationId) {
      if (await parts.jobsAs('system')('sync/cancel-queued', { operationId })) {
        changed();
        return true;
      }
      const operation = running.get(operationId);
      operation?.abort.abort();
      return operation !== undefined;
    },
    async recover() {
      await parts.jobsAs('system')('sync/recover', undefined);
      await pump();
    },
    async stop() {
      stopping = true;
      await stopPump();
      for (const { abort } of running.values()) abort.abort();
      await Promise.allSettled([...running.values()].map((operation) => operation.done));
    },
  };
}
