import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const settings = sqliteTable('settings', {
  key: text('key').primaryKey(),
  value: text('value').notNull(),
});

export const connections = sqliteTable('connections', {
  id: integer('id').primaryKey(),
  platform: text('platform').notNull(),
  name: text('name').notNull().unique(),
  baseUrl: text('base_url').notNull(),
  settings: text('settings').notNull().default('{}'),
  status: text('status').notNull().default('active'),
  strategy: text('strategy').notNull().default('MANUAL_REVIEW'),
  survivorshipRank: integer('survivorship_rank').notNull(),
  syncEveryMinutes: integer('sync_every_minutes').notNull().default(240),
  secretRef: text('secret_ref'),
  secretHint: text('secret_hint'),
  createdAt: text('created_at').notNull(),
  updatedAt: text('updated_at').notNull(),
});

export const portfolios = sqliteTable('portfolios', {
  id: integer('id').primaryKey(),
  name: text('name').notNull().unique(),
});

export const accounts = sqliteTable('accounts', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  number: text('number').notNull(),
  numberKey: text('number_key').notNull(),
  custodian: text('custodian').notNull(),
  currency: text('currency').notNull(),
  portfolioId: integer('portfolio_id'),
  createdBatch: integer('created_batch').notNull(),
});

export const accountLinks = sqliteTable(
  'account_links',
  {
    connectionId: integer('connection_id').notNull(),
    externalId: text('external_id').notNull(),
    accountId: integer('account_id'),
    reason: text('reason').notNull(),
    name: text('name').notNull(),
    number: text('number').notNull(),
    custodian: text('custodian').notNull(),
    suggestions: text('suggestions').notNull().default('[]'),
    record: text('record').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.externalId] })],
);

export const securities = sqliteTable('securities', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  type: text('type').notNull(),
  ticker: text('ticker'),
  cusip: text('cusip'),
  isin: text('isin'),
  sedol: text('sedol'),
  figi: text('figi'),
  currency: text('currency').notNull(),
  multiplier: text('multiplier').notNull(),
  createdBatch: integer('created_batch').notNull(),
});

export const securityLinks = sqliteTable(
  'security_links',
  {
    connectionId: integer('connection_id').notNull(),
    externalId: text('external_id').notNull(),
    securityId: integer('security_id'),
    reason: text('reason').notNull(),
    name: text('name').notNull(),
    detail: text('detail').notNull(),
    suggestions: text('suggestions').notNull().default('[]'),
    record: text('record').notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.externalId] })],
);
