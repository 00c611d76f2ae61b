import { z } from 'zod';
import { facet, gridPage, gridRequest } from './grid.ts';
import { query } from './procedure.ts';
import { operation } from './sync.ts';
import { count, decimal, id, instant, shortText } from './values.ts';

export const HISTORY_COLUMNS = [
  'startedAt',
  'connection',
  'status',
  'kind',
  'records',
  'pages',
  'attempt',
  'requestedBy',
  'error',
  'connectionId',
] as const;

/** Spans that success is counted over: 24 hours, 7 days and 30 days. */
export const RATE_PERIODS = ['day', 'week', 'month'] as const;

export const historyRow = operation.extend({
  /** From its start to its end, whatever its attempts; null while it is at work. */
  seconds: count.nullable(),
});
export type HistoryRow = z.infer<typeof historyRow>;

const outcomes = z.object({
  /** An import that was rolled back later counts as completed. */
  completed: count,
  failed: count,
  /** Stopped by a person; neither a success nor a failure. */
  cancelled: count,
});

/** Operations of a connection that began within one slot of the window: mostly one. */
const timelineBar = z.object({
  /** The one to look at: one at work, else the latest failed, else the latest. */
  operationId: id,
  /** The state to draw: what is at work before what failed before what was cancelled before what completed. */
  outcome: z.enum(['running', 'failed', 'cancelled', 'completed']),
  /** Begin of the first and end of the last; null while one of them is at work. */
  startedAt: instant,
  finishedAt: instant.nullable(),
  operations: count,
  failed: count,
});
export type TimelineBar = z.infer<typeof timelineBar>;

/** Most slots a timeline is asked for; more would be finer than a screen. */
export const MAX_SLOTS = 1000;

export const syncHistory = {
  'sync.history': query({
    summary: 'Sync operations and imports, filtered and sorted, with counts by outcome and connection',
    http: { method: 'GET', path: '/sync-history' },
    input: gridRequest(HISTORY_COLUMNS),
    output: gridPage(historyRow).extend({
      /** Counted without the filter of the counted column itself, so that its other values stay in sight. */
      facets: z.object({ status: z.array(facet), connectionId: z.array(facet) }),
    }),
    errors: [],
    access: 'viewer',
  }),
  'sync.timeline': query({
    summary: 'Operations of each connection that began within a window, gathered into slots of equal length',
    http: { method: 'GET', path: '/sync-timeline' },
    input: z.strictObject({ from: instant, to: instant, slots: z.int().min(1).max(MAX_SLOTS).default(240) }),
    output: z.object({
      /** Connections with operations in the window; bars oldest first. */
      lanes: z.array(z.object({ connectionId: id, connectionName: shortText, bars: z.array(timelineBar) })),
    }),
    errors: ['not_possible'],
    access: 'viewer',
  }),
  'sync.rates': query({
    summary: 'How many operations completed, failed and were cancelled over the day, the week and the month before a moment',
    http: { method: 'GET', path: '/sync-rates' },
    input: z.strictObject({ to: instant }),
    output: z.object({
      periods: z.array(
        outcomes.extend({
          period: z.enum(RATE_PERIODS),
          since: instant,
          /** Completed of completed and failed, a fraction to 4 digits; null when there are none. */
          successRate: decimal.nullable(),
        }),
      ),
    }),
    errors: [],
    access: 'viewer',
  }),
  'sync.pages': query({
    summary: 'Pages an operation has received and holds until they are merged, oldest first',
    http: { method: 'GET', path: '/sync-operations/:id/pages' },
    input: z.strictObject({ id, limit: z.int().min(1).max(1000).default(200) }),
    output: z.object({
      /** None once the operation is merged or cancelled: the records then stand in the book, or nowhere. */
      total: count,
      items: z.array(
        z.object({
          page: count,
          records: count,
          bytes: count,
          contentType: z.string(),
          sha256: z.string(),
          /** When these bytes first came; the same bytes are kept once. */
          receivedAt: instant,
        }),
      ),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
};
