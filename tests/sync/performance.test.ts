import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { PerformanceRecord } from '../../main/connectors/connector.ts';
import { DEFAULT_TOLERANCES } from '../../main/core/tolerance.ts';
import { createKeyedTies } from '../../main/sync/keyed-ties.ts';
import { createRecordBook } from '../../main/sync/record-book.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { createStagedPerformance, mergePerformance } from '../../main/sync/performance.ts';
import type { StagedPerformance } from '../../main/sync/staged-page.ts';
import { calendarDate } from '../../shared/model/date.ts';
import { dec } from '../../shared/model/decimal.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

const month = (account: string, from: string, to: string, rate: string): PerformanceRecord => ({
  externalId: `${account}:month:${to}:net`,
  accountExternalId: account,
  period: { kind: 'month', from: calendarDate(from), to: calendarDate(to) },
  method: 'twr',
  fees: 'net',
  annualised: false,
  rate: dec(rate),
  beginValue: null,
  endValue: null,
  netFlows: null,
  currency: 'USD',
  place: '/0',
});
const october = (rate: string, account = 'a') => month(account, '2026-09-30', '2026-10-31', rate);
const september = (rate: string) => month('a', '2026-08-31', '2026-09-30', rate);

function book() {
  const db = openWritable(join(tempFolder(), 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, MIGRATIONS);
  db.exec(`INSERT INTO batches (uid, kind, actor, at, summary) VALUES ('u', 'sync', 'x', '', '');
    INSERT INTO accounts (id, name, number, number_key, custodian, currency, created_batch) VALUES (7, 'Birch', '7', '7', '', 'USD', 1)`);
  let operationId = 0;
  return {
    pass(pages: readonly StagedPerformance[], acceptShrink = false): void {
      operationId += 1;
      const staged = createStagedPerformance();
      for (const page of pages) staged.add(page, 1);
      mergePerformance(db, {
        connectionId: 1,
        operationId,
        staged,
        acceptShrink,
        isSetAside: () => false,
        accountFor: (id) => (id === 'a' ? 7 : null),
        ties: createKeyedTies(
          db,
          createRecordBook(db, 'performance', {
            connectionId: 1,
            operationId,
            batchId: 1,
            tolerances: DEFAULT_TOLERANCES,
            counts: { adopted: 0, conflictsOpened: 0, conflictsHealed: 0 },
            now: '2026-11-20T09:00:00.000Z',
          }),
        ),
      });
    },
    rows: (sql: string) => db.prepare(sql).raw().all(),
  };
}
const RETURNS = 'SELECT external_id, account_id, rate, valid_from_op, valid_to_op FROM source_performance ORDER BY id';

describe('returns of a pass', () => {
  test('become versions: unchanged ones write nothing, a restated one ends the one before', () => {
    const { pass, rows } = book();
    const from = calendarDate('2026-09-01');
    pass([{ performance: [september('0.01'), october('0.02')], performanceFrom: from }]);
    pass([{ performance: [september('0.01'), october('0.021')], performanceFrom: from }]);
    expect(rows(RETURNS)).toEqual([
      ['a:month:2026-09-30:net', 7, '0.01', 1, null],
      ['a:month:2026-10-31:net', 7, '0.02', 1, 2],
      ['a:month:2026-10-31:net', 7, '0.021', 2, null],
    ]);
  });

  test('end only inside the window that the pass lists completely', () => {
    const { pass, rows } = book();
    pass([{ performance: [september('0.01'), october('0.02')], performanceFrom: calendarDate('2026-09-01') }]);
    pass([{ performance: [] }]);
    expect(rows('SELECT count(*) FROM source_performance WHERE valid_to_op IS NULL')).toEqual([[2]]);
    pass([{ performance: [], performanceFrom: calendarDate('2026-10-01') }]);
    expect(rows('SELECT external_id FROM source_performance WHERE valid_to_op IS NULL')).toEqual([['a:month:2026-09-30:net']]);
  });

  test('a pass that would end more than a fifth of them, and more than ten, stops', () => {
    const { pass, rows } = book();
    const from = calendarDate('2026-10-01');
    const all = Array.from({ length: 20 }, (_, i) => october('0.01', `a${i}`));
    pass([{ performance: all, performanceFrom: from }]);
    // 20 - 9 = 11 gone, and 11 x 5 = 55 > 20
    const few = { performance: all.slice(0, 9), performanceFrom: from };
    expect(() => pass([few])).toThrow('This pass would remove 11 of 20 returns');
    pass([few], true);
    expect(rows('SELECT count(*) FROM source_performance WHERE valid_to_op IS NULL')).toEqual([[9]]);
  });

  test('pages of one pass count together, and the narrower window holds', () => {
    const { pass, rows } = book();
    pass([
      { performance: [october('0.02')], performanceFrom: calendarDate('2026-09-01') },
      { performance: [october('0.5'), september('0.01')], performanceFrom: calendarDate('2026-10-01') },
    ]);
    // The first delivery of a record counts.
    expect(rows(RETURNS).map((row) => (row as unknown[])[2])).toEqual(['0.02', '0.01']);
    pass([{ performance: [], performanceFrom: calendarDate('2026-09-01') }, { performanceFrom: calendarDate('2026-10-01') }]);
    expect(rows('SELECT external_id FROM source_performance WHERE valid_to_op IS NULL')).toEqual([['a:month:2026-09-30:net']]);
  });
});

describe('benchmarks of a pass', () => {
  const place = '/0';
  const said = (name: string, benchmark: string, rate: string): StagedPerformance => ({
    benchmarks: {
      list: [{ externalId: benchmark, name, place }],
      returns: [
        {
          externalId: `${benchmark}:month:2026-10-31`,
          benchmarkExternalId: benchmark,
          period: { kind: 'month', from: calendarDate('2026-09-30'), to: calendarDate('2026-10-31') },
          annualised: false,
          rate: dec(rate),
          place,
        },
      ],
      assignments: [{ accountExternalId: 'a', benchmarkExternalId: benchmark, place }],
    },
    benchmarksFrom: calendarDate('2026-10-01'),
  });

  test('are versioned with their returns and assignments, and end when a complete list is without them', () => {
    const { pass, rows } = book();
    pass([said('Balanced', 'b1', '0.02')]);
    pass([said('Balanced index', 'b1', '0.02')]);
    pass([said('Equity', 'b2', '0.03')]);
    expect(rows('SELECT external_id, name, valid_from_op, valid_to_op FROM source_benchmarks ORDER BY id')).toEqual([
      ['b1', 'Balanced', 1, 2],
      ['b1', 'Balanced index', 2, 3],
      ['b2', 'Equity', 3, null],
    ]);
    expect(rows('SELECT external_id, account_id, valid_to_op FROM source_benchmark_assignments ORDER BY id')).toEqual([
      ['a:b1', 7, 3],
      ['a:b2', 7, null],
    ]);
    expect(rows('SELECT external_id, rate, valid_to_op FROM source_benchmark_returns ORDER BY id')).toEqual([
      ['b1:month:2026-10-31', '0.02', 3],
      ['b2:month:2026-10-31', '0.03', null],
    ]);
  });
});
