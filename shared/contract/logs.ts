import { z } from 'zod';
import { query } from './procedure.ts';
import { id, instant } from './values.ts';

/** From least to most urgent. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

const reference = z.string().min(1).max(64);

export const logs = {
  'logs.list': query({
    summary: 'What the program wrote about itself, newest first; secrets and account numbers are taken out',
    http: { method: 'GET', path: '/logs' },
    input: z.strictObject({
      /** The least level shown. */
      level: z.enum(LOG_LEVELS).default('info'),
      from: instant.optional(),
      to: instant.optional(),
      operation: reference.optional(),
      request: reference.optional(),
      user: z.string().min(1).max(200).optional(),
      /** Words that must all stand somewhere in the line. */
      text: z.string().max(200).default(''),
      /** A line’s id: only older lines are answered. */
      before: id.optional(),
      limit: z.int().min(1).max(500).default(200),
    }),
    output: z.object({
      items: z.array(
        z.object({
          id,
          at: z.string(),
          level: z.enum(LOG_LEVELS),
          message: z.string(),
          requestId: z.string().nullable(),
          operationId: z.string().nullable(),
          userId: z.string().nullable(),
          /** The error and what caused it, outermost first. */
          errors: z.array(z.object({ name: z.string(), message: z.string(), stack: z.string().nullable() })),
          /** Everything else of the line as JSON; empty when there is nothing else. */
          details: z.string(),
        }),
      ),
      /** Pass as `before` to go on; null when no older line fits. */
      next: id.nullable(),
    }),
    errors: [],
    access: 'admin',
  }),
};
