import type { z } from 'zod';
import type { ErrorCode } from './errors.ts';

/** From least to most: each role may do all that the ones before it may. */
export const ROLES = ['viewer', 'analyst', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Common<I extends z.ZodType, O extends z.ZodType> {
  readonly summary: string;
  /** Path below `/api/v1`; `:name` takes the input member of that name. GET and DELETE send the rest as query, others as JSON. */
  readonly http: { readonly method: Method; readonly path: `/${string}` };
  readonly input: I;
  readonly output: O;
  /** Codes this procedure may answer beside those every procedure may (see `errors.ts`). */
  readonly errors: readonly ErrorCode[];
  readonly access: Role;
}

export interface Query<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> extends Common<I, O> {
  readonly kind: 'query';
}
export interface Command<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> extends Common<I, O> {
  readonly kind: 'command';
  /** The event that stands in the audit trail, or why none does. */
  readonly audit: { readonly event: string } | { readonly none: string };
}
export type Procedure = Query | Command;

export const query = <I extends z.ZodType, O extends z.ZodType>(procedure: Omit<Query<I, O>, 'kind'>): Query<I, O> => ({
  kind: 'query',
  ...procedure,
});
export const command = <I extends z.ZodType, O extends z.ZodType>(procedure: Omit<Command<I, O>, 'kind'>): Command<I, O> => ({
  kind: 'command',
  ...procedure,
});
