import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { e8Sql } from '../../main/store/e8.ts';
import type { WritableDb } from '../../main/store/handles.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { dec } from '../../shared/model/decimal.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

type Row = Readonly<Record<string, string | number | null | Uint8Array>>;

const AT = '2026-11-20T09:00:00.000Z';
/** One row of every table, in an order in which each finds what it points at. */
/** What every versioned record of a connection carries. */
const VERSION = { connection_id: 1, external_id: 'e', payload_id: 1, place: '', valid_from_op: 1 };
const ROWS: readonly (readonly [string, Row])[] = [
  ['settings', { key: 'firm', value: '"Birchwood"' }],
  ['connections', { platform: 'orion', name: 'Orion', base_url: '', survivorship_rank: 1, created_at: AT, updated_at: AT }],
  ['sync_operations', { connection_id: 1, kind: 'sync', status: 'fetching', requested_by: 'analyst', started_at: AT }],
  ['batches', { uid: 'u1', kind: 'sync', actor: 'analyst', at: AT, summary: '', operation_id: 1 }],
  ['batch_items', { batch_id: 1, seq: 0, kind: 'conflict', subject_id: 1, before: '{}', after: '{}' }],
  ['raw_payloads', { sha256: 'x', content_type: 'application/json', bytes: 2, body: new Uint8Array([1, 2]), received_at: AT }],
  [
    'staged_pages',
    { operation_id: 1, seq: 0, payload_id: 1, records: 0, entities: new Uint8Array(), holdings: new Uint8Array() },
  ],
  ['quarantined_records', { operation_id: 1, payload_id: 1, external_id: null, reason: 'No quantity', path: 'units', raw: '{}' }],
  ['portfolios', { name: 'Birchwood' }],
  [
    'accounts',
    { name: 'Birch', number: '1', number_key: '1', custodian: '', currency: 'USD', portfolio_id: 1, created_batch: 1 },
  ],
  [
    'account_links',
    { connection_id: 1, external_id: 'a', account_id: 1, reason: '', name: '', number: '', custodian: '', record: '{}' },
  ],
  ['securities', { name: 'Alder', type: 'stock', currency: 'USD', multiplier: '1', created_batch: 1 }],
  ['security_links', { connection_id: 1, external_id: 's', security_id: 1, reason: '', name: '', detail: '', record: '{}' }],
  [
    'holdings',
    { account_id: 1, security_id: 1, status: 'held', quantity: '1', currency: 'USD', origin: 'b:1', created_batch: 1 },
  ],
  ['holding_bases', { holding_id: 1, connection_id: 1, field: 'price', value: null }],
  [
    'book_records',
    {
      stream: 'transaction',
      account_id: 1,
      security_id: 1,
      kind: 'buy',
      on_date: '2026-11-20',
      currency: 'USD',
      origin: 's:1:1',
      created_batch: 1,
    },
  ],
  ['record_bases', { record_id: 1, connection_id: 1, field: 'cash', value: null }],
  [
    'source_holdings',
    {
      connection_id: 1,
      external_id: 'h',
      account_external_id: 'a',
      security_external_id: 's',
      quantity: '1',
      as_of: '2026-11-20',
      payload_id: 1,
      place: '',
      valid_from_op: 1,
    },
  ],
  [
    'source_tax_lots',
    {
      connection_id: 1,
      external_id: 'l',
      position_external_id: 'p',
      account_external_id: 'a',
      security_external_id: 's',
      quantity: '1',
      currency: 'USD',
      as_of: '2026-11-20',
      payload_id: 1,
      place: '',
      valid_from_op: 1,
    },
  ],
  [
    'source_transactions',
    {
      connection_id: 1,
      external_id: 't',
      account_external_id: 'a',
      type: 'buy',
      trade_date: '2026-11-20',
      quantity_delta: '1',
      cash_delta: '-1',
      currency: 'USD',
      memo: '',
      payload_id: 1,
      place: '',
      valid_from_op: 1,
    },
  ],
  [
    'conflicts',
    {
      holding_id: 1,
      field: 'price',
      reason: 'no_base',
      status: 'open',
      severity: 3,
      signature: '',
      sources: '[]',
      opened_at: AT,
    },
  ],
  ['comments', { conflict_id: 1, author: 'analyst', at: AT, text: 'Look' }],
  ['reconciliation_runs', { status: 'completed', started_at: AT, actor: 'analyst', scope: '{}', sides: '[]', tolerances: '{}' }],
  [
    'breaks',
    {
      run_id: 1,
      connection_id: 1,
      account_id: 1,
      field: 'price',
      class: 'rounding',
      sentence: '',
      severity: 3,
      status: 'open',
      currency: 'USD',
      signature: '',
      first_seen: '2026-11-20',
    },
  ],
  [
    'imports',
    {
      file_name: 'a.ofx',
      sha256: 'x',
      institution: '',
      accounts: '[]',
      as_of: '2026-11-20',
      at: AT,
      actor: 'analyst',
      rows: 1,
      rejected: 0,
      operation_id: 1,
      batch_id: 1,
    },
  ],
  ['webhook_endpoints', { connection_id: 1, secret_ref: 'webhook-1', made_at: AT, previous_until: null }],
  ['webhook_deliveries', { id: 1, connection_id: 1, event_id: 'msg_1', sent_at: AT, received_at: AT, kind: '', bytes: 0 }],
  [
    'source_performance',
    {
      ...VERSION,
      kind: 'month',
      period_to: '2026-10-31',
      annualised: 0,
      rate: '0.01',
      account_external_id: 'a',
      method: 'twr',
    },
  ],
  ['source_benchmarks', { ...VERSION, name: 'Balanced' }],
  [
    'source_benchmark_returns',
    { ...VERSION, kind: 'month', period_to: '2026-10-31', annualised: 0, rate: '0.01', benchmark_external_id: 'b' },
  ],
  ['source_benchmark_assignments', { ...VERSION, account_external_id: 'a', benchmark_external_id: 'b' }],
  ['connection_schedules', { connection_id: 1, next_run_at: AT }],
  ['request_counts', { account: 'a', second: 1, requests: 1 }],
  ['operation_attempts', { operation_id: 1, attempt: 1, started_at: AT }],
  ['connection_breakers', { connection_id: 1, state: 'open', failures: 3, openings: 1 }],
  ['network_outages', { since: AT }],
  ['connection_timetables', { connection_id: 1, zone: 'Europe/Zurich' }],
  [
    'audit_entries',
    { seq: 1, at: AT, actor: 'analyst', event: 'e', subject: '', details: '', request_id: '', prev_hash: '', hash: '' },
  ],
];
const insert = (db: WritableDb, table: string, row: Row): unknown =>
  db
    .prepare(
      `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.keys(row)
        .map(() => '?')
        .join(', ')})`,
    )
    .run(...Object.values(row));

function wholeBook(): WritableDb {
  const db = openWritable(join(tempFolder(), 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, MIGRATIONS);
  return db;
}

function filled(): WritableDb {
  const db = wholeBook();
  for (const [table, row] of ROWS) insert(db, table, row);
  return db;
}
const example = (table: string): Row => ROWS.find(([name]) => name === table)?.[1] ?? {};

test('every table takes a row', () => {
  const db = filled();
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migrations' ORDER BY name",
    )
    .pluck()
    .all();
  // Those come with rows of their own, and 0009_alerts.test.ts tries theirs.
  expect(tables.filter((name) => name !== 'book_version' && !String(name).startsWith('alert'))).toEqual(
    ROWS.map(([name]) => name).toSorted(),
  );
  for (const [table] of ROWS) expect([table, db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()]).toEqual([table, 1]);
  expect([db.pragma('integrity_check', { simple: true }), db.pragma('foreign_key_check')]).toEqual(['ok', []]);
});

test('every table keeps its types', () => {
  const loose = filled()
    .prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    )
    .pluck()
    .all();
  expect(loose).toEqual([]);
});

describe('the scaled twins of amounts', () => {
  const LARGEST = 9223372036854775807n;
  /** Truncated after eight decimals and held within 64 bits, worked out on digits alone. */
  const scaled = (text: string): bigint => {
    const negative = text.startsWith('-');
    const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
    const units = BigInt(whole + `${fraction}00000000`.slice(0, 8)) * (negative ? -1n : 1n);
    return units > LARGEST ? LARGEST : units < -LARGEST - 1n ? -LARGEST - 1n : units;
  };
  const amount = fc
    .tuple(
      fc.boolean(),
      fc.bigInt({ min: 0n, max: 10n ** 14n }),
      fc.integer({ min: 0, max: 14 }),
      fc.bigInt({ min: 0n, max: 10n ** 14n - 1n }),
    )
    .map(([negative, whole, scale, fraction]) =>
      dec(`${negative ? '-' : ''}${whole}.${fraction.toString().padStart(14, '0').slice(0, scale)}0`),
    );

  test.each(['quantity', 'price', 'market_value', 'cost_basis'])('of a position: %s', (column) => {
    const db = filled();
    const set = db
      .prepare(`UPDATE holdings SET ${column} = ? RETURNING ${e8Sql(column)}`)
      .pluck()
      .safeIntegers();
    fc.assert(
      fc.property(amount, (text) => {
        expect(set.get(text)).toBe(scaled(text));
      }),
      { numRuns: 300 },
    );
    expect(set.get(null)).toBeNull();
  });

  test.each([
    ['conflicts', 'difference'],
    ['conflicts', 'difference_percent'],
    ['conflicts', 'impact'],
    ['breaks', 'difference'],
    ['breaks', 'impact'],
  ])('of %s: %s', (table, column) => {
    const db = filled();
    const set = db.prepare(`UPDATE ${table} SET ${column} = ? RETURNING ${column}_e8`).pluck().safeIntegers();
    fc.assert(
      fc.property(amount, (text) => {
        expect(set.get(text)).toBe(scaled(text));
      }),
      { numRuns: 100 },
    );
  });
});

describe('what the database itself refuses', () => {
  test.each([
    ['a second operation at work on one connection', 'sync_operations', { status: 'queued' }],
    ['a second open conflict on one value', 'conflicts', { status: 'review' }],
    ['a second position of one security in one account', 'holdings', {}],
    ['a second current record of one external id', 'source_holdings', {}],
    ['a second connection of one name', 'connections', {}],
    ['the same file twice in the book', 'imports', {}],
    ['a conflict of another kind of field', 'conflicts', { field: 'colour', status: 'settled' }],
    ['a position of another status', 'holdings', { status: 'lost', security_id: 2 }],
    ['a position of a security that is not there', 'holdings', { security_id: 99 }],
    ['a number where text belongs to', 'conflicts', { severity: 'high', status: 'settled' }],
  ])('%s', (_what, table, change) => {
    const db = filled();
    expect(() => insert(db, table, { ...example(table), ...(change as Row) })).toThrow(/constraint|cannot store/);
    expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(1);
  });

  test.each([
    ['another operation once the first has ended', 'sync_operations', "UPDATE sync_operations SET status = 'completed'", {}],
    ['another conflict once the first was settled', 'conflicts', "UPDATE conflicts SET status = 'settled'", {}],
    ['a new version of a record once the old one ended', 'source_holdings', 'UPDATE source_holdings SET valid_to_op = 2', {}],
    ['the same file again once it was rolled back', 'imports', 'UPDATE imports SET rolled_back_by = 1', {}],
  ])('but takes %s', (_what, table, sql, change) => {
    const db = filled();
    db.exec(sql);
    insert(db, table, { ...example(table), ...(change as Row) });
    expect(db.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(2);
  });

  test('any change of the audit trail', () => {
    const db = filled();
    for (const sql of [
      "UPDATE audit_entries SET actor = 'x'",
      'DELETE FROM audit_entries',
      'INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries',
    ])
      expect(() => db.exec(sql), sql).toThrow('append-only');
  });
});
