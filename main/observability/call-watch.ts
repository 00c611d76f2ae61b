import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';

/** One call of a procedure, after it. */
export interface WatchedCall {
  readonly procedure: string;
  readonly kind: 'query' | 'command';
  readonly requestId: string;
  readonly userId: string;
  /** `ok` or the code of the error. */
  readonly outcome: string;
  readonly seconds: number;
  /** What was answered; undefined after an error. */
  readonly output: unknown;
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/**
 * Counts every call and writes a line about it: what only looked and was answered is fine-grained, everything else is not.
 * Nothing of what was asked or answered is written but the id of an operation that was started.
 */
export function createCallWatch({ metrics, log }: { readonly metrics: Metrics; readonly log: Pick<Logger, 'debug' | 'info'> }) {
  return ({ procedure, kind, requestId, userId, outcome, seconds, output }: WatchedCall): void => {
    metrics.called({ procedure, outcome, seconds });
    const settled = member(output, 'settled');
    if (procedure.startsWith('conflicts.') && kind === 'command' && typeof settled === 'number')
      metrics.conflictsSettled(settled);
    const operationId = member(output, 'operationId');
    const details = {
      requestId,
      userId,
      outcome,
      ms: Math.round(seconds * 1000),
      ...(typeof operationId === 'string' ? { operationId } : {}),
    };
    const message = outcome === 'ok' ? `${procedure} was answered` : `${procedure} was refused`;
    if (outcome === 'ok' && kind === 'query') log.debug(message, details);
    else log.info(message, details);
  };
}
