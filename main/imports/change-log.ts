import type { WritableDb } from '../store/handles.ts';

/** Tables of which every change of an import is logged, with their keys. Other tables hold its history and stay. */
export const LOGGED_TABLES = {
  holdings: ['id'],
  holding_bases: ['holding_id', 'connection_id', 'field'],
  book_records: ['id'],
  record_bases: ['record_id', 'connection_id', 'field'],
  conflicts: ['id'],
  source_holdings: ['id'],
  source_transactions: ['id'],
  accounts: ['id'],
  securities: ['id'],
  account_links: ['connection_id', 'external_id'],
  security_links: ['connection_id', 'external_id'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type LoggedTable = keyof typeof LOGGED_TABLES;
export type Row = Readonly<Record<string, string | number | null>>;

/** What a row was before and is after everything that happened to it; null where there was or is none. */
export interface Change {
  readonly table: LoggedTable;
  readonly key: readonly (string | number)[];
  readonly before: Row | null;
  readonly after: Row | null;
}

const TABLES = Object.keys(LOGGED_TABLES) as LoggedTable[];

/** Columns of a table that are stored, in order; generated ones follow from them. */
export const columnsOf = (db: Pick<WritableDb, 'prepare'>, table: LoggedTable): string[] =>
  db.prepare('SELECT name FROM pragma_table_info(?) ORDER BY cid').pluck().all(table) as string[];

function triggersOf(db: WritableDb, table: LoggedTable): string {
  const columns = columnsOf(db, table);
  const row = (version: 'OLD' | 'NEW'): string => `json_object(${columns.map((c) => `'${c}', ${version}.${c}`).join(', ')})`;
  const key = (version: 'OLD' | 'NEW'): string => `json_array(${LOGGED_TABLES[table].map((c) => `${version}.${c}`).join(', ')})`;
  const trigger = (event: 'INSERT' | 'UPDATE' | 'DELETE', version: 'OLD' | 'NEW', before: string, after: string): string =>
    `CREATE TEMP TRIGGER import_${table}_${event.toLowerCase()} AFTER ${event} ON main.${table} BEGIN
       INSERT INTO import_changes (tbl, id, before, after) VALUES ('${table}', ${key(version)}, ${before}, ${after}); END;`;
  return [
    trigger('INSERT', 'NEW', 'NULL', row('NEW')),
    trigger('UPDATE', 'OLD', row('OLD'), row('NEW')),
    trigger('DELETE', 'OLD', row('OLD'), 'NULL'),
  ].join('\n');
}

const DROP = [
  ...TABLES.flatMap((table) => ['insert', 'update', 'delete'].map((event) => `DROP TRIGGER temp.import_${table}_${event};`)),
  'DROP TABLE temp.import_changes;',
].join('\n');

interface LogRow {
  readonly tbl: LoggedTable;
  readonly id: string;
  readonly before: string | null;
  readonly after: string | null;
}

const parsed = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));

/**
 * Runs `work` and answers what it changed in the logged tables, one entry per row, in the order of first change. Triggers
 * that live only inside this transaction see every write, so the merge need not know that it is watched and a sync pays
 * nothing for it. Must be called inside a transaction; when `work` throws, the transaction's end removes the triggers.
 */
export function logChanges<R>(db: WritableDb, work: () => R): { result: R; changes: Change[] } {
  db.exec(`CREATE TEMP TABLE import_changes (seq INTEGER PRIMARY KEY, tbl TEXT NOT NULL, id TEXT NOT NULL, before TEXT, after TEXT);
    ${TABLES.map((table) => triggersOf(db, table)).join('\n')}`);
  const result = work();
  const net = new Map<string, LogRow>();
  for (const row of db
    .prepare('SELECT tbl, id, before, after FROM import_changes ORDER BY seq')
    .iterate() as IterableIterator<LogRow>) {
    const place = `${row.tbl} ${row.id}`;
    net.set(place, { ...row, before: net.has(place) ? (net.get(place)?.before ?? null) : row.before });
  }
  db.exec(DROP);
  const changes = [...net.values()]
    .filter((row) => row.before !== row.after)
    .map((row) => ({
      table: row.tbl,
      key: JSON.parse(row.id) as Change['key'],
      before: parsed<Row>(row.before),
      after: parsed<Row>(row.after),
    }));
  return { result, changes };
}
