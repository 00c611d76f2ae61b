import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What a scrape asks the book for. */
export interface BookFigures {
  /** Connections that are read from, by platform; `lastSync` is the one of them that was synced least recently, as UTC text. */
  readonly connections: readonly { readonly platform: string; readonly active: number; readonly lastSync: string | null }[];
  readonly openConflicts: readonly { readonly severity: string; readonly count: number }[];
}

export interface HttpAnswer {
  /** Name of the procedure, or the pattern of another route; never an address. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  /** Null for answers that last as long as somebody listens. */
  readonly seconds: number | null;
}

export interface SyncEnd {
  readonly platform: string;
  readonly outcome: string;
  readonly seconds: number;
  readonly conflictsOpened: number;
  readonly conflictsHealed: number;
}

export interface Metrics {
  answered(answer: HttpAnswer): void;
  called(call: { readonly procedure: string; readonly outcome: string; readonly seconds: number }): void;
  syncBegan(platform: string): void;
  syncEnded(end: SyncEnd): void;
  conflictsSettled(count: number): void;
  /** Everything in the text format of Prometheus. Never rejects: a book that cannot be read is itself a figure. */
  text(): Promise<string>;
  readonly contentType: string;
}

export interface MetricsParts {
  readonly version: string;
  readonly host: string;
  readonly figures: () => Promise<BookFigures>;
}

const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SYNC_SECONDS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];
/** Gauges whose names end as only a counter's may; the gauges with a type of resource say the same. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

const statusClass = (status: number): string => `${Math.floor(status / 100)}xx`;

/** The figures of one running program. docs/monitoring/metrics.md explains each of them. */
export function createMetrics({ version, host, figures }: MetricsParts): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const registers = [registry];

  const build = new Gauge({
    name: 'clearway_build_info',
    help: 'Always 1; the labels say which version of which host runs.',
    labelNames: ['version', 'host'],
    registers,
  });
  build.set({ version, host }, 1);
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests the HTTP door answered.',
    labelNames: ['route', 'method', 'status'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its answer.',
    labelNames: ['route', 'method'],
    buckets: CALL_SECONDS,
    registers,
  });
  const calls = new Counter({
    name: 'procedure_calls_total',
    help: 'Calls of procedures through any door, by outcome: ok or the code of the error.',
    labelNames: ['procedure', 'outcome'],
    registers,
  });
  const callSeconds = new Histogram({
    name: 'procedure_call_duration_seconds',
    help: 'Time a procedure took, from access check to checked output.',
    labelNames: ['procedure'],
    buckets: CALL_SECONDS,
    registers,
  });
  const syncs = new Counter({
    name: 'sync_operations_total',
    help: 'Sync attempts that ended, by outcome: completed, cancelled or the code of the error.',
    labelNames: ['platform', 'outcome'],
    registers,
  });
  const syncSeconds = new Histogram({
    name: 'sync_operation_duration_seconds',
    help: 'Time of a sync attempt from its start to its end.',
    labelNames: ['platform', 'outcome'],
    buckets: SYNC_SECONDS,
    registers,
  });
  const running = new Gauge({
    name: 'sync_operations_running',
    help: 'Sync attempts at work.',
    labelNames: ['platform'],
    registers,
  });
  const conflicts = new Counter({
    name: 'conflicts_total',
    help: 'Conflicts opened and healed by syncs and settled by decisions.',
    labelNames: ['change'],
    registers,
  });
  for (const change of ['opened', 'healed', 'settled']) conflicts.inc({ change }, 0);
  const readable = new Gauge({ name: 'book_readable', help: '1 when the book answered this scrape, else 0.', registers });
  const active = new Gauge({
    name: 'active_connections',
    help: 'Connections that are signed in and read from.',
    labelNames: ['platform'],
    registers,
  });
  const lastSync = new Gauge({
    name: 'connection_last_sync_timestamp_seconds',
    help: 'When the connection that waits longest was last synced completely, in seconds since 1970.',
    labelNames: ['platform'],
    registers,
  });
  const open = new Gauge({
    name: 'conflicts_open',
    help: 'Conflicts that wait for a person.',
    labelNames: ['severity'],
    registers,
  });

  async function ask(): Promise<void> {
    for (const gauge of [active, lastSync, open]) gauge.reset();
    try {
      const { connections, openConflicts } = await figures();
      for (const { platform, active: count, lastSync: at } of connections) {
        active.set({ platform }, count);
        if (at !== null) lastSync.set({ platform }, Date.parse(at) / 1000);
      }
      for (const { severity, count } of openConflicts) open.set({ severity }, count);
      readable.set(1);
    } catch {
      readable.set(0);
    }
  }

  return {
    answered({ route, method, status, seconds }) {
      requests.inc({ route, method, status: statusClass(status) });
      if (seconds !== null) requestSeconds.observe({ route, method }, seconds);
    },
    called({ procedure, outcome, seconds }) {
      calls.inc({ procedure, outcome });
      callSeconds.observe({ procedure }, seconds);
    },
    syncBegan: (platform) => running.inc({ platform }),
    syncEnded({ platform, outcome, seconds, conflictsOpened, conflictsHealed }) {
      running.dec({ platform });
      syncs.inc({ platform, outcome });
      syncSeconds.observe({ platform, outcome }, seconds);
      conflicts.inc({ change: 'opened' }, conflictsOpened);
      conflicts.inc({ change: 'healed' }, conflictsHealed);
    },
    conflictsSettled: (count) => conflicts.inc({ change: 'settled' }, count),
    async text() {
      await ask();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}
