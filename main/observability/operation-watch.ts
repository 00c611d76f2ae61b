import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** One attempt of a sync, at its start. */
export interface BegunOperation {
  readonly operationId: number;
  readonly connectionId: number;
  readonly by: string;
  /** Whether it goes on from a checkpoint. */
  readonly resumed: boolean;
}

export interface EndedOperation {
  readonly operationId: number;
  /** `completed` or the code of the error. */
  readonly outcome: string;
  /** Why it did not complete. */
  readonly reason: string | null;
  /** What the merge did; null when there was none. */
  readonly counts: Readonly<Record<string, number>> | null;
}

export interface OperationWatch {
  began(operation: BegunOperation): void;
  startedOver(operationId: number): void;
  ended(operation: EndedOperation): void;
}

export interface OperationWatchParts {
  readonly metrics: Metrics;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  readonly monotonicMs: () => number;
  /** The platform of a connection; a label of the metrics. */
  readonly platformOf: (connectionId: number) => Promise<string>;
}

interface Running {
  readonly connectionId: number;
  readonly since: number;
  readonly platform: Promise<string>;
}

/** Follows sync attempts from start to end in the log and the metrics. */
export function createOperationWatch({ metrics, log, monotonicMs, platformOf }: OperationWatchParts): OperationWatch {
  const running = new Map<number, Running>();

  return {
    began({ operationId, connectionId, by, resumed }) {
      const platform = platformOf(connectionId).catch(() => 'unknown');
      running.set(operationId, { connectionId, since: monotonicMs(), platform });
      log.info(resumed ? 'A sync goes on from its checkpoint' : 'A sync began', {
        operationId: String(operationId),
        connectionId,
        userId: by,
      });
      void platform.then((name) => metrics.syncBegan(name));
    },
    startedOver(operationId) {
      log.info('A sync begins its reading anew, because the platform forgot where it was', { operationId: String(operationId) });
    },
    ended({ operationId, outcome, reason, counts }) {
      const operation = running.get(operationId);
      if (operation === undefined) return;
      running.delete(operationId);
      const seconds = (monotonicMs() - operation.since) / 1000;
      const details = {
        operationId: String(operationId),
        connectionId: operation.connectionId,
        outcome,
        ms: Math.round(seconds * 1000),
        ...(reason === null ? {} : { reason }),
        ...(counts === null ? {} : { counts }),
      };
      if (outcome === 'completed' || outcome === 'cancelled') log.info(`A sync was ${outcome}`, details);
      else log.warn('A sync failed', details);
      void operation.platform.then((platform) =>
        metrics.syncEnded({
          platform,
          outcome,
          seconds,
          conflictsOpened: counts?.['conflictsOpened'] ?? 0,
          conflictsHealed: counts?.['conflictsHealed'] ?? 0,
        }),
      );
    },
  };
}
