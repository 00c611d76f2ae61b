import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import type { AppEvent } from '../../shared/contract/index.ts';
import type { Tolerances } from '../../shared/model/holding.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConnectionSettings, ConnectorErrorKind, Credentials } from '../connectors/connector.ts';
import type { Platform } from '../../shared/model/holding.ts';
import type { RunJob } from '../store/job.ts';
import type { IngestProgress } from './ingest.ts';
import type { OperationStart, SyncJobs } from './jobs.ts';

/** How a pass ended in the ingest thread. */
export type PassFailure = { readonly kind: ConnectorErrorKind | ErrorCode | 'internal'; readonly message: string };

/** A pass as the ingest thread runs it. */
export interface PassRequest {
  readonly operationId: number;
  readonly pages: number;
  readonly cursor: string | null;
  readonly platform: Platform;
  readonly baseUrl: string;
  readonly settings: ConnectionSettings;
  readonly credentials: Credentials;
  /** Whether the pass asks for access tokens as it goes, because a person signed in with the browser. */
  readonly signedIn: boolean;
}

/** Answers a live access token of a browser sign-in; see ConnectorContext. */
export type Bearer = (refused: string | null) => Promise<string>;

export interface Ingest {
  /** Resolves when the pass is staged; rejects with a PassError. */
  pass(
    request: PassRequest,
    signal: AbortSignal,
    onProgress: (progress: IngestProgress) => void,
    bearer: Bearer | null,
  ): Promise<void>;
}

export class PassError extends Error {
  override readonly name = 'PassError';
  readonly failure: PassFailure;
  constructor(failure: PassFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

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
  readonly emit: (event: AppEvent) => void;
  readonly clock: Clock;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

export interface SyncRunner {
  start(connectionId: number, actor: string, options: { acceptShrink: boolean }): Promise<number>;
  retry(operationId: number, actor: string, options: { acceptShrink: boolean }): Promise<number>;
  /** Asks a running operation to stop at its next page edge. False when it is not running here. */
  cancel(operationId: number): boolean;
  /** Takes up what a crash interrupted. */
  recover(): Promise<void>;
  /** Stops everything at the next page edge, keeping checkpoints, and waits for it. */
  stop(): Promise<void>;
}

const OUTCOMES: Readonly<Partial<Record<PassFailure['kind'], ErrorCode>>> = {
  unauthorised: 'needs_sign_in',
  forbidden: 'platform_refused',
  rate_limited: 'platform_unreachable',
  unavailable: 'platform_unreachable',
  bad_response: 'platform_refused',
  aborted: 'cancelled',
  cancelled: 'cancelled',
  suspicious_shrink: 'suspicious_shrink',
  other_firm: 'other_firm',
  storage_full: 'storage_full',
};

const EVENT_EVERY_MS = 200;
const SIGN_IN = 'The stored credentials cannot be read. Enter them again on the Connections screen.';

/** Runs sync operations: fetch and stage in the ingest thread, merge in the writer thread, events as it goes. */
export function createSyncRunner(parts: RunnerParts): SyncRunner {
  const running = new Map<number, { abort: AbortController; done: Promise<void> }>();
  let stopping = false;

  function run(start: OperationStart, actor: string): void {
    const abort = new AbortController();
    const done = perform(start, actor, abort.signal).finally(() => running.delete(start.operationId));
    running.set(start.operationId, { abort, done });
  }

  async function perform(start: OperationStart, actor: string, signal: AbortSignal): Promise<void> {
    const jobs = parts.jobsAs(actor);
    const progress = createProgress(start, parts);
    try {
      progress.report(start.status === 'staged' ? 'staged' : 'fetching', {});
      if (start.status !== 'staged') await fetchAll(start, actor, signal, progress);
      progress.report('merging', {});
      await jobs(
        'sync/merge',
        { operationId: start.operationId, tolerances: await parts.tolerances() },
        {
          signal,
          onProgress: ({ done }) => progress.report('merging', { merged: done }),
        },
      );
      progress.report('completed', {});
    } catch (error) {
      if (stopping) return; // the checkpoint stands; the next start takes it up
      await failed(start, actor, error);
    } finally {
      parts.emit({ type: 'data_changed', topics: ['connections', 'operations', 'holdings', 'conflicts', 'audit'] });
    }
  }

  async function fetchAll(start: OperationStart, actor: string, signal: AbortSignal, progress: Progress): Promise<void> {
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
        (p) => progress.report('fetching', p),
        bearer,
      );
    try {
      await pass(start);
    } catch (error) {
      if (!(error instanceof PassError) || error.failure.kind !== 'cursor_expired') throw error;
      await pass(await parts.jobsAs(actor)('sync/start-over', { operationId: start.operationId }));
    }
  }

  async function failed(start: OperationStart, actor: string, error: unknown): Promise<void> {
    const kind = error instanceof PassError ? error.failure.kind : error instanceof AppError ? error.code : 'internal';
    const code = OUTCOMES[kind] ?? 'internal';
    const message =
      code === 'internal'
        ? 'The sync stopped because of an unexpected error. The log has the details.'
        : (error as Error).message;
    if (code === 'internal') parts.log.error('sync failed', { operationId: start.operationId, error });
    try {
      await parts.jobsAs(actor)('sync/fail', {
        operationId: start.operationId,
        code,
        message,
        needsSignIn: code === 'needs_sign_in',
      });
    } catch (second) {
      parts.log.error('a failed sync could not be recorded', { operationId: start.operationId, error: second });
    }
  }

  return {
    async start(connectionId, actor, { acceptShrink }) {
      const begun = await parts.jobsAs(actor)('sync/begin', { connectionId, kind: 'sync', acceptShrink });
      run(begun, actor);
      return begun.operationId;
    },
    async retry(operationId, actor, { acceptShrink }) {
      const begun = await parts.jobsAs(actor)('sync/resume', { operationId, acceptShrink });
      // The failed attempt is recorded before it has wound up.
      await running.get(operationId)?.done;
      run(begun, actor);
      return begun.operationId;
    },
    cancel(operationId) {
      const operation = running.get(operationId);
      operation?.abort.abort();
      return operation !== undefined;
    },
    async recover() {
      for (const start of await parts.jobsAs('system')('sync/recover', undefined)) run(start, 'system');
    },
    async stop() {
      stopping = true;
      for (const { abort } of running.values()) abort.abort();
      await Promise.allSettled([...running.values()].map((operation) => operation.done));
    },
  };
}

type Status = Extract<AppEvent, { type: 'sync_progressed' }>['status'];
interface Progress {
  report(status: Status, change: Partial<IngestProgress & { merged: number }>): void;
}

/** Turns progress into events, a few a second at most, with rate and remaining time. */
function createProgress(start: OperationStart, { clock, emit }: RunnerParts): Progress {
  const began = clock.monotonicMs();
  let state: IngestProgress & { merged: number } = { pages: start.pages, records: 0, expected: null, merged: 0 };
  let last = -Infinity;
  let lastStatus: Status | null = null;
  return {
    report(status, change) {
      state = { ...state, ...change };
      const now = clock.monotonicMs();
      if (status === lastStatus && now - last < EVENT_EVERY_MS) return;
      last = now;
      lastStatus = status;
      const seconds = Math.max(0.001, (now - began) / 1000);
      const rate = Math.round(state.records / seconds);
      const left = state.expected === null || rate === 0 ? null : Math.max(0, Math.ceil((state.expected - state.records) / rate));
      emit({
        type: 'sync_progressed',
        operationId: String(start.operationId),
        connectionId: String(start.connectionId),
        status,
        pages: state.pages,
        records: state.records,
        expected: state.expected,
        merged: state.merged,
        recordsPerSecond: rate,
        secondsRemaining: left,
      });
    },
  };
}
