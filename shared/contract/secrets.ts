import { z } from 'zod';
import { command, query } from './procedure.ts';
import { count, instant, none } from './values.ts';

export const SECRET_STORES = ['keychain', 'passphrase', 'session'] as const;
export const SECRET_STATES = ['ready', 'empty', 'locked', 'unreadable'] as const;

export const secrets = {
  'secrets.status': query({
    summary: 'How connection secrets are kept, and the age of their key; nothing of the secrets',
    http: { method: 'GET', path: '/secrets' },
    input: none,
    output: z.object({
      /** Where the key is: the system’s keychain, sealed with a passphrase, or nowhere (secrets in memory only). */
      store: z.enum(SECRET_STORES),
      /** `empty`: nothing is stored yet. `locked`: what is stored cannot be opened now. */
      state: z.enum(SECRET_STATES),
      /** The same in one or two plain sentences. */
      description: z.string(),
      /** Sign-ins stored on disk, and kept in memory only. */
      entries: count,
      inMemory: count,
      /** Null when there is no key, or when an earlier version made it and did not note the time. */
      keyCreatedAt: instant.nullable(),
      keyAgeDays: count.nullable(),
      /** A key older than this many days is renewed by itself. */
      renewAfterDays: count,
      renewedAt: instant.nullable(),
      /** A renewal was cut short; it is completed at the next start or daily check. */
      unfinished: z.boolean(),
    }),
    errors: [],
    access: 'viewer',
  }),
  'secrets.rotate': command({
    summary: 'Seal every stored sign-in with a new key',
    http: { method: 'POST', path: '/secrets/rotate' },
    input: none,
    output: z.object({
      store: z.enum(SECRET_STORES).exclude(['session']),
      /** Sign-ins sealed with the new key. */
      resealed: count,
      /** Sign-ins that could not be opened and stay sealed with their old key. */
      left: count,
      /** False while the old key may still lie in the keychain; it is taken out at the next start or daily check. */
      oldKeyGone: z.boolean(),
      at: instant,
    }),
    errors: ['not_possible'],
    access: 'admin',
    audit: { event: 'secrets_key_renewed' },
  }),
};
