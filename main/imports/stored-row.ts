import type { ReadDb } from '../store/handles.ts';
import { LOGGED_TABLES, type Change, type LoggedTable, type Row } from './change-log.ts';

const WITH_VERSION: ReadonlySet<LoggedTable> = new Set<LoggedTable>(['holdings', 'book_records', 'conflicts']);

/** Table and column names come from `LOGGED_TABLES` and from rows this program logged; nothing else becomes SQL. */
const COLUMN = /^[a-z_]+$/;
const columns = (row: Row): string[] =>
  Object.keys(row).map((name) => {
    if (!COLUMN.test(name)) throw new Error(`${name} is not a column.`);
    return name;
  });
const whereKey = (table: LoggedTable): string => LOGGED_TABLES[table].map((c) => `${c} = ?`).join(' AND ');

/** An empty object of origins and none are the same: undoing a decision leaves one where there was none. */
const origins = (value: unknown): string => {
  const entries = typeof value === 'string' ? Object.entries(JSON.parse(value) as Record<string, string>) : [];
  return JSON.stringify(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};
const same = (column: string, a: unknown, b: unknown): boolean =>
  column === 'version' || a === b || (column === 'field_origins' && origins(a) === origins(b));

interface Statement {
  get(...values: readonly unknown[]): unknown;
  run(...values: readonly unknown[]): unknown;
}

export interface StoredRows {
  /** Whether a row still stands as an import left it. Versions only count changes, so they are no difference. */
  standsAsLeft(change: Pick<Change, 'table' | 'key' | 'after'>): boolean;
  /** Puts a row back as it was: writes it again, or gives the columns that changed their earlier values. */
  putBack(change: Change): void;
  remove(change: Pick<Change, 'table' | 'key'>): void;
}

/** Rows of the logged tables, one at a time. `putBack` and `remove` need a writable book. */
export function createStoredRows(db: ReadDb): StoredRows {
  const prepared = new Map<string, Statement>();
  const prepare = (sql: string): Statement => {
    const statement = prepared.get(sql) ?? db.prepare<unknown[]>(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return {
    standsAsLeft({ table, key, after }) {
      const now = prepare(`SELECT * FROM ${table} WHERE ${whereKey(table)}`).get(...key) as Row | undefined;
      if (now === undefined || after === null) return now === undefined && after === null;
      return Object.keys(after).every((column) => same(column, now[column] ?? null, after[column] ?? null));
    },
    putBack({ table, key, before, after }) {
      if (before === null) throw new Error('There was no row to put back.');
      const names = columns(before).filter((name) => after === null || name !== 'version');
      const values = names.map((name) => before[name] ?? null);
      if (after === null) {
        prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(...values);
        return;
      }
      const sets = [...names.map((name) => `${name} = ?`), ...(WITH_VERSION.has(table) ? ['version = version + 1'] : [])];
      prepare(`UPDATE ${table} SET ${sets.join(', ')} WHERE ${whereKey(table)}`).run(...values, ...key);
    },
    remove({ table, key }) {
      prepare(`DELETE FROM ${table} WHERE ${whereKey(table)}`).run(...key);
    },
  };
}
