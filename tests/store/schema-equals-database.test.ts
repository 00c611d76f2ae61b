import { join } from 'node:path';
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core';
import { expect, onTestFinished, test } from 'vitest';
import * as alerts from '../../main/store/schema/alerts.ts';
import * as book from '../../main/store/schema/book.ts';
import * as identity from '../../main/store/schema/identity.ts';
import * as operations from '../../main/store/schema/operations.ts';
import * as records from '../../main/store/schema/records.ts';
import type { WritableDb } from '../../main/store/handles.ts';
import { migrate } from '../../main/store/migrate.ts';
import { closeDb, openWritable } from '../../main/store/open.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { tempFolder } from '../support/temp-folder.ts';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notNull: boolean;
  /** Place in the primary key from 1; 0 when not part of it. */
  readonly key: number;
  readonly default: string | null;
  readonly generated: boolean;
}

const exported: readonly unknown[] = Object.values({ ...alerts, ...book, ...identity, ...operations, ...records });
const tables = exported.filter((t): t is SQLiteTable => t instanceof SQLiteTable);

/** A default as SQL writes it: text in quotes, numbers bare. */
const literal = (value: unknown): string | null =>
  value === undefined ? null : typeof value === 'string' ? `'${value}'` : String(value);

function described(table: SQLiteTable): Column[] {
  const { columns, primaryKeys } = getTableConfig(table);
  const key = primaryKeys[0]?.columns.map((c) => c.name) ?? columns.filter((c) => c.primary).map((c) => c.name);
  return columns.map((c) => ({
    name: c.name,
    type: c.getSQLType().toUpperCase(),
    notNull: c.notNull,
    key: key.indexOf(c.name) + 1,
    default: literal(c.default),
    generated: c.generated !== undefined,
  }));
}

interface Info {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
  readonly pk: number;
  readonly hidden: number;
}

// A key of one integer column and the columns of a key WITHOUT ROWID are never null, whether the table says so or not.
const existing = (db: WritableDb, table: string): Column[] =>
  (db.prepare('SELECT * FROM pragma_table_xinfo(?) ORDER BY cid').all(table) as Info[]).map((c) => ({
    name: c.name,
    type: c.type,
    notNull: c.notnull === 1 || c.pk > 0,
    key: c.pk,
    default: c.dflt_value,
    generated: c.hidden === 2,
  }));

function migrated(): WritableDb {
  const db = openWritable(join(tempFolder(), 'book.db'));
  onTestFinished(() => closeDb(db));
  migrate(db, MIGRATIONS);
  return db;
}

test('the schema of the query builder names every table of the migrated database and no other', () => {
  const names = migrated()
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'schema_migrations' ORDER BY name",
    )
    .pluck()
    .all();
  expect(tables.map((t) => getTableConfig(t).name).toSorted()).toEqual(names);
});

test.each(tables.map((table) => [getTableConfig(table).name, table] as const))(
  '%s has the same columns: name, type, null, key, default, generated',
  (name, table) => {
    const db = migrated();
    expect(described(table).map((c) => ({ ...c, notNull: c.notNull || c.key > 0 }))).toEqual(existing(db, name));
  },
);

test.each(tables.map((table) => [getTableConfig(table).name, table] as const))(
  '%s has the same unique columns',
  (name, table) => {
    const db = migrated();
    const unique = db
      .prepare("SELECT i.name FROM pragma_index_list(?) l JOIN pragma_index_info(l.name) i WHERE l.origin = 'u' ORDER BY i.name")
      .pluck()
      .all(name);
    expect(
      getTableConfig(table)
        .columns.filter((c) => c.isUnique)
        .map((c) => c.name)
        .toSorted(),
    ).toEqual(unique);
  },
);
