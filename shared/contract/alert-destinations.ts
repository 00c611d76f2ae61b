import { z } from 'zod';
import { command, query } from './procedure.ts';
import { count, id, instant, none, note, shortText } from './values.ts';

export const DESTINATION_STATUS = ['on', 'off', 'failed'] as const;
export const DELIVERY_STATUS = ['waiting', 'delivered', 'given_up'] as const;

const name = z.string().trim().min(1).max(100);
const url = z.url({ protocol: /^https?$/ }).max(1000);

const destination = z.object({
  id,
  name: shortText,
  url: z.string(),
  /** Addresses of this machine and of private networks are allowed. */
  allowPrivate: z.boolean(),
  /** `failed`: switched off by the program, because nothing arrived for days or the receiver wants no more. */
  status: z.enum(DESTINATION_STATUS),
  /** Since when nothing has arrived; null while it works. */
  failingSince: instant.nullable(),
  lastDeliveredAt: instant.nullable(),
  waiting: count,
});
export type AlertDestination = z.infer<typeof destination>;

export const alertDestinations = {
  'alertDestinations.list': query({
    summary: 'Where signed messages about alerts are sent',
    http: { method: 'GET', path: '/alert-destinations' },
    input: none,
    output: z.object({ items: z.array(destination) }),
    errors: [],
    access: 'admin',
  }),
  'alertDestinations.add': command({
    summary: 'Send messages about alerts to an address; answers the secret they are signed with, once',
    http: { method: 'POST', path: '/alert-destinations' },
    input: z.strictObject({ name, url, allowPrivate: z.boolean().default(false) }),
    output: z.object({ id, secret: z.string() }),
    errors: ['duplicate', 'not_possible'],
    access: 'admin',
    audit: { event: 'alert_destination_added' },
  }),
  'alertDestinations.update': command({
    summary: 'Change where messages go, or switch them on or off',
    http: { method: 'PUT', path: '/alert-destinations/:id' },
    input: z.strictObject({ id, name, url, allowPrivate: z.boolean(), status: z.enum(['on', 'off']) }),
    output: none,
    errors: ['not_found', 'duplicate', 'not_possible'],
    access: 'admin',
    audit: { event: 'alert_destination_changed' },
  }),
  'alertDestinations.rotate': command({
    summary: 'Make a new secret; the one before it is not used any more',
    http: { method: 'POST', path: '/alert-destinations/:id/rotate' },
    input: z.strictObject({ id }),
    output: z.object({ secret: z.string() }),
    errors: ['not_found'],
    access: 'admin',
    audit: { event: 'alert_destination_secret_rotated' },
  }),
  'alertDestinations.remove': command({
    summary: 'Send nothing there any more, and forget the secret and what was still to be sent',
    http: { method: 'DELETE', path: '/alert-destinations/:id' },
    input: z.strictObject({ id }),
    output: none,
    errors: ['not_found'],
    access: 'admin',
    audit: { event: 'alert_destination_removed' },
  }),
  'alertDestinations.test': command({
    summary: 'Send a test message now and show the answer',
    http: { method: 'POST', path: '/alert-destinations/:id/test' },
    input: z.strictObject({ id }),
    output: z.object({
      ok: z.boolean(),
      /** HTTP status of the answer; null when there was none. */
      status: z.int().nullable(),
      /** What happened, in a sentence. */
      message: note,
      /** The beginning of the answer’s text. */
      answer: z.string(),
      milliseconds: count,
    }),
    errors: ['not_found'],
    access: 'admin',
    audit: { event: 'alert_destination_tested' },
  }),
  'alertDestinations.deliveries': query({
    summary: 'Messages to one address, newest first',
    http: { method: 'GET', path: '/alert-destinations/:id/deliveries' },
    input: z.strictObject({ id, limit: z.int().min(1).max(200).default(50) }),
    output: z.object({
      items: z.array(
        z.object({
          id,
          messageId: z.string(),
          type: z.string(),
          alertId: id,
          status: z.enum(DELIVERY_STATUS),
          attempts: count,
          madeAt: instant,
          nextAttemptAt: instant.nullable(),
          answer: note.nullable(),
        }),
      ),
    }),
    errors: ['not_found'],
    access: 'admin',
  }),
};
