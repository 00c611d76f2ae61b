import { z } from 'zod';
import { count, id } from './values.ts';
import { OPERATION_STATUS, waiting } from './sync.ts';

/** Events say what changed, never the data: the screen asks again, so a lost event costs nothing. */
export const appEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('sync_progressed'),
    operationId: id,
    connectionId: id,
    status: z.enum(OPERATION_STATUS),
    pages: count,
    records: count,
    expected: count.nullable(),
    /** Rows merged so far, once merging. */
    merged: count,
    recordsPerSecond: count,
    secondsRemaining: count.nullable(),
    waiting: waiting.nullable(),
  }),
  z.object({
    type: z.literal('data_changed'),
    /** Which parts of the book to ask for again. */
    topics: z.array(
      z.enum([
        'connections',
        'operations',
        'holdings',
        'conflicts',
        'batches',
        'reconciliation',
        'imports',
        'audit',
        'settings',
        'alerts',
      ]),
    ),
  }),
  /** Somebody followed a notification of the operating system; the window goes there. Sent by the desktop host alone. */
  z.object({ type: z.literal('place_asked'), path: z.string() }),
  z.object({ type: z.literal('reconciliation_progressed'), runId: id, done: count, total: count, finished: z.boolean() }),
]);
export type AppEvent = z.infer<typeof appEvent>;
export type Topic = Extract<AppEvent, { type: 'data_changed' }>['topics'][number];
