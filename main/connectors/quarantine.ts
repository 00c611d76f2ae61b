import type { z } from 'zod';
import type { QuarantinedRecord } from './connector.ts';

const MAX_RAW = 4000;

export interface Quarantine {
  /** Sets the record at `pointer` aside. */
  add(externalId: string | null, reason: string, path: string, pointer: string): void;
  /** What was set aside since the last call. */
  take(): readonly QuarantinedRecord[];
}

/** Collects the records of one payload that could not be read, each with its own bytes. */
export function createQuarantine(cut: (pointer: string) => string | null): Quarantine {
  let records: QuarantinedRecord[] = [];
  return {
    add: (externalId, reason, path, pointer) => {
      records.push({ externalId, reason, path, raw: (cut(pointer) ?? '').slice(0, MAX_RAW) });
    },
    take: () => {
      const taken = records;
      records = [];
      return taken;
    },
  };
}

const looseId = (value: unknown, idMember: string): string | null => {
  if (typeof value !== 'object' || value === null) return null;
  const id: unknown = Reflect.get(value, idMember);
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null;
};

/** Validates one record; a bad one goes to quarantine with the first thing that is wrong with it, and null comes back. */
export function readRecord<T>(
  schema: z.ZodType<T>,
  value: unknown,
  quarantine: Quarantine,
  at: { readonly pointer: string; readonly idMember: string; readonly externalId?: string },
): T | null {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).join('.');
  const reason = path === '' ? 'The record is not an object.' : `${path} ${issue?.message ?? 'cannot be read'}.`;
  quarantine.add(at.externalId ?? looseId(value, at.idMember), reason, path, at.pointer);
  return null;
}
