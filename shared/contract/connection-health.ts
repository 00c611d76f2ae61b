import { z } from 'zod';
import { command, query } from './procedure.ts';
import { timetable } from './timetable.ts';
import { count, id, instant, note, shortText } from './values.ts';

/** Most accounts one call ties; a firm with more sends them in parts. */
export const MAX_LINKS = 500;

/** What stands in the log of a connection. */
export const CONNECTION_EVENTS = [
  'added',
  'changed',
  'signed_in',
  'disconnected',
  'linked',
  'sync_started',
  'sync_finished',
  'sync_failed',
  'sync_cancelled',
  'import_rolled_back',
] as const;

export const connectionHealth = {
  'connections.health': query({
    summary: 'How a connection stands: sign-in, request budget, schedule, settings; no secrets',
    http: { method: 'GET', path: '/portfolio-connections/:id/health' },
    input: z.strictObject({ id }),
    output: z.object({
      signIn: z.object({
        kind: z.enum(['none', 'key', 'browser']),
        /** When the stored access token ends; null where no token is stored. */
        expiresAt: instant.nullable(),
        /** Whether it is renewed without a person. */
        renews: z.boolean(),
      }),
      /** Requests of the account at the platform, all its connections and restarts together. */
      budgets: z.array(
        z.object({
          requests: count,
          windowSeconds: count,
          used: count,
          /** When the oldest counted request leaves the window; null while none is counted. */
          frees: instant.nullable(),
        }),
      ),
      lastRunAt: instant.nullable(),
      nextRunAt: instant.nullable(),
      timetable,
      /** Whether a connection that failed again and again is left alone: `open` until `probeAt`, `half_open` while it is tried. */
      breaker: z.object({
        state: z.enum(['closed', 'open', 'half_open']),
        /** Syncs in a row that failed for a passing reason. */
        failures: count,
        openedAt: instant.nullable(),
        probeAt: instant.nullable(),
      }),
      settings: z.record(z.string(), z.string()),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'connections.events': query({
    summary: 'What happened to a connection, newest first: syncs, sign-ins, settings, links',
    http: { method: 'GET', path: '/portfolio-connections/:id/events' },
    input: z.strictObject({ id, limit: z.int().min(1).max(200).default(100) }),
    output: z.object({
      items: z.array(
        z.object({
          /** Distinguishes entries; operations and audit entries are counted apart. */
          key: z.string(),
          at: instant,
          event: z.enum(CONNECTION_EVENTS),
          actor: shortText,
          detail: note,
        }),
      ),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'connections.linkAccounts': command({
    summary: 'Tie several accounts of a platform to the book at once: all of them, or none',
    http: { method: 'POST', path: '/portfolio-connections/:id/account-links' },
    input: z.strictObject({
      id,
      links: z
        .array(
          z.strictObject({
            externalId: z.string().max(200),
            /** Absent: make a new one in the book. */
            targetId: id.optional(),
          }),
        )
        .min(1)
        .max(MAX_LINKS),
    }),
    output: z.object({ linked: count, made: count }),
    errors: ['not_found', 'duplicate'],
    access: 'analyst',
    audit: { event: 'identity_linked' },
  }),
};
