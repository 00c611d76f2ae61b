import type { RunJob } from '../store/job.ts';
import type { SyncJobs } from './jobs.ts';
import type { OperationCounts } from './merge.ts';
import type { OperationStart } from './queue-jobs.ts';

/** Told of each sync attempt once the book knows of it. */
export interface SyncWatch {
  began(operation: {
    readonly operationId: number;
    readonly connectionId: number;
    readonly by: string;
    readonly resumed: boolean;
  }): void;
  startedOver(operationId: number): void;
  ended(operation: {
    readonly operationId: number;
    readonly outcome: string;
    readonly reason: string | null;
    readonly counts: Readonly<Record<string, number>> | null;
  }): void;
}

type Told<N extends keyof SyncJobs> = (args: Parameters<SyncJobs[N]>[1], result: ReturnType<SyncJobs[N]>) => void;

/** The jobs of the sync engine, with the watch told of every beginning and end. */
export function watchedJobs(run: RunJob<SyncJobs>, watch: SyncWatch): RunJob<SyncJobs> {
  const began = ({ operationId, connectionId, requestedBy, pages }: OperationStart): void =>
    watch.began({ operationId, connectionId, by: requestedBy, resumed: pages > 0 });
  const tell: { readonly [N in keyof SyncJobs]?: Told<N> } = {
    'sync/begin': (_args, start) => began(start),
    'sync/claim': (_args, { starts }) => starts.forEach(began),
    'sync/start-over': ({ operationId }) => watch.startedOver(operationId),
    'sync/merge': ({ operationId }, counts: OperationCounts) =>
      watch.ended({ operationId, outcome: 'completed', reason: null, counts: { ...counts } }),
    'sync/settle': ({ operationId, code, message }) => watch.ended({ operationId, outcome: code, reason: message, counts: null }),
    'sync/fail': ({ operationId, code, message }) => watch.ended({ operationId, outcome: code, reason: message, counts: null }),
  };
  return (name, args, options) =>
    run(name, args, options).then((result) => {
      const told = tell[name] as ((args: unknown, result: unknown) => void) | undefined;
      told?.(args, result);
      return result;
    });
}
