import type { z } from 'zod';
import { ConnectorError, type Cursor } from './connector.ts';

export const encodeCursor = (position: unknown): Cursor => JSON.stringify(position);

export const cursorExpired = (message: string): ConnectorError => new ConnectorError('cursor_expired', message);

/** Reads a cursor this connector wrote; `cursor_expired` when it is of another version. */
export function decodeCursor<T>(schema: z.ZodType<T>, cursor: Cursor): T {
  try {
    return schema.parse(JSON.parse(cursor));
  } catch {
    throw cursorExpired('The place where the sync stopped is not readable by this version. The pass starts again.');
  }
}
