import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { connectionReads } from '../../main/api/connection-reads.ts';
import { syncHistoryReads } from '../../main/api/sync-history-reads.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { contract, type CallInput } from '../../shared/contract/index.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

const NOW = '2026-11-20T12:00:00.000Z';
const context = {
  actor: 'desk',
  requestId: 'r',
  now: () => NOW as never,
  uuid: () => 'u',
  progress: () => undefined,
  cancelled: () => false,
};
const ago = (minutes: number): string => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();

interface Ran {
  readonly connection?: 1 | 2;
  /** Minutes before now, and how long it took; null while it is at work. */
  readonly began: number;
  readonly seconds?: number | null;
  readonly status?: string;
  readonly kind?: string;
  readonly error?: string;
  readonly asOf?: string;
}

/** Orion (1, every hour) and Addepar (2, every 4 hours), with operations in the order given. */
function book(ran: readonly Ran[]) {
  const db = openWritable(join(tempFolder(), 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, MIGRATIONS);
  db.exec(`INSERT INTO connections (id, platform, name, base_url, survivorship_rank, sync_every_minutes, created_at, updated_at)
    VALUES (1, 'orion', 'Orion', '', 1, 60, '', ''), (2, 'addepar', 'Addepar', '', 2, 240, '', '');
    INSERT INTO connection_schedules VALUES (1, '2026-11-20T12:40:00.000Z')`);
  const insert = db.prepare(
    `INSERT INTO sync_operations (connection_id, kind, status, requested_by, started_at, finished_at, as_of, records, counts, error_code, error)
     VALUES (?, ?, ?, 'Schedule', ?, ?, ?, 600, '{"changed":3}', ?, ?)`,
  );
  for (const { connection = 1, began, seconds = 30, status = 'completed', kind = 'sync', error, asOf } of ran)
    insert.run(
      connection,
      kind,
      status,
      ago(began),
      seconds === null ? null : ago(began - seconds / 60),
      asOf ?? null,
      error === undefined ? null : 'platform_unreachable',
      error ?? null,
    );
  const history = (input: CallInput<'sync.history'> = {}) =>
    syncHistoryReads['sync.history'](db, contract['sync.history'].input.parse(input), { now: () => NOW } as never);
  const timeline = (from: number, to: number, slots: number) =>
    syncHistoryReads['sync.timeline'](db, { from: ago(from), to: ago(to), slots });
  return { db, history, timeline };
}

describe('the history of operations', () => {
  const RAN: readonly Ran[] = [
    { began: 300, connection: 2 },
    { began: 200, status: 'failed', error: 'Orion did not answer.' },
    { began: 130 },
    { began: 70, status: 'failed', error: 'Orion did not answer.', seconds: 90 },
    { began: 60, connection: 2, status: 'cancelled' },
    { began: 1, status: 'fetching', seconds: null },
  ];

  test('comes newest first with how long each took', () => {
    const { rows, total } = book(RAN).history();
    expect(total).toBe(6);
    expect(rows.map(({ id, connectionName, status, seconds }) => [id, connectionName, status, seconds])).toEqual([
      ['6', 'Orion', 'fetching', null],
      ['5', 'Addepar', 'cancelled', 30],
      ['4', 'Orion', 'failed', 90],
      ['3', 'Orion', 'completed', 30],
      ['2', 'Orion', 'failed', 30],
      ['1', 'Addepar', 'completed', 30],
    ]);
    expect(rows[0]?.counts).toMatchObject({ changed: 3, added: 0 });
  });

  test('counts outcomes and connections without the filter of the counted column itself', () => {
    const { history } = book(RAN);
    const { rows, total, facets } = history({
      filters: [
        { column: 'status', operator: 'is', value: 'failed' },
        { column: 'connectionId', operator: 'is', value: '1' },
      ],
    });
    expect(rows.map(({ id }) => id)).toEqual(['4', '2']);
    expect(total).toBe(2);
    // Orion: 2 failed, 1 completed, 1 at work. Failed: 2 of Orion, none of Addepar.
    expect(facets.status.map(({ value, count }) => [value, count])).toEqual([
      ['failed', 2],
      ['completed', 1],
      ['fetching', 1],
    ]);
    expect(facets.connectionId).toEqual([{ value: '1', label: 'Orion', count: 2 }]);
  });

  test('is narrowed by time and by words of what went wrong', () => {
    const { history } = book(RAN);
    expect(history({ filters: [{ column: 'startedAt', operator: 'atLeast', value: ago(100) }] }).total).toBe(3);
    expect(history({ search: 'did not answer' }).rows.map(({ id }) => id)).toEqual(['4', '2']);
  });

  test('names pages only while an operation holds them', () => {
    const { db } = book(RAN);
    db.exec(`INSERT INTO raw_payloads (id, sha256, content_type, bytes, body, received_at) VALUES (1, 'ab', 'application/json', 4000, x'', '${ago(1)}');
      INSERT INTO staged_pages (operation_id, seq, payload_id, records, entities, holdings) VALUES (6, 0, 1, 200, x'', x''), (6, 1, 1, 150, x'', x'')`);
    expect(syncHistoryReads['sync.pages'](db, { id: '6', limit: 1 })).toEqual({
      total: 2,
      items: [{ page: 1, records: 200, bytes: 4000, contentType: 'application/json', sha256: 'ab', receivedAt: ago(1) }],
    });
    expect(syncHistoryReads['sync.pages'](db, { id: '3', limit: 10 })).toEqual({ total: 0, items: [] });
  });
});

describe('the timeline', () => {
  test('has one bar for what began within a slot, drawn as its worst and leading to it', () => {
    const { timeline } = book([
      // 240 minutes in 24 slots: 10 minutes each.
      { began: 239 },
      { began: 235, status: 'failed' },
      { began: 231 },
      { began: 100, status: 'cancelled' },
      { began: 50, connection: 2, seconds: 120 },
      { began: 5, seconds: null, status: 'merging' },
      { began: 400 },
    ]);
    const { lanes } = timeline(240, 0, 24);
    expect(lanes.map(({ connectionName }) => connectionName)).toEqual(['Orion', 'Addepar']);
    expect(lanes[0]?.bars).toEqual([
      { operationId: '2', outcome: 'failed', startedAt: ago(239), finishedAt: ago(230.5), operations: 3, failed: 1 },
      { operationId: '4', outcome: 'cancelled', startedAt: ago(100), finishedAt: ago(99.5), operations: 1, failed: 0 },
      { operationId: '6', outcome: 'running', startedAt: ago(5), finishedAt: null, operations: 1, failed: 0 },
    ]);
    expect(lanes[1]?.bars).toEqual([
      { operationId: '5', outcome: 'completed', startedAt: ago(50), finishedAt: ago(48), operations: 1, failed: 0 },
    ]);
  });

  test('refuses a window that ends before it begins', () => {
    expect(() => book([]).timeline(0, 10, 24)).toThrow('The window ends before it begins.');
  });
});

test('rates count what completed and failed over a day, a week and a month; a cancelled one is neither', () => {
  const day = 1440;
  const { db } = book([
    { began: 29 * day },
    { began: 20 * day, status: 'failed' },
    { began: 6 * day, status: 'rolled_back', kind: 'import' },
    { began: 3 * day, status: 'cancelled' },
    { began: 300 },
    { began: 200 },
    { began: 100, status: 'failed' },
    { began: 2, status: 'fetching', seconds: null },
    { began: 31 * day, status: 'failed' },
  ]);
  expect(syncHistoryReads['sync.rates'](db, { to: NOW }).periods).toEqual([
    // 2 of 2 + 1
    { period: 'day', since: ago(day), completed: 2, failed: 1, cancelled: 0, successRate: '0.6667' },
    // 3 of 3 + 1
    { period: 'week', since: ago(7 * day), completed: 3, failed: 1, cancelled: 1, successRate: '0.75' },
    // 4 of 4 + 2
    { period: 'month', since: ago(30 * day), completed: 4, failed: 2, cancelled: 1, successRate: '0.6667' },
  ]);
  expect(syncHistoryReads['sync.rates'](book([]).db, { to: NOW }).periods[0]).toMatchObject({ completed: 0, successRate: null });
});

test('the status says for each connection why it stands so, when it is read next, and which failure is its newest', () => {
  const { db } = book([
    { began: 500, asOf: '2026-11-19' },
    { began: 150, asOf: '2026-11-20' },
    { began: 90, status: 'failed', error: 'Orion did not answer.' },
    { began: 250, connection: 2, asOf: '2026-11-20' },
  ]);
  const status = connectionReads['sync.status'](db, {}, context);
  expect(status.overall).toBe('failing');
  expect(status.connections).toEqual([
    {
      id: '1',
      name: 'Orion',
      platform: 'orion',
      status: 'active',
      freshness: 'failing',
      health: 'Orion did not answer. The book shows what it said 2 h ago.',
      syncEveryMinutes: 60,
      // The newest that completed began 150 minutes ago and took half a minute.
      lastSyncedAt: ago(149.5),
      nextRunAt: '2026-11-20T12:40:00.000Z',
      asOf: '2026-11-20',
      activeOperationId: null,
      failed: { operationId: '3', code: 'platform_unreachable', kind: 'sync' },
    },
    {
      id: '2',
      name: 'Addepar',
      platform: 'addepar',
      status: 'active',
      freshness: 'due',
      health: 'Synced 4 h ago; promised every 4 hours. Sync now to bring it up to date.',
      syncEveryMinutes: 240,
      lastSyncedAt: ago(249.5),
      nextRunAt: null,
      asOf: '2026-11-20',
      activeOperationId: null,
      failed: null,
    },
  ]);
});
