import { z } from 'zod';
import { command, query } from './procedure.ts';
import { count, id, instant, none } from './values.ts';

/** Shown once: it is not told again, only replaced. */
const newSecret = z.object({
  /** Path below the address of the headless host. */
  path: z.string(),
  secret: z.string(),
  /** Until when messages signed with the secret before this one are taken; null when there was none. */
  previousUntil: instant.nullable(),
});

export const webhooks = {
  'webhooks.status': query({
    summary: 'Whether a connection takes signed messages that start a sync, and where',
    http: { method: 'GET', path: '/portfolio-connections/:id/webhook' },
    input: z.strictObject({ id }),
    output: z.object({
      enabled: z.boolean(),
      path: z.string(),
      secretMadeAt: instant.nullable(),
      previousUntil: instant.nullable(),
      /** Messages of the last 30 days. */
      deliveries: count,
      lastReceivedAt: instant.nullable(),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
  'webhooks.enable': command({
    summary: 'Take signed messages for a connection; answers the secret once',
    http: { method: 'POST', path: '/portfolio-connections/:id/webhook' },
    input: z.strictObject({ id }),
    output: newSecret,
    errors: ['not_found', 'not_possible'],
    access: 'admin',
    audit: { event: 'webhook_enabled' },
  }),
  'webhooks.rotate': command({
    summary: 'Make a new secret; the old one is taken for one more day',
    http: { method: 'POST', path: '/portfolio-connections/:id/webhook/rotate' },
    input: z.strictObject({ id }),
    output: newSecret,
    errors: ['not_found', 'not_possible'],
    access: 'admin',
    audit: { event: 'webhook_secret_rotated' },
  }),
  'webhooks.disable': command({
    summary: 'Take no messages for a connection any more and forget the secret',
    http: { method: 'DELETE', path: '/portfolio-connections/:id/webhook' },
    input: z.strictObject({ id }),
    output: none,
    errors: ['not_found', 'not_possible'],
    access: 'admin',
    audit: { event: 'webhook_disabled' },
  }),
  'webhooks.deliveries': query({
    summary: 'Messages that were accepted for a connection, newest first',
    http: { method: 'GET', path: '/portfolio-connections/:id/webhook/deliveries' },
    input: z.strictObject({ id, limit: z.int().min(1).max(200).default(50) }),
    output: z.object({
      items: z.array(z.object({ id, eventId: z.string(), kind: z.string(), sentAt: instant, receivedAt: instant, bytes: count })),
    }),
    errors: ['not_found'],
    access: 'viewer',
  }),
};
