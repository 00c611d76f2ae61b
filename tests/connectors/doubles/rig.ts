import { afterEach } from 'vitest';
import type { Connector, ConnectorContext, SourcePage } from '../../../main/connectors/connector.ts';
import { ConnectorError } from '../../../main/connectors/connector.ts';
import type { ConnectorPorts } from '../../../main/connectors/platform-client.ts';
import { createNodeHttp } from '../../../main/ports/http-node.ts';
import { calendarDate, type Instant } from '../../../shared/model/date.ts';
import { startHttpDouble, type HttpDouble, type Reply, type Seen } from './http-double.ts';

export interface Rig {
  readonly double: HttpDouble;
  readonly context: ConnectorContext;
  readonly ports: ConnectorPorts;
  /** Waits that were asked for, in milliseconds; they pass at once on the rig's clock. */
  readonly slept: number[];
  readonly logged: string[];
  readonly stop: AbortController;
  /** Lets time pass on the rig's clock. */
  pass(ms: number): void;
}

const open: Rig[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((rig) => rig.double.close()));
});

/** A connector's surroundings: a real HTTP client, a double of the platform, a clock that jumps instead of waiting. */
export async function startRig(
  handle: (seen: Seen) => Reply | Promise<Reply>,
  given: {
    readonly basePath?: string;
    readonly credentials: Readonly<Record<string, string>>;
    readonly settings?: (url: string) => Readonly<Record<string, string>>;
  },
): Promise<Rig> {
  const double = await startHttpDouble(handle);
  const slept: number[] = [];
  const logged: string[] = [];
  const stop = new AbortController();
  let now = 1_000_000;
  const rig: Rig = {
    double,
    slept,
    logged,
    stop,
    pass: (ms) => {
      now += ms;
    },
    ports: {
      clock: { monotonicMs: () => now, now: () => '2025-07-01T08:00:00.000Z' as Instant },
      random: { fraction: () => 0.5 },
    },
    context: {
      baseUrl: `${double.url}${given.basePath ?? ''}`,
      settings: given.settings?.(double.url) ?? {},
      credentials: given.credentials,
      http: createNodeHttp({ totalTimeoutMs: 5000 }),
      signal: stop.signal,
      today: calendarDate('2025-07-01'),
      sleep: async (ms) => {
        stop.signal.throwIfAborted();
        slept.push(ms);
        now += ms;
      },
      log: (message, details) => logged.push(`${message} ${JSON.stringify(details ?? {})}`),
    },
  };
  open.push(rig);
  return rig;
}

export async function pullAll(
  connector: Connector,
  context: ConnectorContext,
  cursor: string | null = null,
): Promise<SourcePage[]> {
  const pages: SourcePage[] = [];
  for await (const page of connector.pull(context, cursor)) pages.push(page);
  return pages;
}

export const everything = (pages: readonly SourcePage[]) => ({
  accounts: pages.flatMap((page) => page.accounts),
  securities: pages.flatMap((page) => page.securities),
  holdings: pages.flatMap((page) => page.holdings),
  quarantined: pages.flatMap((page) => page.quarantined),
});

/** The ConnectorError an action ends with. */
export async function failureOf(action: Promise<unknown>): Promise<ConnectorError> {
  const error = await action.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (error instanceof ConnectorError) return error;
  throw new Error('Expected a ConnectorError', { cause: error });
}
