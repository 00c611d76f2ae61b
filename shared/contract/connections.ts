import { z } from 'zod';
import { PLATFORMS, STRATEGIES } from '../model/holding.ts';
import { command, query } from './procedure.ts';
import { schedulePreview, timetable } from './timetable.ts';
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
  /** How it signs in: with what was entered, or as the person who signed in with the browser. */
  signIn: z.enum(['key', 'browser']),
  secretHint: z.string().nullable(),
  lastSyncedAt: instant.nullable(),
  /** When the schedule reads it next; null when it is read only when asked. */
  nextRunAt: instant.nullable(),
  asOf: calendarDate.nullable(),
  activeOperationId: id.nullable(),
  counts: z.object({ accounts: count, positions: count, openConflicts: count, quarantined: count, unlinked: count }),
});
export type Connection = z.infer<typeof connection>;

/** A sign-in with the browser that is under way or finished. */
const signInId = id;
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
          /** What signing in with the browser asks for instead of the credentials; null where it is not offered. */
          browserSignIn: z.object({ credentials: z.array(credentialField), settings: z.array(credentialField) }).nullable(),
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
    input: z.strictObject({
      platform: z.enum(PLATFORMS),
      baseUrl,
      credentials,
      settings: settings.default({}),
      /** A finished sign-in with the browser, in place of credentials. */
      signInId: signInId.optional(),
    }),
    output: z.object({
      ok: z.boolean(),
      message: note,
      /** The address that was asked. */
      reached: z.string(),
      /** Who the platform takes us for, as far as the facts say; null when they do not. */
      as: shortText.nullable(),
      milliseconds: count,
      /** What to do after a failure. */
      advice: note.nullable(),
    }),
    errors: ['platform_unreachable', 'platform_refused', 'not_possible'],
    access: 'admin',
    audit: { none: 'Nothing is kept' },
  }),
  'connections.initiate': command({
    summary: 'Add a connection with an API key, user credentials or a finished sign-in with the browser',
    http: { method: 'POST', path: '/portfolio-connections/initiate' },
    input: z.strictObject({
      platform: z.enum(PLATFORMS),
      name: shortText.min(1),
      baseUrl,
      credentials,
      settings: settings.default({}),
      /** A finished sign-in with the browser, in place of credentials. It is used up. */
      signInId: signInId.optional(),
      strategy: z.enum(STRATEGIES).optional(),
      syncEveryMinutes: z.int().min(0).max(10_080).optional(),
    }),
    output: z.object({ id }),
    errors: ['duplicate', 'not_possible'],
    access: 'admin',
    audit: { event: 'connection_added' },
  }),
  'connections.update': command({
    summary: 'Change name, strategy, rank, schedule, settings, address or credentials',
    http: { method: 'PUT', path: '/portfolio-connections/:id' },
    input: z.strictObject({
      id,
      name: shortText.min(1).optional(),
      strategy: z.enum(STRATEGIES).optional(),
      survivorshipRank: z.int().min(1).max(100).optional(),
      syncEveryMinutes: z.int().min(0).max(10_080).optional(),
      /** All of it: when it is read beside the interval. */
      timetable: timetable.optional(),
      /** All of them: one that is left out is removed. */
      settings: settings.optional(),
      /** Another host takes the credentials anew. */
      baseUrl: baseUrl.optional(),
      credentials: credentials.optional(),
      /** A finished sign-in with the browser, in place of credentials. It is used up. */
      signInId: signInId.optional(),
    }),
    output: connection,
    errors: ['not_found', 'not_possible'],
    access: 'admin',
    audit: { event: 'connection_changed' },
  }),
  'connections.previewSchedule': query({
    summary: 'What is wrong with a schedule, or its next three runs; nothing is stored',
    http: { method: 'GET', path: '/schedule-preview' },
    input: z.strictObject({ syncEveryMinutes: z.int().min(0).max(10_080), timetable }),
    output: schedulePreview,
    errors: [],
    access: 'viewer',
  }),
  'connections.beginSignIn': command({
    summary: 'Begin signing in with the browser; nothing is stored',
    http: { method: 'POST', path: '/portfolio-connections/sign-ins' },
    input: z.strictObject({
      platform: z.enum(PLATFORMS),
      baseUrl,
      credentials: credentials.default({}),
      settings: settings.default({}),
      /** Sign in again: what is left out is taken from this connection. */
      connectionId: id.optional(),
    }),
    /** The address is to be opened in the system's browser, on this machine. */
    output: z.object({ signInId, address: z.url() }),
    errors: ['not_found', 'not_possible'],
    access: 'admin',
    audit: { none: 'Nothing is kept' },
  }),
  'connections.signInState': query({
    summary: 'How far a sign-in with the browser is',
    http: { method: 'GET', path: '/portfolio-connections/sign-ins/:signInId' },
    input: z.strictObject({ signInId }),
    output: z.object({ state: z.enum(['waiting', 'signed_in', 'failed']), message: note }),
    errors: ['not_found'],
    access: 'admin',
  }),
  'connections.cancelSignIn': command({
    summary: 'Give up a sign-in with the browser',
    http: { method: 'DELETE', path: '/portfolio-connections/sign-ins/:signInId' },
    input: z.strictObject({ signInId }),
    output: none,
    errors: [],
    access: 'admin',
    audit: { none: 'Nothing is kept' },
  }),
  'connections.disconnect': command({
    summary: 'Remove the credentials, end the sign-in at the platform where it can be told, and stop syncing; history stays',
    http: { method: 'DELETE', path: '/portfolio-connections/:id' },
    input: z.strictObject({ id }),
    /** Whether the platform ended the sign-in too, and what to do there if not. */
    output: z.object({ signOut: z.enum(['ended', 'not_offered', 'failed']), message: note }),
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
