import fc from 'fast-check';
import { join } from 'node:path';
import { beforeAll, afterAll, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { FILTER_OPERATORS } from '../../shared/contract/grid.ts';
import { cmp, dec, type Dec } from '../../shared/model/decimal.ts';
import { e8Sql } from '../../main/store/e8.ts';
import { gridOrder, gridWhere, type GridColumn } from '../../main/store/grid-sql.ts';
import type { WritableDb } from '../../main/store/handles.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { MIGRATIONS } from '../support/migrations.ts';

const COLUMNS: Readonly<Record<string, GridColumn>> = {
  name: { sql: 'a.name', kind: 'text' },
  quantity: { sql: e8Sql('h.quantity'), kind: 'decimal' },
  status: { sql: 'h.status', kind: 'text', values: { held: 'held', gone: 'not_held' } },
  accountId: { sql: 'h.account_id', kind: 'integer' },
};
const FROM = 'holdings h JOIN accounts a ON a.id = h.account_id';
const HOSTILE = [
  "'; DROP TABLE holdings; --",
  "' OR '1'='1",
  '" OR 1=1 --',
  '__proto__',
  'constructor',
  'a\0b',
  '\0',
  '%',
  '_',
  '\\',
  '%_\\',
  'É',
  '株式',
  '\u202E',
  '?1',
  '@id',
  '',
];
const NAMES = [
  'Birch',
  'birch tree',
  'Elm % 5',
  'Elm _ 5',
  'Back\\slash',
  'Café',
  'ÉLAN',
  "O'Neil's grove",
  '株式会社',
  'a',
  '__proto__',
  ...HOSTILE.filter((h) => !h.includes('\0') && h !== ''),
];
const AMOUNTS = [
  '0',
  '1',
  '-1',
  '0.00000001',
  '-0.00000001',
  '1.5',
  '-2.25',
  '99999999999',
  '-99999999999',
  '1234567.12345678',
  '10',
  '9',
  '100',
];

let db: WritableDb;
let folder: string;
let rows: { id: number; name: string; quantity: string | null; status: string; accountId: number }[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clearway-grid-'));
  db = openWritable(join(folder, 'book.db'));
  migrate(db, MIGRATIONS);
  db.exec("INSERT INTO batches (uid, kind, actor, at, summary) VALUES ('u', 'opening', 'test', '', '')");
  db.exec("INSERT INTO securities (name, type, currency, multiplier, created_batch) VALUES ('Alder', 'stock', 'USD', '1', 1)");
  for (const [i, name] of NAMES.entries()) {
    db.prepare(
      "INSERT INTO accounts (name, number, number_key, custodian, currency, created_batch) VALUES (?, '', '', '', 'USD', 1)",
    ).run(name);
    db.prepare(
      "INSERT INTO holdings (account_id, security_id, status, quantity, currency, origin, created_batch) VALUES (?, 1, ?, ?, 'USD', 'b:1', 1)",
    ).run(i + 1, i % 3 === 0 ? 'not_held' : 'held', i % 5 === 4 ? null : (AMOUNTS[i % AMOUNTS.length] ?? '0'));
  }
  rows = db
    .prepare(`SELECT h.id, a.name, h.quantity, h.status, h.account_id AS accountId FROM ${FROM} ORDER BY h.id`)
    .all() as typeof rows;
});
afterAll(() => {
  closeDb(db);
  rmSync(folder, { recursive: true, force: true });
});

interface Filter {
  readonly column: string;
  readonly operator: string;
  readonly value: string | string[];
}
const select = (filters: Filter[], search = ''): number[] => {
  const { where, params } = gridWhere(COLUMNS, { search, filters }, ['a.name']);
  return db
    .prepare(`SELECT h.id FROM ${FROM} WHERE ${where} ORDER BY h.id`)
    .pluck()
    .all(...params) as number[];
};

// SQLite compares letters of ASCII without case, all others exactly.
const folded = (text: string): string => text.replace(/[A-Z]/g, (c) => c.toLowerCase());
const contains = (text: string, part: string): boolean => !part.includes('\0') && folded(text).includes(folded(part));

function matches(row: (typeof rows)[number], { column, operator, value }: Filter): boolean {
  const values = typeof value === 'string' ? [value] : value;
  const one = typeof value === 'string' ? value : (value[0] ?? '');
  const cell = row[column as 'name' | 'quantity' | 'status'];
  if (operator === 'blank') return cell === null;
  if (operator === 'notBlank') return cell !== null;
  if (cell === null) return false;
  if (operator === 'contains') return contains(cell, one);
  if (column === 'quantity') {
    const compare = (v: string): number => cmp(cell as Dec, dec(v));
    return operator === 'is'
      ? compare(one) === 0
      : operator === 'in'
        ? values.some((v) => compare(v) === 0)
        : operator === 'atLeast'
          ? compare(one) >= 0
          : compare(one) <= 0;
  }
  const bytes = (text: string): Buffer => Buffer.from(text);
  if (operator === 'is') return cell === one;
  if (operator === 'in') return values.includes(cell);
  return operator === 'atLeast' ? bytes(cell).compare(bytes(one)) >= 0 : bytes(cell).compare(bytes(one)) <= 0;
}

const text = fc.oneof(
  fc.constantFrom(...HOSTILE, ...NAMES),
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const value = <T extends string>(one: fc.Arbitrary<T>): fc.Arbitrary<string | string[]> =>
  fc.oneof(one, fc.array(one, { maxLength: 4 }));
const amount = fc.oneof(
  fc.constantFrom(...AMOUNTS),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 10n), max: 10n ** 10n }), fc.integer({ min: 0, max: 99_999_999 }))
    .map(([w, f]) => dec(`${w}.${String(f).padStart(8, '0')}`)),
);
const filter = fc.oneof(
  fc.record({ column: fc.constant('name'), operator: fc.constantFrom(...FILTER_OPERATORS), value: value(text) }),
  fc
    .record({
      column: fc.constant('quantity'),
      operator: fc.constantFrom('is', 'in', 'atLeast', 'atMost', 'blank', 'notBlank'),
      value: value(amount),
    })
    .filter((f) => f.operator === 'in' || f.operator.endsWith('lank') || f.value.length > 0),
);

describe('filters of a grid', () => {
  test('select exactly what a plain filter in memory selects, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(filter, { maxLength: 3 }), fc.oneof(fc.constant(''), text), (filters, search) => {
        const words = search.split(/\s+/).filter(Boolean).slice(0, 8);
        const expected = rows.filter((row) => filters.every((f) => matches(row, f)) && words.every((w) => contains(row.name, w)));
        expect(select(filters, search)).toEqual(expected.map((r) => r.id));
      }),
      { numRuns: 600 },
    );
  });

  test.each(HOSTILE)('never turn a value into SQL, nor a name: %j', (hostile) => {
    for (const operator of FILTER_OPERATORS) {
      const { where } = gridWhere(COLUMNS, { search: '', filters: [{ column: 'name', operator, value: hostile }] }, ['a.name']);
      expect(where.replaceAll(/LIKE \? ESCAPE '\\'/g, '')).toMatch(
        /^\((?:a\.name (?:[<>]?=) \?|a\.name IN \(\?\)|a\.name IS (?:NOT )?NULL|a\.name |0)\)$/,
      );
      select([{ column: 'name', operator, value: hostile }], hostile);
    }
    expect(() => select([{ column: hostile, operator: 'is', value: 'x' }])).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    );
    expect(() => gridOrder(COLUMNS, { sort: [{ column: hostile, direction: 'asc' }] }, 'h.id')).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    );
    expect(() => select([{ column: 'status', operator: 'is', value: hostile }])).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    );
    expect(db.prepare('SELECT count(*) FROM holdings').pluck().get()).toBe(NAMES.length);
  });

  test('of amounts are exact to eight decimals', () => {
    expect(select([{ column: 'quantity', operator: 'is', value: '0.00000001' }])).toEqual(
      rows.filter((r) => r.quantity === '0.00000001').map((r) => r.id),
    );
    expect(select([{ column: 'quantity', operator: 'atLeast', value: '1234567.12345679' }])).toEqual(
      rows.filter((r) => r.quantity === '99999999999').map((r) => r.id),
    );
  });

  test('of amounts beyond the scaled range stop where the stored ones stop', () => {
    // 99,999,999,999 x 10^8 is more than 2^63 - 1, so both sides stand at the end of the range.
    expect(select([{ column: 'quantity', operator: 'is', value: '99999999999' }])).toEqual(
      rows.filter((r) => r.quantity === '99999999999').map((r) => r.id),
    );
    expect(select([{ column: 'quantity', operator: 'is', value: '-99999999999' }])).toEqual(
      rows.filter((r) => r.quantity === '-99999999999').map((r) => r.id),
    );
  });

  test.each([
    ['an amount that is none', { column: 'quantity', operator: 'is', value: '1,5' }],
    ['a part of an amount', { column: 'quantity', operator: 'contains', value: '1' }],
    ['a whole number that is none', { column: 'accountId', operator: 'is', value: '1.5' }],
    ['a word the column does not have', { column: 'status', operator: 'in', value: ['held', 'lost'] }],
  ])('are refused for %s', (_what, wrong) => {
    expect(() => select([wrong])).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  test('translate words of the contract to stored codes', () => {
    expect(select([{ column: 'status', operator: 'in', value: ['gone'] }])).toEqual(
      rows.filter((r) => r.status === 'not_held').map((r) => r.id),
    );
  });
});

test('an order is total and puts blanks last, so that pages never overlap', () => {
  const order = gridOrder(COLUMNS, { sort: [{ column: 'quantity', direction: 'desc' }] }, 'h.id');
  const page = (limit: number, offset: number) =>
    db.prepare(`SELECT h.id, h.quantity FROM ${FROM} ORDER BY ${order} LIMIT ? OFFSET ?`).all(limit, offset) as {
      id: number;
      quantity: Dec | null;
    }[];
  const all = page(1000, 0);
  expect([0, 5, 10, 15, 20, 25].flatMap((offset) => page(5, offset))).toEqual(all);
  const amounts = all.map((r) => r.quantity);
  const firstBlank = amounts.indexOf(null);
  expect(amounts.slice(firstBlank).every((a) => a === null)).toBe(true);
  for (let i = 1; i < firstBlank; i += 1) expect(cmp(amounts[i - 1] as Dec, amounts[i] as Dec)).toBeGreaterThanOrEqual(0);
});
