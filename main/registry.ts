import { alertJobs } from './alerts/jobs.ts';
import { alertReads } from './alerts/reads.ts';
import { bookReads, storedPayload } from './api/book-reads.ts';
import { bookWrites } from './api/book-writes.ts';
import { conflictReads, conflictWrites } from './api/conflict-handlers.ts';
import { usedBudgets } from './api/connection-health.ts';
import { connectionFacts, connectionReads, connectionRuns } from './api/connection-reads.ts';
import { connectionWrites } from './api/connection-writes.ts';
import { appFacts } from './api/app-facts.ts';
import { bookFigures } from './api/book-figures.ts';
import { openBook } from './api/opening-book.ts';
import { overviewRead } from './api/overview-read.ts';
import { importReads } from './imports/reads.ts';
import { importJobs } from './imports/jobs.ts';
import { performanceReads } from './api/performance-reads.ts';
import { reconciliationJobs } from './reconciliation/jobs.ts';
import { reconciliationReads } from './reconciliation/reads.ts';
import { auditHead, verifyAudit, type AuditAnchor } from './store/audit.ts';
import type { ReadDb } from './store/handles.ts';
import { syncHistoryReads } from './api/sync-history-reads.ts';
import { syncJobs } from './sync/jobs.ts';
import { outageJobs } from './sync/outage-jobs.ts';
import { changeLimits } from './sync/sync-limits.ts';
import { webhookEndpoint, webhookReads, webhookWrites } from './api/webhook-store.ts';
import { requestJobs } from './sync/request-counts.ts';
import { scheduleJobs } from './sync/schedule-jobs.ts';
import { taxLotReads } from './api/tax-lot-reads.ts';
import { transactionReads } from './api/transaction-reads.ts';

/** Everything the reader thread answers, by procedure name or, with a slash, for other parts of the program. */
export const reads = {
  ...bookReads,
  ...connectionReads,
  ...syncHistoryReads,
  ...conflictReads,
  ...reconciliationReads,
  ...importReads,
  ...transactionReads,
  ...performanceReads,
  ...webhookReads,
  ...taxLotReads,
  ...alertReads,
  'overview.get': overviewRead,
  'app/facts': appFacts,
  'book/figures': bookFigures,
  'connection/facts': connectionFacts,
  'webhook/endpoint': webhookEndpoint,
  'connection/runs': connectionRuns,
  'connection/budgets': usedBudgets,
  'payload/stored': storedPayload,
  'audit/head': auditHead,
  'audit/verify': (db: ReadDb, { anchors }: { anchors: readonly AuditAnchor[] }) => verifyAudit(db, anchors),
} as const;

/** Everything the writer thread does. */
export const writes = {
  ...bookWrites,
  ...conflictWrites,
  ...connectionWrites,
  ...reconciliationJobs,
  ...importJobs,
  ...syncJobs,
  ...webhookWrites,
  ...requestJobs,
  ...scheduleJobs,
  ...outageJobs,
  'sync.changeLimits': changeLimits,
  ...alertJobs,
  'book/open': openBook,
} as const;

export type ReadTable = typeof reads;
export type WriteTable = typeof writes;
