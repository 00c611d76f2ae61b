import type { Clock } from '../ports/clock.ts';
import { HttpFailure, type HttpRequest, type HttpResponse } from '../ports/http.ts';
import type { Random } from '../ports/random.ts';
import { refusal } from './answers.ts';
import { ConnectorError, type ConnectorContext } from './connector.ts';
import { withoutOwnSecrets } from './own-secrets.ts';
import type { RateBudget } from './rate-budget.ts';
import type { RequestLedger } from './request-ledger.ts';

/** What connectors need of the machine beside their context. */
export interface ConnectorPorts {
  readonly clock: Pick<Clock, 'monotonicMs' | 'now'>;
  readonly random: Pick<Random, 'fraction'>;
  /** Shared by all connectors of a thread; absent: each counts for itself. */
  readonly requests?: RequestLedger;
}

export interface PlatformClientOptions {
  /** Name of the platform as people know it, for messages. */
  readonly platform: string;
  readonly context: ConnectorContext;
  readonly ports: ConnectorPorts;
  readonly budget: RateBudget;
  readonly budgetKey: string;
  /** Longest wait for the connection's own budget; beyond it the pass stops as rate limited. */
  readonly maxBudgetWaitMs: number;
}

export interface PlatformRequest extends HttpRequest {
  /** Completes "the platform refused to ...". */
  readonly doing: string;
}

export interface PlatformClient {
  /**
   * Sends within the rate budget and repeats what failed for a passing reason, at most three times. Resolves with any
   * other answer; throws a ConnectorError of kind unavailable, rate_limited, bad_response (too large, no HTTP) or aborted.
   */
  send(request: PlatformRequest): Promise<HttpResponse>;
  /** Waits; throws an aborted ConnectorError when the pass is stopped. */
  wait(ms: number): Promise<void>;
}

const MAX_RETRIES = 3;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
/** A platform that asks for a longer pause ends the pass; it resumes from its cursor. */
const MAX_ASKED_WAIT_MS = 60_000;
const PASSING_FAILURES: ReadonlySet<HttpFailure['kind']> = new Set(['timeout', 'network']);
const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504]);

/** Addepar names its own header; the standard one may hold seconds or a date, which is read against the answer's own date. */
function askedWaitMs(response: HttpResponse, now: string): number | null {
  const text = (response.headers['x-ratelimit-retry-after'] ?? response.headers['retry-after'] ?? '').trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const at = Date.parse(text);
  if (Number.isNaN(at)) return null;
  const from = Date.parse(response.headers['date'] ?? '');
  return Math.max(0, at - (Number.isNaN(from) ? Date.parse(now) : from));
}

const stopped = (cause: unknown): ConnectorError => new ConnectorError('aborted', 'The sync was stopped.', { cause });

export function createPlatformClient(options: PlatformClientOptions): PlatformClient {
  const { platform, context, ports, budget, budgetKey } = options;

  const wait = async (ms: number): Promise<void> => {
    try {
      await context.sleep(ms);
    } catch (cause) {
      throw stopped(cause);
    }
  };

  const spend = async (): Promise<void> => {
    for (;;) {
      const ms = budget.take(budgetKey);
      if (ms === 0) return;
      if (ms > options.maxBudgetWaitMs) {
        throw new ConnectorError(
          'rate_limited',
          `The request budget for ${platform} is used up. The sync goes on later from where it stopped.`,
          { retryAfterMs: ms, ownBudget: true },
        );
      }
      context.log(`Waiting for the request budget of ${platform}`, { ms });
      context.waiting?.(ms);
      await wait(ms);
    }
  };

  const failureOf = (failure: HttpFailure): ConnectorError => {
    if (failure.kind === 'aborted') return stopped(failure);
    if (failure.kind === 'too_large') {
      const advice = 'Nothing of it was used. Set a smaller page size, or fewer days of transactions, in this connection.';
      return new ConnectorError('bad_response', `${failure.message} ${advice}`, { cause: failure });
    }
    if (failure.kind === 'untrusted') {
      const advice =
        'Nothing was sent. A proxy or virus scanner on the way may read along: ask your network administrator, and check the base URL.';
      return new ConnectorError('unavailable', `${failure.message} ${advice}`, { cause: failure });
    }
    if (failure.kind === 'unreadable')
      return new ConnectorError('bad_response', `${failure.message} Check the base URL of this connection and the network.`, {
        cause: failure,
      });
    const advice = 'Check the network and the base URL, or try again later.';
    return new ConnectorError('unavailable', `${platform} could not be reached. ${failure.message} ${advice}`, {
      cause: failure,
    });
  };

  const attempt = async ({ doing, ...request }: PlatformRequest): Promise<HttpResponse | ConnectorError> => {
    let response: HttpResponse;
    try {
      response = withoutOwnSecrets(await context.http.send({ signal: context.signal, ...request }), request, context.credentials);
    } catch (cause) {
      if (!(cause instanceof HttpFailure)) throw cause;
      const error = failureOf(cause);
      if (!PASSING_FAILURES.has(cause.kind)) throw error;
      return error;
    }
    if (!PASSING_STATUS.has(response.status)) return response;
    const error = refusal(platform, response, doing);
    const retryAfterMs = askedWaitMs(response, ports.clock.now());
    const kind = response.status === 408 ? 'unavailable' : error.kind;
    return new ConnectorError(kind, error.message, {
      ...(retryAfterMs === null ? {} : { retryAfterMs }),
      ...(error.correlationId === null ? {} : { correlationId: error.correlationId }),
    });
  };

  return {
    wait,
    send: async (request) => {
      for (let retries = 0; ; retries += 1) {
        await spend();
        const outcome = await attempt(request);
        if (!(outcome instanceof ConnectorError)) return outcome;
        const asked = outcome.retryAfterMs ?? 0;
        if (retries === MAX_RETRIES || asked > MAX_ASKED_WAIT_MS) throw outcome;
        const ms = Math.max(asked, Math.round(ports.random.fraction() * Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** retries)));
        context.log(`${platform} failed for a passing reason; trying again`, {
          kind: outcome.kind,
          ms,
          correlationId: outcome.correlationId,
        });
        await wait(ms);
      }
    },
  };
}
