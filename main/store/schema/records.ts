import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const bookRecords = sqliteTable('book_records', {
  id: integer('id').primaryKey(),
  stream: text('stream').notNull(),
  accountId: integer('account_id').notNull(),
  securityId: integer('security_id'),
  recordKey: text('record_key'),
  kind: text('kind').notNull(),
  onDate: text('on_date'),
  fromDate: text('from_date'),
  status: text('status').notNull().default('held'),
  quantity: text('quantity'),
  price: text('price'),
  marketValue: text('market_value'),
  costBasis: text('cost_basis'),
  cash: text('cash'),
  rate: text('rate'),
  currency: text('currency').notNull(),
  asOf: text('as_of'),
  origin: text('origin').notNull(),
  fieldOrigins: text('field_origins'),
  version: integer('version').notNull().default(1),
  createdBatch: integer('created_batch').notNull(),
});

export const recordBases = sqliteTable(
  'record_bases',
  {
    recordId: integer('record_id').notNull(),
    connectionId: integer('connection_id').notNull(),
    field: text('field').notNull(),
    value: text('value'),
  },
  (t) => [primaryKey({ columns: [t.recordId, t.connectionId, t.field] })],
);
