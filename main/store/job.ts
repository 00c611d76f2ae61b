import type { Instant } from '../../shared/model/date.ts';
import type { ReadDb, WritableDb } from './handles.ts';

/** Who asked, and the tools a job may use beside the database. */
export interface JobContext {
  readonly actor: string;
  readonly requestId: string;
  /** Now, from the clock port of the thread the job runs on. */
  now(): Instant;
  /** A fresh random id (UUID). */
  uuid(): string;
  /** Reports progress of a long job to whoever waits for it. Cheap; may be called often. */
  progress(report: JobProgress): void;
  /** True once the caller has asked to stop: a long job throws `cancelled` at its next edge. */
  cancelled(): boolean;
}

export interface JobProgress {
  readonly done: number;
  readonly total: number | null;
}

/** Runs on the writer thread inside one transaction: all of it happens or none. It is synchronous; failure is a throw. */
export type WriteJob<A, R> = (db: WritableDb, args: A, context: JobContext) => R;
/** Runs on the reader thread against one consistent snapshot. */
export type ReadJob<A, R> = (db: ReadDb, args: A, context: JobContext) => R;

export type JobTable = Readonly<Record<string, WriteJob<never, unknown>>>;
/** Calls a job of a table by name on the thread that owns the database. */
export type RunJob<T extends JobTable> = <N extends keyof T & string>(
  name: N,
  args: Parameters<T[N]>[1],
  options?: { readonly signal?: AbortSignal; readonly onProgress?: (report: JobProgress) => void },
) => Promise<Awaited<ReturnType<T[N]>>>;
