import type { MessagePort } from 'node:worker_threads';
import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import type { JobProgress, RunJob, JobTable } from './job.ts';

/** Who a job runs for; travels with every call. */
export interface JobCaller {
  readonly actor: string;
  readonly requestId: string;
  /** Written to the audit trail in the job's own transaction; null for what the contract exempts. */
  readonly auditEvent: string | null;
}

interface CallMessage {
  readonly id: number;
  readonly name: string;
  readonly args: unknown;
  readonly caller: JobCaller;
  /** One shared byte: non-zero means stop at the next edge. Readable while the thread is inside a synchronous job. */
  readonly stop: SharedArrayBuffer;
}
type ReplyMessage =
  | { readonly id: number; readonly progress: JobProgress }
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: JobFailure };

interface JobFailure {
  readonly code: ErrorCode | null;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly stack?: string;
}

/** One end of a channel between two threads, as far as jobs need it. */
export type JobPort = Pick<MessagePort, 'postMessage' | 'on'>;

/** What the serving side needs to run one call. */
export interface JobCall {
  readonly name: string;
  readonly args: unknown;
  readonly caller: JobCaller;
  readonly cancelled: () => boolean;
  readonly progress: (report: JobProgress) => void;
}

const toFailure = (error: unknown): JobFailure =>
  error instanceof AppError
    ? { code: error.code, message: error.message, ...(error.details ? { details: error.details } : {}) }
    : error instanceof Error
      ? { code: null, message: error.message, ...(error.stack ? { stack: error.stack } : {}) }
      : { code: null, message: String(error) };

function fromFailure(failure: JobFailure): Error {
  if (failure.code !== null)
    return new AppError(failure.code, failure.message, failure.details ? { details: failure.details } : {});
  const error = new Error(failure.message);
  if (failure.stack !== undefined) error.stack = failure.stack;
  return error;
}

/** Answers job calls that arrive on a port, one after another. `run` decides what a name means; its throw is the answer. */
export function serveJobs(port: JobPort, run: (call: JobCall) => unknown): void {
  port.on('message', (message: CallMessage) => {
    const flag = new Int32Array(message.stop);
    const reply = (answer: ReplyMessage): void => port.postMessage(answer);
    try {
      const result = run({
        name: message.name,
        args: message.args,
        caller: message.caller,
        cancelled: () => Atomics.load(flag, 0) !== 0,
        progress: (report) => reply({ id: message.id, progress: report }),
      });
      reply({ id: message.id, ok: true, result });
    } catch (error) {
      reply({ id: message.id, ok: false, error: toFailure(error) });
    }
  });
}

/** The calling side of a job port. */
export interface JobClient {
  /** The jobs as seen by one caller. */
  as<T extends JobTable>(caller: JobCaller): RunJob<T>;
  /** Rejects every waiting and every later call, for when the thread has died. */
  fail(error: Error): void;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((report: JobProgress) => void) | undefined;
}

/** Calls jobs over a port. A call that is aborted stops at the job's next edge and rejects with what the job threw. */
export function createJobClient(port: JobPort): JobClient {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let dead: Error | null = null;
  port.on('message', (message: ReplyMessage) => {
    const call = waiting.get(message.id);
    if (!call) return;
    if ('progress' in message) return call.onProgress?.(message.progress);
    waiting.delete(message.id);
    if (message.ok) call.resolve(message.result);
    else call.reject(fromFailure(message.error));
  });

  const send = (
    caller: JobCaller,
    name: string,
    args: unknown,
    options: { signal?: AbortSignal; onProgress?: (report: JobProgress) => void } = {},
  ): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (dead) throw dead;
      const id = nextId++;
      const stop = new SharedArrayBuffer(4);
      const abort = (): void => void Atomics.store(new Int32Array(stop), 0, 1);
      if (options.signal?.aborted) abort();
      options.signal?.addEventListener('abort', abort, { once: true });
      const settle =
        <V>(then: (value: V) => void) =>
        (value: V): void => {
          options.signal?.removeEventListener('abort', abort);
          then(value);
        };
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject), onProgress: options.onProgress });
      port.postMessage({ id, name, args, caller, stop } satisfies CallMessage);
    });

  return {
    as: <T extends JobTable>(caller: JobCaller) =>
      ((name: string, args: unknown, options?: object) => send(caller, name, args, options)) as unknown as RunJob<T>,
    fail(error) {
      dead = error;
      for (const call of waiting.values()) call.reject(error);
      waiting.clear();
    },
  };
}
