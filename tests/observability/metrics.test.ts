import { describe, expect, it } from 'vitest';
import { createMetrics, type BookFigures } from '../../main/observability/metrics.ts';
import { createCallWatch } from '../../main/observability/call-watch.ts';
import { createOperationWatch } from '../../main/observability/operation-watch.ts';
import { listenForScrapes } from '../../main/observability/metrics-listener.ts';
import { readExposition } from '../support/exposition.ts';
import { promtool, WITHOUT_PROMTOOL } from '../support/promtool.ts';

const FIGURES: BookFigures = {
  connections: [
    { platform: 'addepar', active: 2, lastSync: '2026-03-02T08:00:00.000Z' },
    { platform: 'orion', active: 1, lastSync: null },
  ],
  openConflicts: [
    { severity: 'critical', count: 3 },
    { severity: 'low', count: 0 },
  ],
};

const rig = (figures: () => Promise<BookFigures> = () => Promise.resolve(FIGURES)) => {
  const metrics = createMetrics({ version: '1.2.3', host: 'test', figures });
  const lines: { level: string; message: string; details: Readonly<Record<string, unknown>> }[] = [];
  const at =
    (level: string) =>
    (message: string, details: Readonly<Record<string, unknown>> = {}): void =>
      void lines.push({ level, message, details });
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  const value = async (name: string, labels: Readonly<Record<string, string>> = {}): Promise<number | undefined> =>
    [...readExposition(await metrics.text()).values()]
      .flatMap(({ samples }) => samples)
      .find((s) => s.name === name && Object.entries(labels).every(([label, wanted]) => s.labels[label] === wanted))?.value;
  return { metrics, log, lines, value };
};

/** Every kind of figure at least once. */
function busy({ metrics }: ReturnType<typeof rig>): void {
  metrics.answered({ route: 'holdings.page', method: 'GET', status: 200, seconds: 0.03 });
  metrics.answered({ route: 'holdings.page', method: 'GET', status: 204, seconds: 0.2 });
  metrics.answered({ route: '/api/v1/events', method: 'GET', status: 200, seconds: null });
  metrics.called({ procedure: 'holdings.page', outcome: 'ok', seconds: 0.02 });
  metrics.syncBegan('addepar');
  metrics.syncEnded({ platform: 'addepar', outcome: 'completed', seconds: 12, conflictsOpened: 5, conflictsHealed: 2 });
  metrics.conflictsSettled(4);
}

describe('metrics', () => {
  it('count and time answers, calls and syncs, and tell how the book stands', async () => {
    const it = rig();
    busy(it);
    const { value } = it;
    // 200 and 204 are one class.
    expect(await value('http_requests_total', { route: 'holdings.page', method: 'GET', status: '2xx' })).toBe(2);
    expect(await value('http_request_duration_seconds_count', { route: 'holdings.page' })).toBe(2);
    expect(await value('http_request_duration_seconds_sum', { route: 'holdings.page' })).toBeCloseTo(0.03 + 0.2, 10);
    expect(await value('http_requests_total', { route: '/api/v1/events' })).toBe(1);
    expect(await value('http_request_duration_seconds_count', { route: '/api/v1/events' })).toBeUndefined();
    expect(await value('procedure_calls_total', { procedure: 'holdings.page', outcome: 'ok' })).toBe(1);
    expect(await value('sync_operations_total', { platform: 'addepar', outcome: 'completed' })).toBe(1);
    expect(await value('sync_operation_duration_seconds_sum', { platform: 'addepar' })).toBe(12);
    expect(await value('sync_operations_running', { platform: 'addepar' })).toBe(1 - 1);
    expect(await value('conflicts_total', { change: 'opened' })).toBe(5);
    expect(await value('conflicts_total', { change: 'healed' })).toBe(2);
    expect(await value('conflicts_total', { change: 'settled' })).toBe(4);
    expect(await value('active_connections', { platform: 'addepar' })).toBe(2);
    expect(await value('connection_last_sync_timestamp_seconds', { platform: 'addepar' })).toBe(Date.UTC(2026, 2, 2, 8) / 1000);
    // Never synced: no figure instead of the year 1970.
    expect(await value('connection_last_sync_timestamp_seconds', { platform: 'orion' })).toBeUndefined();
    expect(await value('conflicts_open', { severity: 'critical' })).toBe(3);
    expect(await value('clearway_build_info', { version: '1.2.3', host: 'test' })).toBe(1);
    expect(await value('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
    expect(await value('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  });

  it('keep to the text format as a reader of its own understands it', async () => {
    const it = rig();
    busy(it);
    const families = readExposition(await it.metrics.text());
    expect(families.size).toBeGreaterThan(20);
    for (const { name, type, help, samples } of families.values()) {
      expect(help, name).not.toBe('');
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      if (type !== 'histogram') continue;
      for (const whole of samples.filter((s) => s.name === `${name}_count`)) {
        const same = (labels: Readonly<Record<string, string>>): boolean =>
          Object.entries(whole.labels).every(([label, value]) => labels[label] === value);
        const buckets = samples.filter((s) => s.name === `${name}_bucket` && same(s.labels)).map(({ value }) => value);
        expect(buckets, name).toEqual(buckets.toSorted((a, b) => a - b));
        // The last bucket, +Inf, holds all.
        expect(buckets.at(-1), name).toBe(whole.value);
      }
    }
  });

  it('pass promtool check metrics', async ({ skip }) => {
    const it = rig();
    busy(it);
    const verdict = promtool(['check', 'metrics'], await it.metrics.text());
    if (verdict === null) return skip(WITHOUT_PROMTOOL);
    expect(verdict).toEqual({ code: 0, said: '' });
  });

  it('say that the book does not answer, and still tell everything else', async () => {
    const { metrics, value } = rig(() => Promise.reject(new Error('The reader has died.')));
    metrics.called({ procedure: 'app.info', outcome: 'internal', seconds: 0.001 });
    expect(await value('book_readable')).toBe(0);
    expect(await value('active_connections')).toBeUndefined();
    expect(await value('procedure_calls_total', { outcome: 'internal' })).toBe(1);
  });
});

describe('the watch over calls', () => {
  const CALL = { requestId: 'r1', userId: 'local', seconds: 0.0421, outcome: 'ok', output: {} };

  it('writes a fine-grained line about an answered query, and an ordinary one about everything else', () => {
    const { metrics, log, lines } = rig();
    const called = createCallWatch({ metrics, log });
    called({ ...CALL, procedure: 'holdings.page', kind: 'query', output: { rows: [{ account: 'Cedar Hollow' }] } });
    called({ ...CALL, procedure: 'connections.sync', kind: 'command', output: { operationId: '12' } });
    called({ ...CALL, procedure: 'holdings.get', kind: 'query', outcome: 'not_found', output: undefined });
    const facts = { requestId: 'r1', userId: 'local', ms: 42 };
    expect(lines).toEqual([
      { level: 'debug', message: 'holdings.page was answered', details: { ...facts, outcome: 'ok' } },
      { level: 'info', message: 'connections.sync was answered', details: { ...facts, outcome: 'ok', operationId: '12' } },
      { level: 'info', message: 'holdings.get was refused', details: { ...facts, outcome: 'not_found' } },
    ]);
  });

  it('counts what a decision settled, not what a preview would', async () => {
    const { metrics, log, value } = rig();
    const called = createCallWatch({ metrics, log });
    called({ ...CALL, procedure: 'conflicts.resolve', kind: 'command', output: { settled: 1240, batchId: '1' } });
    called({ ...CALL, procedure: 'conflicts.facets', kind: 'query', output: { settled: 7 } });
    expect(await value('conflicts_total', { change: 'settled' })).toBe(1240);
  });
});

describe('the watch over syncs', () => {
  it('follows each attempt by its id, with its platform, time and outcome', async () => {
    const { metrics, log, lines, value } = rig();
    let now = 1_000;
    const watch = createOperationWatch({
      metrics,
      log,
      monotonicMs: () => now,
      platformOf: (id) => (id === 1 ? Promise.resolve('orion') : Promise.reject(new Error('gone'))),
    });
    watch.began({ operationId: 7, connectionId: 1, by: 'Schedule', resumed: false });
    watch.startedOver(7);
    now += 90_000;
    watch.ended({ operationId: 7, outcome: 'completed', reason: null, counts: { conflictsOpened: 3, conflictsHealed: 1 } });
    watch.began({ operationId: 8, connectionId: 2, by: 'system', resumed: true });
    watch.ended({ operationId: 8, outcome: 'needs_sign_in', reason: 'Sign in again.', counts: null });
    // An end without a beginning here is none of this program.
    watch.ended({ operationId: 99, outcome: 'completed', reason: null, counts: null });
    expect(lines.map(({ level, message, details }) => [level, message, details['operationId']])).toEqual([
      ['info', 'A sync began', '7'],
      ['info', 'A sync begins its reading anew, because the platform forgot where it was', '7'],
      ['info', 'A sync was completed', '7'],
      ['info', 'A sync goes on from its checkpoint', '8'],
      ['warn', 'A sync failed', '8'],
    ]);
    expect(lines[2]?.details).toMatchObject({ ms: 90_000, counts: { conflictsOpened: 3 } });
    expect(await value('sync_operation_duration_seconds_sum', { platform: 'orion' })).toBe(90);
    expect(await value('sync_operations_total', { platform: 'unknown', outcome: 'needs_sign_in' })).toBe(1);
    expect(await value('conflicts_total', { change: 'opened' })).toBe(3);
  });
});

describe('scrapes of a host without a door of its own', () => {
  const TOKEN = 'scrape_'.repeat(6);

  it('are answered on loopback for the token, the path and the name of this machine alone', async () => {
    const { metrics } = rig();
    const listener = await listenForScrapes({ metrics, token: TOKEN, port: 0 });
    const ask = async (url: string, headers: Record<string, string> = { authorization: `Bearer ${TOKEN}` }, method = 'GET') =>
      (await fetch(url, { headers, method })).status;
    const { port } = new URL(listener.url);
    try {
      expect(listener.url).toBe(`http://127.0.0.1:${port}/metrics`);
      const answer = await fetch(listener.url, { headers: { authorization: `Bearer ${TOKEN}` } });
      expect(answer.headers.get('content-type')).toContain('version=0.0.4');
      expect(readExposition(await answer.text()).has('clearway_build_info')).toBe(true);
      expect(await ask(listener.url, {})).toBe(401);
      expect(await ask(listener.url, { authorization: `Bearer ${TOKEN.replace('s', 't')}` })).toBe(401);
      expect(await ask(`http://127.0.0.1:${port}/`)).toBe(404);
      expect(await ask(listener.url, { authorization: `Bearer ${TOKEN}` }, 'POST')).toBe(404);
    } finally {
      await listener.close();
    }
  });
});
