import { z } from 'zod';
import { command, query } from './procedure.ts';
import { count, instant, none } from './values.ts';

const name = z.string().regex(/^[A-Za-z0-9._-]{1,120}$/);

export const backups = {
  'backups.list': query({
    summary: 'Backups of the book, newest first',
    http: { method: 'GET', path: '/backups' },
    input: none,
    output: z.object({
      /** One is taken by itself when the newest is older than this many hours. */
      everyHours: count,
      items: z.array(
        z.object({
          name,
          /** `before_update`: taken before a newer program changed the form of the book. */
          kind: z.enum(['scheduled', 'asked', 'before_update']),
          takenAt: instant,
          bytes: count,
        }),
      ),
    }),
    errors: [],
    access: 'viewer',
  }),
  'backups.create': command({
    summary: 'Take a backup of the book now, while it is in use',
    http: { method: 'POST', path: '/backups' },
    input: none,
    output: z.object({ name, bytes: count }),
    errors: [],
    access: 'admin',
    audit: { event: 'backup_requested' },
  }),
  'backups.restore': command({
    summary: 'Put a backup in the place of the book; the book of now is set aside, never deleted',
    http: { method: 'POST', path: '/backups/:name/restore' },
    input: z.strictObject({ name }),
    /** Where the book of now lies in the data folder. */
    output: z.object({ setAside: z.string() }),
    errors: ['not_found', 'not_possible'],
    access: 'admin',
    audit: { event: 'book_restored' },
  }),
};
