import { z } from 'zod';
import { CONFLICT_FIELDS, PLATFORMS, SECURITY_TYPES, STRATEGIES, VALUE_FIELDS } from '../model/holding.ts';
import { RECORD_STREAMS } from '../model/record.ts';
import { provenance } from './book.ts';
import { facet, gridFilter, gridPage, gridRequest } from './grid.ts';
import { command, query } from './procedure.ts';
import { calendarDate, count, currency, decimal, id, instant, none, note, shortText } from './values.ts';

export const CONFLICT_REASONS = [
  'both_changed',
  'sources_disagree',
  'missing_at_source',
  'only_at_source',
  'no_base',
  'duplicate_records',
] as const;
export const CONFLICT_STATUS = ['open', 'review', 'settled', 'healed'] as const;
/** What a conflict can be about. */
export const CONFLICT_STREAMS = ['position', ...RECORD_STREAMS] as const;
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

export const CONFLICT_COLUMNS = [
  'portfolio',
  'account',
  'accountNumber',
  'security',
  'ticker',
  'cusip',
  'type',
  'stream',
  'recordDate',
  'field',
  'reason',
  'status',
  'severity',
  'clearway',
  'difference',
  'differencePercent',
  'impact',
  'openedAt',
  'strategy',
  'settledBy',
  'connectionId',
  'portfolioId',
  'accountId',
  'securityId',
  'holdingId',
  'recordId',
  'batchId',
] as const;

/** A value as text: a decimal for amounts, `held` or `not_held` for presence. */
const fieldValue = z.string().nullable();

export const sourceValue = z.object({ connectionId: id, value: fieldValue, asOf: calendarDate.nullable() });

export const conflictRow = z.object({
  id,
  /** Null where the conflict is not about a position. */
  holdingId: id.nullable(),
  stream: z.enum(CONFLICT_STREAMS),
  /** What it is about where that is no position: type of a transaction and its trade date; method of a return and its period. */
  record: z.object({ id, kind: z.string(), date: calendarDate.nullable(), from: calendarDate.nullable() }).nullable(),
  portfolio: z.string(),
  account: z.string(),
  accountId: id,
  accountNumber: z.string(),
  /** Empty where no security is meant. */
  security: z.string(),
  securityId: id.nullable(),
  ticker: z.string().nullable(),
  type: z.enum(SECURITY_TYPES).nullable(),
  currency,
  field: z.enum(CONFLICT_FIELDS),
  reason: z.enum(CONFLICT_REASONS),
  status: z.enum(CONFLICT_STATUS),
  severity: z.enum(SEVERITIES),
  base: fieldValue,
  clearway: fieldValue,
  sources: z.array(sourceValue),
  /** Largest distance of a source from Clearway, in the field’s unit. */
  difference: decimal.nullable(),
  /** The same relative to Clearway, as a fraction rounded to 6 decimals. */
  differencePercent: decimal.nullable(),
  /** What the difference is worth, in the position’s currency. */
  impact: decimal.nullable(),
  openedAt: instant,
  strategy: z.enum(STRATEGIES).nullable(),
  settledValue: fieldValue,
  settledBy: z.string().nullable(),
  comments: count,
  version: z.int(),
});
export type ConflictRow = z.infer<typeof conflictRow>;

export const conflictFilter = gridFilter(CONFLICT_COLUMNS);

/** Either rows by id, or everything that matches the filter except some. */
export const conflictSelection = z.union([
  z.strictObject({ ids: z.array(id).min(1).max(10_000) }),
  z.strictObject({ matching: conflictFilter, except: z.array(id).max(10_000).default([]) }),
]);

/**
 * What to decide. PLATFORM_WINS takes the named connection, else the best ranked that reports the field.
 * MANUAL_REVIEW with a value settles by hand; without one it puts the conflict aside for a person.
 */
export const decision = z.strictObject({
  strategy: z.enum(STRATEGIES),
  connectionId: id.optional(),
  value: z.string().max(60).optional(),
});

const proposal = z.object({
  conflictId: id,
  account: z.string(),
  security: z.string(),
  currency,
  field: z.enum(CONFLICT_FIELDS),
  before: fieldValue,
  after: fieldValue,
  impact: decimal.nullable(),
});

export const conflictPreview = z.object({
  selected: count,
  settles: count,
  /** Conflicts the decision cannot settle, by reason. */
  excluded: z.array(z.object({ reason: note, count })),
  accounts: z.array(z.object({ account: z.string(), count, change: decimal, currency })),
  accountsTotal: count,
  totals: z.array(z.object({ currency, marketValueBefore: decimal, marketValueAfter: decimal })),
  largest: z.array(proposal),
});

const settlement = z.object({ batchId: id.nullable(), settled: count, excluded: z.array(z.object({ reason: note, count })) });

/** What can be wrong with an entry of the audit trail. */
export const AUDIT_PROBLEMS = ['edited', 'missing', 'not chained', 'rewritten', 'cut off'] as const;

export const conflicts = {
  'conflicts.page': query({
    summary: 'Conflicts, filtered and sorted',
    http: { method: 'GET', path: '/conflicts' },
    input: gridRequest(CONFLICT_COLUMNS),
    output: gridPage(conflictRow),
    errors: [],
    access: 'viewer',
  }),
  'conflicts.facets': query({
    summary: 'Counts by field, reason, severity, platform, security type and status for what matches',
    http: { method: 'GET', path: '/conflicts/facets' },
    input: conflictFilter,
    output: z.object({
      total: count,
      facets: z.record(z.enum(['stream', 'field', 'reason', 'severity', 'status', 'type', 'connectionId']), z.array(facet)),
    }),
    errors: [],
    access: 'viewer',
  }),
  'conflicts.get': query({
    summary: 'One conflict side by side: base, Clearway, every source, and the record around it',
    http: { method: 'GET', path: '/conflicts/:id' },
    input: z.strictObject({ id }),
    output: z.object({
      row: conflictRow,
      /** One plain sentence: why this is a conflict. */
      sentence: z.string(),
      fields: z.array(
        z.object({
          field: z.enum(VALUE_FIELDS),
          clearway: decimal.nullable(),
          clearwayProvenance: provenance,
          sources: z.array(
            z.object({
              connectionId: id,
              connectionName: z.string(),
              platform: z.enum(PLATFORMS),
              base: decimal.nullable(),
              value: decimal.nullable(),
              held: z.boolean(),
              asOf: calendarDate.nullable(),
              modifiedAt: instant.nullable(),
              receivedAt: instant.nullable(),
              recordId: id.nullable(),
              /** Source minus Clearway; null when either is missing. */
              difference: decimal.nullable(),
              differencePercent: decimal.nullable(),
            }),
          ),
          inConflict: z.boolean(),
          agrees: z.boolean(),
        }),
      ),
      /** What each strategy would write, and why one cannot. */
      outcomes: z.array(
        z.object({ strategy: z.enum(STRATEGIES), connectionId: id.nullable(), value: fieldValue, reason: note.nullable() }),
      ),
      comments: z.array(z.object({ id, author: z.string(), at: instant, text: note })),
      history: z.array(z.object({ at: instant, by: z.string(), what: z.string(), batchId: id.nullable() })),
      /** `sameSubject`: of the same position or record. */
      related: z.object({ sameSecurity: count, sameAccount: count, sameSubject: count }),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'conflicts.preview': command({
    summary: 'What a decision would do to a selection, with counts and totals; writes nothing',
    http: { method: 'POST', path: '/conflicts/preview' },
    input: z.strictObject({ selection: conflictSelection, decision }),
    output: conflictPreview,
    errors: ['not_found', 'nothing_selected'],
    access: 'analyst',
    audit: { none: 'Writes nothing' },
  }),
  'conflicts.resolve': command({
    summary: 'Apply one decision to a selection as one batch',
    http: { method: 'POST', path: '/conflicts/resolve' },
    input: z.strictObject({
      selection: conflictSelection,
      decision,
      comment: note.default(''),
      /** For a single conflict: the version the person saw; refused when it has changed since. */
      expectedVersion: z.int().optional(),
    }),
    output: settlement,
    errors: ['not_found', 'nothing_selected', 'conflict_changed', 'not_possible'],
    access: 'analyst',
    audit: { event: 'conflicts_settled' },
  }),
  'portfolios.conflicts': query({
    summary: 'Conflicts of one portfolio',
    http: { method: 'GET', path: '/portfolios/:id/conflicts' },
    input: gridRequest(CONFLICT_COLUMNS).extend({ id }),
    output: gridPage(conflictRow),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'portfolios.resolveConflict': command({
    summary: 'Settle one conflict of a portfolio',
    http: { method: 'PUT', path: '/portfolios/:id/conflicts/:conflictId/resolve' },
    input: z.strictObject({
      id,
      conflictId: id,
      ...decision.shape,
      comment: note.default(''),
      expectedVersion: z.int().optional(),
    }),
    output: settlement,
    errors: ['not_found', 'conflict_changed', 'not_possible'],
    access: 'analyst',
    audit: { event: 'conflicts_settled' },
  }),
  'conflicts.comment': command({
    summary: 'Add a comment',
    http: { method: 'POST', path: '/conflicts/:id/comments' },
    input: z.strictObject({ id, text: note.min(1) }),
    output: z.object({ id }),
    errors: ['not_found'],
    access: 'analyst',
    audit: { event: 'comment_added' },
  }),
  'batches.list': query({
    summary: 'What was decided, newest first',
    http: { method: 'GET', path: '/batches' },
    input: z.strictObject({ limit: z.int().min(1).max(200).default(50) }),
    output: z.object({
      items: z.array(
        z.object({
          id,
          kind: z.enum(['decision', 'edit', 'fix', 'import', 'undo', 'redo', 'link']),
          summary: shortText,
          by: z.string(),
          at: instant,
          items: count,
          undone: z.boolean(),
          canUndo: z.boolean(),
        }),
      ),
    }),
    errors: [],
    access: 'viewer',
  }),
  'batches.previewUndo': query({
    summary: 'What undoing a batch would bring back, and which later decisions stand in the way',
    http: { method: 'GET', path: '/batches/:id/undo-preview' },
    input: z.strictObject({ id }),
    output: z.object({ restores: count, blocked: z.array(z.object({ reason: note, count })) }),
    errors: ['not_found', 'already_undone'],
    access: 'viewer',
  }),
  'batches.undo': command({
    summary: 'Undo a whole batch; items changed since are left alone and counted, unless none can be undone',
    http: { method: 'POST', path: '/batches/:id/undo' },
    input: z.strictObject({ id }),
    output: z.object({ batchId: id, restored: count, blocked: z.array(z.object({ reason: note, count })) }),
    errors: ['not_found', 'already_undone', 'later_decisions'],
    access: 'analyst',
    audit: { event: 'batch_undone' },
  }),
  'batches.redo': command({
    summary: 'Apply an undone batch again',
    http: { method: 'POST', path: '/batches/:id/redo' },
    input: z.strictObject({ id }),
    output: z.object({ batchId: id, restored: count, blocked: z.array(z.object({ reason: note, count })) }),
    errors: ['not_found', 'not_possible', 'later_decisions'],
    access: 'analyst',
    audit: { event: 'batch_redone' },
  }),
  'audit.page': query({
    summary: 'Audit trail, newest first',
    http: { method: 'GET', path: '/audit' },
    input: z.strictObject({ before: z.int().min(1).optional(), limit: z.int().min(1).max(500).default(100) }),
    output: z.object({
      items: z.array(
        z.object({
          seq: z.int(),
          at: instant,
          actor: z.string(),
          event: z.string(),
          subject: z.string(),
          details: z.string(),
          hash: z.string(),
        }),
      ),
    }),
    errors: [],
    access: 'viewer',
  }),
  'audit.verify': query({
    summary: 'Check the hash chain of the audit trail, and against what was noted of it outside the book',
    http: { method: 'GET', path: '/audit/verification' },
    input: none,
    output: z.object({
      entries: count,
      ok: z.boolean(),
      firstBad: z.int().nullable(),
      problem: z.enum(AUDIT_PROBLEMS).nullable(),
      /** The newest note outside the book that holds; null when there is none. */
      anchor: z.object({ seq: z.int(), at: instant }).nullable(),
    }),
    errors: [],
    access: 'viewer',
  }),
};
