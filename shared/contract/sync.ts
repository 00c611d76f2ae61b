import { z } from 'zod';
import { PLATFORMS } from '../model/holding.ts';
import { command, query } from './procedure.ts';
import { FRESHNESS } from './connections.ts';
import { calendarDate, count, id, instant, none, note, shortText } from './values.ts';

export const OPERATION_STATUS = [
  'queued',
  'fetching',
  'staged',
  'merging',
  'completed',
  'failed',
  'cancelled',
  'rolled_back',
] as const;

/** What an operation that does not go on waits for. `turn`: for a free place among the syncs at work. */
export const waiting = z.object({
  for: z.enum(['turn', 'retry', 'breaker', 'offline', 'budget']),
  /** Null while nobody knows. */
  until: instant.nullable(),
});
export type Waiting = z.infer<typeof waiting>;

/** What keeps the engine from doing too much at once, or for too long. */
export const syncLimits = z.strictObject({
  /** Syncs at work at once. */
  atOnce: z.int().min(1).max(32),
  perPlatform: z.int().min(1).max(32),
  /** Time at work, waits for the request budget left out, after which an operation is stopped; its checkpoint stays. */
  timeLimitMinutes: z.int().min(1).max(1440),
  /** Failed syncs in a row after which the schedule leaves a connection alone for a while. */
  breakerAfter: z.int().min(1).max(20),
});
export type SyncLimits = z.infer<typeof syncLimits>;
export const OPERATION_KINDS = ['sync', 'import', 'opening'] as const;

export const operation = z.object({
  id,
  connectionId: id,
  connectionName: shortText,
  kind: z.enum(OPERATION_KINDS),
  status: z.enum(OPERATION_STATUS),
  requestedBy: shortText,
  startedAt: instant,
  finishedAt: instant.nullable(),
  asOf: calendarDate.nullable(),
  pages: count,
  records: count,
  /** Records the platform announced, when it does. */
  expected: count.nullable(),
  counts: z.object({
    added: count,
    changed: count,
    unchanged: count,
    removed: count,
    quarantined: count,
    adopted: count,
    conflictsOpened: count,
    conflictsHealed: count,
    unlinked: count,
  }),
  attempt: z.int().min(1),
  /** Null while it goes on, and when it is over. */
  waiting: waiting.nullable(),
  errorCode: z.string().nullable(),
  error: note.nullable(),
});
export type Operation = z.infer<typeof operation>;

export const sync = {
  'connections.sync': command({
    summary: 'Sync one connection now',
    http: { method: 'POST', path: '/portfolio-connections/:id/sync' },
    input: z.strictObject({
      id,
      /** Accept that many positions are gone after a pass stopped as suspicious. */
      acceptShrink: z.boolean().default(false),
    }),
    output: z.object({ operationId: id }),
    errors: ['not_found', 'already_running', 'needs_sign_in'],
    access: 'analyst',
    audit: { event: 'sync_requested' },
  }),
  'sync.all': command({
    summary: 'Sync every active connection that is not syncing already',
    http: { method: 'POST', path: '/sync-operations' },
    input: none,
    output: z.object({ operationIds: z.array(id) }),
    errors: [],
    access: 'analyst',
    audit: { event: 'sync_requested' },
  }),
  'sync.operations': query({
    summary: 'Sync operations, newest first',
    http: { method: 'GET', path: '/sync-operations' },
    input: z.strictObject({ connectionId: id.optional(), limit: z.int().min(1).max(200).default(50) }),
    output: z.object({ items: z.array(operation) }),
    errors: [],
    access: 'viewer',
  }),
  'sync.operation': query({
    summary: 'One sync operation',
    http: { method: 'GET', path: '/sync-operations/:id' },
    input: z.strictObject({ id }),
    output: operation,
    errors: ['not_found'],
    access: 'viewer',
  }),
  'sync.retry': command({
    summary: 'Resume a failed operation from its checkpoint',
    http: { method: 'POST', path: '/sync-operations/:id/retry' },
    input: z.strictObject({ id }),
    output: z.object({ operationId: id }),
    errors: ['not_found', 'already_running', 'not_possible', 'needs_sign_in'],
    access: 'analyst',
    audit: { event: 'sync_requested' },
  }),
  'sync.cancel': command({
    summary: 'Stop an operation at the next page edge; nothing of it is applied',
    http: { method: 'POST', path: '/sync-operations/:id/cancel' },
    input: z.strictObject({ id }),
    output: none,
    errors: ['not_found', 'not_possible'],
    access: 'analyst',
    audit: { event: 'sync_cancelled' },
  }),
  'sync.status': query({
    summary: 'Freshness of every connection and what is running',
    http: { method: 'GET', path: '/sync-status' },
    input: none,
    output: z.object({
      overall: z.enum(['fresh', 'attention', 'failing', 'empty']),
      connections: z.array(
        z.object({
          id,
          name: shortText,
          platform: z.enum(PLATFORMS),
          status: z.enum(['active', 'needs_sign_in', 'disconnected']),
          freshness: z.enum(FRESHNESS),
          /** One sentence: why it is in this state and what to do. */
          health: z.string(),
          /** The promised interval; 0 when it is read only when asked. */
          syncEveryMinutes: count,
          /** When the schedule reads it next; null when it is read only when asked. */
          nextRunAt: instant.nullable(),
          activeOperationId: id.nullable(),
          /** The newest operation, when it failed. */
          failed: z.object({ operationId: id, code: z.string(), kind: z.enum(OPERATION_KINDS) }).nullable(),
          lastSyncedAt: instant.nullable(),
          asOf: calendarDate.nullable(),
        }),
      ),
      running: z.array(operation),
      /** Since when no platform can be reached; null while the network is there. */
      offlineSince: instant.nullable(),
    }),
    errors: [],
    access: 'viewer',
  }),
  'sync.attempts': query({
    summary: 'Every attempt of an operation, with what it failed of and when the next one was to begin',
    http: { method: 'GET', path: '/sync-operations/:id/attempts' },
    input: z.strictObject({ id }),
    output: z.object({
      items: z.array(
        z.object({
          attempt: z.int().min(1),
          startedAt: instant,
          endedAt: instant.nullable(),
          errorCode: z.string().nullable(),
          error: note.nullable(),
          nextAt: instant.nullable(),
        }),
      ),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'sync.limits': query({
    summary: 'How many syncs run at once, how long one may take, and when a failing connection is left alone',
    http: { method: 'GET', path: '/sync-limits' },
    input: none,
    output: syncLimits,
    errors: [],
    access: 'viewer',
  }),
  'sync.changeLimits': command({
    summary: 'Change the limits of the sync engine',
    http: { method: 'PUT', path: '/sync-limits' },
    input: syncLimits,
    output: syncLimits,
    errors: [],
    access: 'admin',
    audit: { event: 'settings_changed' },
  }),
  'sync.quarantine': query({
    summary: 'Records an operation set aside, with the reason',
    http: { method: 'GET', path: '/sync-operations/:id/quarantine' },
    input: z.strictObject({ id, limit: z.int().min(1).max(1000).default(200) }),
    output: z.object({
      total: count,
      items: z.array(z.object({ id, externalId: z.string().nullable(), reason: note, path: z.string(), raw: z.string() })),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
};
