import type { Fixed } from './fixed.ts';
import type { Security } from './security.ts';

/** One position of one account on one day. `value` = quantity x price x 10^power of the security, rounded to cents. */
export interface Position {
  /** Number of the record within the firm; platforms make their record ids of it. */
  readonly record: number;
  readonly account: number;
  readonly security: Security;
  readonly quantity: Fixed;
  readonly price: Fixed;
  readonly value: Fixed;
  /** Null for cash. */
  readonly cost: Fixed | null;
}

/** What happened to a slot between the opening book and the first day. */
export type SlotHistory = 'unchanged' | 'traded' | 'new';
