import { z } from 'zod';
import { PLATFORMS, STRATEGIES } from '../model/holding.ts';
import { command, query } from './procedure.ts';
import { calendarDate, count, id, instant, none, note, shortText } from './values.ts';

export const FRESHNESS = ['fresh', 'due', 'late', 'failing', 'needs_sign_in', 'never', 'syncing'] as const;

/** Facts that a connection needs to sign in, as the add form asks for them. */
const credentialField = z.object({
  key: z.string(),
  label: z.string(),
  secret: z.boolean(),
  required: z.boolean(),
  help: z.string(),
});

export const connection = z.object({
  id,
  platform: z.enum(PLATFORMS),
  name: shortText,
  baseUrl: z.string(),
  status: z.enum(['active', 'needs_sign_in', 'disconnected']),
  freshness: z.enum(FRESHNESS),
  /** One sentence: why it is in this state and what to do. */
  health: z.string(),
  strategy: z.enum(STRATEGIES),
  /** 1 is trusted most when sources disagree. */
  survivorshipRank: z.int().min(1),
  syncEveryMinutes: z.int().min(0),
  hasSecret: z.boolean(),
  secretHint: z.string().nullable(),
  lastSyncedAt: instant.nullable(),
  asOf: calendarDate.nullable(),
  activeOperationId: id.nullable(),
  counts: z.object({ accounts: count, positions: count, openConflicts: count, quarantined: count, unlinked: count }),
});
export type Connection = z.infer<typeof connection>;

const credentials = z.record(z.string().max(60), z.string().max(4000));
const settings = z.record(z.string().max(60), z.string().max(400));
const baseUrl = z.url({ protocol: /^https?$/ }).max(400);

export const connections = {
  'connections.platforms': query({
    summary: 'Platforms that can be connected, with what each needs to sign in',
    http: { method: 'GET', path: '/platforms' },
    input: none,
    output: z.object({
      items: z.array(
        z.object({
          platform: z.enum(PLATFORMS),
          name: shortText,
          defaultBaseUrl: z.string(),
          credentials: z.array(credentialField),
          settings: z.array(credentialField),
        }),
      ),
    }),
    errors: [],
    access: 'viewer',
  }),
  'connections.list': query({
    summary: 'All connections with their health',
    http: { method: 'GET', path: '/portfolio-connections' },
    input: none,
    output: z.object({ items: z.array(connection) }),
    errors: [],
    access: 'viewer',
  }),
  'connections.get': query({
    summary: 'One connection',
    http: { method: 'GET', path: '/portfolio-connections/:id' },
    input: z.strictObject({ id }),
    output: connection,
    errors: ['not_found'],
    access: 'viewer',
  }),
  'connections.test': command({
    summary: 'Try to sign in with these facts; nothing is stored',
    http: { method: 'POST', path: '/portfolio-connections/test' },
    input: z.strictObject({ platform: z.enum(PLATFORMS), baseUrl, credentials, settings: settings.default({}) }),
    output: z.object({ ok: z.boolean(), message: note }),
    errors: ['platform_unreachable', 'platform_refused'],
    access: 'admin',
    audit: { none: 'Nothing is kept' },
  }),
  'connections.initiate': command({
    summary: 'Add a connection with an API key or user credentials',
    http: { method: 'POST', path: '/portfolio-connections/initiate' },
    input: z.strictObject({
      platform: z.enum(PLATFORMS),
      name: shortText.min(1),
      baseUrl,
      credentials,
      settings: settings.default({}),
    }),
    output: z.object({ id }),
    errors: ['duplicate', 'not_possible'],
    access: 'admin',
    audit: { event: 'connection_added' },
  }),
  'connections.update': command({
    summary: 'Change name, strategy, rank, schedule or credentials',
    http: { method: 'PUT', path: '/portfolio-connections/:id' },
    input: z.strictObject({
      id,
      name: shortText.min(1).optional(),
      strategy: z.enum(STRATEGIES).optional(),
      survivorshipRank: z.int().min(1).max(100).optional(),
      syncEveryMinutes: z.int().min(0).max(10_080).optional(),
      credentials: credentials.optional(),
    }),
    output: connection,
    errors: ['not_found', 'not_possible'],
    access: 'admin',
    audit: { event: 'connection_changed' },
  }),
  'connections.disconnect': command({
    summary: 'Remove the credentials and stop syncing; history stays',
    http: { method: 'DELETE', path: '/portfolio-connections/:id' },
    input: z.strictObject({ id }),
    output: none,
    errors: ['not_found', 'already_running'],
    access: 'admin',
    audit: { event: 'connection_disconnected' },
  }),
  'connections.unlinked': query({
    summary: 'Accounts and securities of a connection that are not tied to the book, with suggestions',
    http: { method: 'GET', path: '/portfolio-connections/:id/unlinked' },
    input: z.strictObject({ id }),
    output: z.object({
      items: z.array(
        z.object({
          kind: z.enum(['account', 'security']),
          externalId: z.string(),
          label: z.string(),
          detail: z.string(),
          positions: count,
          reason: note,
          suggestions: z.array(z.object({ id, label: z.string(), reason: note })),
        }),
      ),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'connections.link': command({
    summary: 'Tie a platform account or security to one of the book, or make a new one',
    http: { method: 'POST', path: '/portfolio-connections/:id/links' },
    input: z.strictObject({
      id,
      kind: z.enum(['account', 'security']),
      externalId: z.string().max(200),
      /** Absent: make a new one in the book. */
      targetId: id.optional(),
    }),
    output: z.object({ targetId: id }),
    errors: ['not_found', 'duplicate'],
    access: 'analyst',
    audit: { event: 'identity_linked' },
  }),
};
