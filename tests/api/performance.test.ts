import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { performanceReads } from '../../main/api/performance-reads.ts';
import { performanceSeries } from '../../main/api/performance-series.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

const CLOSES = ['2026-06-30', '2026-07-31', '2026-08-31', '2026-09-30', '2026-10-31'];

/** Orion (1) and Addepar (2) both know one account of the book: `a` there, `b` here. */
function book() {
  const db = openWritable(join(tempFolder(), 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, MIGRATIONS);
  const row = (table: string, values: Readonly<Record<string, string | number | null>>): number =>
    Number(
      db
        .prepare(
          `INSERT INTO ${table} (${Object.keys(values).join(', ')}) VALUES (${Object.keys(values)
            .map(() => '?')
            .join(', ')})`,
        )
        .run(...Object.values(values)).lastInsertRowid,
    );
  const batch = row('batches', { uid: 'u', kind: 'sync', actor: 'x', at: '', summary: '' });
  const account = row('accounts', {
    name: 'Alder IRA',
    number: '4471',
    number_key: '4471',
    custodian: 'C',
    currency: 'USD',
    created_batch: batch,
  });
  for (const [id, platform, external] of [
    [1, 'orion', 'a'],
    [2, 'addepar', 'b'],
  ] as const) {
    db.prepare(
      `INSERT INTO connections (id, platform, name, base_url, settings, survivorship_rank, created_at, updated_at) VALUES (?, ?, ?, '', '{}', ?, '', '')`,
    ).run(id, platform, platform === 'orion' ? 'Orion' : 'Addepar', id);
    db.prepare(
      `INSERT INTO account_links (connection_id, external_id, account_id, name, number, custodian, reason, record) VALUES (?, ?, ?, '', '', '', 'number', '{}')`,
    ).run(id, external, account);
  }
  const version = (connection: number, externalId: string) => ({
    connection_id: connection,
    external_id: externalId,
    payload_id: 1,
    place: '/0',
    valid_from_op: 1,
  });
  const period = (month: number) => ({
    kind: 'month',
    period_from: CLOSES[month - 1] ?? null,
    period_to: CLOSES[month] ?? '',
    annualised: 0,
  });
  return {
    db,
    account: String(account),
    month: (
      connection: number,
      month: number,
      rate: string,
      fees = 'net',
      more: Readonly<Record<string, string | number>> = {},
    ) =>
      row('source_performance', {
        ...version(connection, `${connection}:${month}:${fees}`),
        ...period(month),
        account_external_id: connection === 1 ? 'a' : 'b',
        method: 'twr',
        fees,
        rate,
        ...more,
      }),
    benchmark(connection: number, rates: readonly string[]): void {
      row('source_benchmarks', { ...version(connection, 'm'), name: 'Balanced' });
      row('source_benchmark_assignments', {
        ...version(connection, 'x'),
        account_external_id: connection === 1 ? 'a' : 'b',
        benchmark_external_id: 'm',
      });
      for (const [index, rate] of rates.entries())
        row('source_benchmark_returns', {
          ...version(connection, `m:${index + 1}`),
          ...period(index + 1),
          benchmark_external_id: 'm',
          rate,
        });
    },
  };
}
const brief = (lines: ReturnType<typeof performanceSeries>['lines']) =>
  lines.map(({ source, kind, fees, points, excess }) => [`${source} ${kind} ${fees}`, points.map(({ value }) => value), excess]);

describe('cumulative returns of an account', () => {
  test('are linked month by month from zero, and stand beside the benchmark of the same source', () => {
    const { db, account, month, benchmark } = book();
    for (const [index, rate] of ['0.1', '0.1', '-0.5', '0'].entries()) month(1, index + 1, rate);
    benchmark(1, ['0.1', '0', '0', '0']);
    const series = performanceSeries(db, { id: account });
    expect(series).toMatchObject({ account: 'Alder IRA', from: '2026-06-30' });
    // 1.1 x 1.1 = 1.21; x 0.5 = 0.605; excess: -0.395 - 0.1
    expect(brief(series.lines)).toEqual([
      ['Orion account net', ['0', '0.1', '0.21', '-0.395', '-0.395'], '-0.495'],
      ['Orion benchmark null', ['0', '0.1', '0.1', '0.1', '0.1'], null],
    ]);
    expect(series.lines[0]).toMatchObject({ months: 4, total: '-0.395', perYear: null });
  });

  test('of several sources begin together, at the newest beginning of all', () => {
    const { db, account, month } = book();
    for (const [index, rate] of ['0.5', '0.1', '0.1', '0.1'].entries()) month(1, index + 1, rate);
    for (const index of [3, 4]) month(2, index, '0.2', 'gross');
    const series = performanceSeries(db, { id: account });
    // Addepar begins with September, so Orion's first two months are left out: 1.1 x 1.1 - 1 and 1.2 x 1.2 - 1.
    expect(series.from).toBe('2026-08-31');
    expect(brief(series.lines)).toEqual([
      ['Orion account net', ['0', '0.1', '0.21'], null],
      ['Addepar account gross', ['0', '0.2', '0.44'], null],
    ]);
  });

  test('do not reach across a missing month, and leave ended versions out', () => {
    const { db, account, month } = book();
    for (const index of [1, 3, 4]) month(1, index, '0.1');
    month(1, 2, '0.7', 'net', { external_id: 'old', valid_to_op: 2 });
    expect(brief(performanceSeries(db, { id: account }).lines)).toEqual([['Orion account net', ['0', '0.1', '0.21'], null]]);
  });

  test('begin with the first full month, and leave out what is per year', () => {
    const { db, account, month } = book();
    month(1, 1, '0.7', 'net', { period_from: '2026-07-14' });
    month(1, 2, '0.1');
    month(1, 3, '0.1');
    month(2, 3, '0.4', 'net', { annualised: 1 });
    const series = performanceSeries(db, { id: account });
    expect([series.from, brief(series.lines)]).toEqual(['2026-07-31', [['Orion account net', ['0', '0.1', '0.21'], null]]]);
  });

  test('are none where no source reports full months', () => {
    const { db, account } = book();
    expect(performanceSeries(db, { id: account })).toEqual({ account: 'Alder IRA', from: null, lines: [] });
    expect(() => performanceSeries(db, { id: '99' })).toThrow('There is no such account');
  });
});

describe('the list of returns', () => {
  const request = { offset: 0, limit: 10, sort: [], search: '', filters: [] };

  test('filters and sorts by exact percent, and finds an account by its number', () => {
    const { db, month } = book();
    month(1, 1, '0.0199');
    month(1, 2, '0.02');
    month(1, 3, '-0.3');
    const page = performanceReads['performance.page'](db, {
      ...request,
      search: '4471',
      filters: [{ column: 'percent', operator: 'atMost', value: '1.99' }],
      sort: [{ column: 'percent', direction: 'desc' }],
    });
    // 0.0199 is 1.99 %, which is at most 1.99 %; 2 % is not.
    expect([page.total, page.rows.map(({ rate }) => rate)]).toEqual([2, ['0.0199', '-0.3']]);
    expect(page.rows[0]).toMatchObject({
      account: 'Alder IRA',
      period: 'month',
      fees: 'net',
      annualised: false,
      source: 'Orion',
    });
  });

  test('leads a return to what its source said before', () => {
    const { db, month } = book();
    db.exec(
      "INSERT INTO raw_payloads (sha256, content_type, bytes, body, received_at) VALUES ('s', 'application/json', 1, x'00', '2026-11-20T08:00:00Z')",
    );
    const before = month(1, 1, '0.01', 'net', { valid_to_op: 2 });
    const now = month(1, 1, '0.011');
    const detail = performanceReads['performance.get'](db, { id: String(now) });
    expect(detail).toMatchObject({ current: true, platform: 'orion', externalId: '1:1:net', row: { rate: '0.011' } });
    expect(detail.versions.map(({ row }) => [row.id, row.rate])).toEqual([[String(before), '0.01']]);
    expect(performanceReads['performance.get'](db, { id: String(before) }).current).toBe(false);
  });
});
