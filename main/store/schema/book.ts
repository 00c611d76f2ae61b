import { sql, type SQL } from 'drizzle-orm';
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** The exact integer twin of a decimal text column; the migration holds the expression, which is not repeated here. */
const scaled = (column: string): SQL => sql.raw(`${column}_scaled`);

export const holdings = sqliteTable('holdings', {
  id: integer('id').primaryKey(),
  accountId: integer('account_id').notNull(),
  securityId: integer('security_id').notNull(),
  status: text('status').notNull(),
  quantity: text('quantity'),
  price: text('price'),
  marketValue: text('market_value'),
  costBasis: text('cost_basis'),
  currency: text('currency').notNull(),
  asOf: text('as_of'),
  origin: text('origin').notNull(),
  fieldOrigins: text('field_origins'),
  openingBase: text('opening_base'),
  version: integer('version').notNull().default(1),
  createdBatch: integer('created_batch').notNull(),
});

export const holdingBases = sqliteTable(
  'holding_bases',
  {
    holdingId: integer('holding_id').notNull(),
    connectionId: integer('connection_id').notNull(),
    field: text('field').notNull(),
    value: text('value'),
  },
  (t) => [primaryKey({ columns: [t.holdingId, t.connectionId, t.field] })],
);

export const sourceHoldings = sqliteTable('source_holdings', {
  id: integer('id').primaryKey(),
  connectionId: integer('connection_id').notNull(),
  externalId: text('external_id').notNull(),
  accountExternalId: text('account_external_id').notNull(),
  securityExternalId: text('security_external_id').notNull(),
  holdingId: integer('holding_id'),
  quantity: text('quantity').notNull(),
  price: text('price'),
  marketValue: text('market_value'),
  costBasis: text('cost_basis'),
  currency: text('currency'),
  asOf: text('as_of').notNull(),
  modifiedAt: text('modified_at'),
  payloadId: integer('payload_id').notNull(),
  place: text('place').notNull(),
  validFromOp: integer('valid_from_op').notNull(),
  validToOp: integer('valid_to_op'),
});

export const sourceTransactions = sqliteTable('source_transactions', {
  id: integer('id').primaryKey(),
  connectionId: integer('connection_id').notNull(),
  externalId: text('external_id').notNull(),
  accountExternalId: text('account_external_id').notNull(),
  securityExternalId: text('security_external_id'),
  accountId: integer('account_id'),
  securityId: integer('security_id'),
  type: text('type').notNull(),
  tradeDate: text('trade_date').notNull(),
  settleDate: text('settle_date'),
  quantityDelta: text('quantity_delta').notNull(),
  price: text('price'),
  cashDelta: text('cash_delta').notNull(),
  currency: text('currency').notNull(),
  memo: text('memo').notNull(),
  payloadId: integer('payload_id').notNull(),
  place: text('place').notNull(),
  validFromOp: integer('valid_from_op').notNull(),
  validToOp: integer('valid_to_op'),
  recordId: integer('record_id'),
});

/** What every versioned record of a connection carries. */
const versioned = () => ({
  id: integer('id').primaryKey(),
  connectionId: integer('connection_id').notNull(),
  externalId: text('external_id').notNull(),
  payloadId: integer('payload_id').notNull(),
  place: text('place').notNull(),
  validFromOp: integer('valid_from_op').notNull(),
  validToOp: integer('valid_to_op'),
});
const ofPeriod = () => ({
  kind: text('kind').notNull(),
  periodFrom: text('period_from'),
  periodTo: text('period_to').notNull(),
  annualised: integer('annualised').notNull(),
  rate: text('rate').notNull(),
});

export const sourcePerformance = sqliteTable('source_performance', {
  ...versioned(),
  ...ofPeriod(),
  accountExternalId: text('account_external_id').notNull(),
  accountId: integer('account_id'),
  method: text('method').notNull(),
  fees: text('fees'),
  beginValue: text('begin_value'),
  endValue: text('end_value'),
  netFlows: text('net_flows'),
  currency: text('currency'),
  recordId: integer('record_id'),
});

export const sourceBenchmarks = sqliteTable('source_benchmarks', { ...versioned(), name: text('name').notNull() });

export const sourceBenchmarkReturns = sqliteTable('source_benchmark_returns', {
  ...versioned(),
  ...ofPeriod(),
  benchmarkExternalId: text('benchmark_external_id').notNull(),
});

export const sourceBenchmarkAssignments = sqliteTable('source_benchmark_assignments', {
  ...versioned(),
  accountExternalId: text('account_external_id').notNull(),
  accountId: integer('account_id'),
  benchmarkExternalId: text('benchmark_external_id').notNull(),
});

export const sourceTaxLots = sqliteTable('source_tax_lots', {
  id: integer('id').primaryKey(),
  connectionId: integer('connection_id').notNull(),
  externalId: text('external_id').notNull(),
  positionExternalId: text('position_external_id').notNull(),
  accountExternalId: text('account_external_id').notNull(),
  securityExternalId: text('security_external_id').notNull(),
  accountId: integer('account_id'),
  securityId: integer('security_id'),
  acquiredOn: text('acquired_on'),
  heldFrom: text('held_from'),
  term: text('term'),
  quantity: text('quantity').notNull(),
  costBasis: text('cost_basis'),
  marketValue: text('market_value'),
  currency: text('currency').notNull(),
  asOf: text('as_of').notNull(),
  payloadId: integer('payload_id').notNull(),
  place: text('place').notNull(),
  validFromOp: integer('valid_from_op').notNull(),
  validToOp: integer('valid_to_op'),
  recordId: integer('record_id'),
});

export const conflicts = sqliteTable('conflicts', {
  id: integer('id').primaryKey(),
  holdingId: integer('holding_id'),
  recordId: integer('record_id'),
  field: text('field').notNull(),
  reason: text('reason').notNull(),
  status: text('status').notNull(),
  severity: integer('severity').notNull(),
  base: text('base'),
  clearway: text('clearway'),
  signature: text('signature').notNull(),
  sources: text('sources').notNull(),
  difference: text('difference'),
  differencePercent: text('difference_percent'),
  impact: text('impact'),
  openedOp: integer('opened_op'),
  openedAt: text('opened_at').notNull(),
  closedAt: text('closed_at'),
  batchId: integer('batch_id'),
  strategy: text('strategy'),
  settledValue: text('settled_value'),
  settledBy: text('settled_by'),
  version: integer('version').notNull().default(1),
  differenceE8: integer('difference_e8').generatedAlwaysAs(scaled('difference'), { mode: 'virtual' }),
  differencePercentE8: integer('difference_percent_e8').generatedAlwaysAs(scaled('difference_percent'), { mode: 'virtual' }),
  impactE8: integer('impact_e8').generatedAlwaysAs(scaled('impact'), { mode: 'virtual' }),
});

export const comments = sqliteTable('comments', {
  id: integer('id').primaryKey(),
  conflictId: integer('conflict_id').notNull(),
  author: text('author').notNull(),
  at: text('at').notNull(),
  text: text('text').notNull(),
});

export const reconciliationRuns = sqliteTable('reconciliation_runs', {
  id: integer('id').primaryKey(),
  status: text('status').notNull(),
  startedAt: text('started_at').notNull(),
  finishedAt: text('finished_at'),
  actor: text('actor').notNull(),
  asOf: text('as_of'),
  scope: text('scope').notNull(),
  accountIds: text('account_ids'),
  sides: text('sides').notNull(),
  tolerances: text('tolerances').notNull(),
  compared: integer('compared').notNull().default(0),
  matched: integer('matched').notNull().default(0),
  error: text('error'),
});

export const breaks = sqliteTable('breaks', {
  id: integer('id').primaryKey(),
  runId: integer('run_id').notNull(),
  connectionId: integer('connection_id').notNull(),
  accountId: integer('account_id').notNull(),
  securityId: integer('security_id'),
  holdingId: integer('holding_id'),
  field: text('field').notNull(),
  class: text('class').notNull(),
  sentence: text('sentence').notNull(),
  severity: integer('severity').notNull(),
  status: text('status').notNull(),
  clearway: text('clearway'),
  other: text('other'),
  difference: text('difference'),
  impact: text('impact'),
  currency: text('currency').notNull(),
  fixable: integer('fixable').notNull().default(0),
  signature: text('signature').notNull(),
  firstSeen: text('first_seen').notNull(),
  batchId: integer('batch_id'),
  differenceE8: integer('difference_e8').generatedAlwaysAs(scaled('difference'), { mode: 'virtual' }),
  impactE8: integer('impact_e8').generatedAlwaysAs(scaled('impact'), { mode: 'virtual' }),
});
