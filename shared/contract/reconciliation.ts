import { z } from 'zod';
import { HOLDING_FIELDS, SECURITY_TYPES } from '../model/holding.ts';
import { SEVERITIES } from './conflicts.ts';
import { facet, gridFilter, gridPage, gridRequest } from './grid.ts';
import { command, query } from './procedure.ts';
import { calendarDate, count, currency, decimal, id, instant, none, note, shortText } from './values.ts';

/** Break classes of the field, see docs/reconciliation.md. */
export const BREAK_CLASSES = [
  'timing',
  'pending',
  'corporate_action',
  'price_source',
  'stale_price',
  'identifier',
  'missing',
  'extra',
  'duplicate',
  'lot_method',
  'account_mapping',
  'multiplier',
  'rounding',
  'self_inconsistent',
  'cost_basis',
  'cash',
  'quantity',
  'unexplained',
] as const;
export const BREAK_FIELDS = [...HOLDING_FIELDS, 'presence', 'cash'] as const;
export const BREAK_STATUS = ['open', 'fixed', 'accepted'] as const;

export const BREAK_COLUMNS = [
  'portfolio',
  'account',
  'accountNumber',
  'security',
  'ticker',
  'cusip',
  'type',
  'side',
  'field',
  'class',
  'severity',
  'status',
  'clearway',
  'other',
  'difference',
  'impact',
  'ageDays',
  'fixable',
  'accountId',
  'securityId',
] as const;

export const breakRow = z.object({
  id,
  portfolio: z.string(),
  account: z.string(),
  accountId: id,
  accountNumber: z.string(),
  security: z.string(),
  securityId: id.nullable(),
  holdingId: id.nullable(),
  ticker: z.string().nullable(),
  type: z.enum(SECURITY_TYPES),
  currency,
  /** The connection compared with Clearway. */
  side: z.string(),
  connectionId: id,
  field: z.enum(BREAK_FIELDS),
  class: z.enum(BREAK_CLASSES),
  /** Why it was put in this class, in plain words. */
  sentence: note,
  severity: z.enum(SEVERITIES),
  status: z.enum(BREAK_STATUS),
  clearway: z.string().nullable(),
  other: z.string().nullable(),
  difference: decimal.nullable(),
  impact: decimal.nullable(),
  /** Business days since this break was first seen, by its signature. */
  ageDays: count,
  fixable: z.boolean(),
});
export type BreakRow = z.infer<typeof breakRow>;

const tolerance = z.strictObject({ absolute: decimal, relative: decimal });
export const tolerances = z.strictObject({
  quantity: tolerance,
  price: tolerance,
  marketValue: tolerance,
  costBasis: tolerance,
  cash: tolerance,
});

export const runSummary = z.object({
  id,
  status: z.enum(['queued', 'running', 'completed', 'failed']),
  startedAt: instant,
  finishedAt: instant.nullable(),
  by: shortText,
  asOf: calendarDate.nullable(),
  scope: shortText,
  sides: z.array(z.object({ connectionId: id, name: shortText, asOf: calendarDate.nullable(), asOfDiffers: z.boolean() })),
  tolerances,
  compared: count,
  matched: count,
  breaks: count,
  open: count,
  byClass: z.array(facet),
  bySeverity: z.array(facet),
  error: note.nullable(),
});
export type RunSummary = z.infer<typeof runSummary>;

export const breakFilter = gridFilter(BREAK_COLUMNS);

export const reconciliation = {
  'reconciliation.start': command({
    summary: 'Compare Clearway’s book with platforms and custodian statements',
    http: { method: 'POST', path: '/reconciliation/start' },
    input: z.strictObject({
      /** Absent: every account. */
      accountIds: z.array(id).min(1).max(10_000).optional(),
      /** Absent: every connection with data. */
      connectionIds: z.array(id).min(1).max(50).optional(),
      /** Absent: the latest date of each side; sides that differ are flagged. */
      asOf: calendarDate.optional(),
      tolerances: tolerances.optional(),
    }),
    output: z.object({ id }),
    errors: ['not_found', 'not_possible'],
    access: 'analyst',
    audit: { event: 'reconciliation_started' },
  }),
  'reconciliation.runs': query({
    summary: 'Reconciliation runs, newest first',
    http: { method: 'GET', path: '/reconciliation' },
    input: z.strictObject({ limit: z.int().min(1).max(200).default(50) }),
    output: z.object({ items: z.array(runSummary) }),
    errors: [],
    access: 'viewer',
  }),
  'reconciliation.get': query({
    summary: 'One run',
    http: { method: 'GET', path: '/reconciliation/:id' },
    input: z.strictObject({ id }),
    output: runSummary,
    errors: ['not_found'],
    access: 'viewer',
  }),
  'reconciliation.breaks': query({
    summary: 'Breaks of a run, filtered and sorted',
    http: { method: 'GET', path: '/reconciliation/:id/breaks' },
    input: gridRequest(BREAK_COLUMNS).extend({ id }),
    output: gridPage(breakRow),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'reconciliation.facets': query({
    summary: 'Counts by class, severity, side, status and security type for what matches',
    http: { method: 'GET', path: '/reconciliation/:id/facets' },
    input: breakFilter.extend({ id }),
    output: z.object({
      total: count,
      facets: z.record(z.enum(['class', 'severity', 'side', 'status', 'field', 'type']), z.array(facet)),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'reconciliation.fix': command({
    summary: 'Correct Clearway’s book for the safe classes of break, as one batch that can be undone',
    http: { method: 'POST', path: '/reconciliation/:id/fix' },
    input: z.strictObject({ id, breakIds: z.array(id).min(1).max(10_000).optional(), dryRun: z.boolean().default(false) }),
    output: z.object({ batchId: id.nullable(), fixed: count, skipped: z.array(z.object({ reason: note, count })) }),
    errors: ['not_found', 'nothing_selected'],
    access: 'analyst',
    audit: { event: 'breaks_fixed' },
  }),
  'reconciliation.export': query({
    summary: 'Breaks of a run as CSV text, formulas neutralised',
    http: { method: 'GET', path: '/reconciliation/:id/export' },
    input: breakFilter.extend({ id }),
    output: z.object({ fileName: z.string(), contentType: z.string(), text: z.string(), rows: count }),
    errors: ['not_found', 'too_large'],
    access: 'viewer',
  }),
  'settings.get': query({
    summary: 'Tolerances and survivorship',
    http: { method: 'GET', path: '/settings' },
    input: none,
    output: z.object({ tolerances }),
    errors: [],
    access: 'viewer',
  }),
  'settings.update': command({
    summary: 'Change the tolerances that new conflicts and runs use',
    http: { method: 'PUT', path: '/settings' },
    input: z.strictObject({ tolerances }),
    output: z.object({ tolerances }),
    errors: [],
    access: 'admin',
    audit: { event: 'settings_changed' },
  }),
};
