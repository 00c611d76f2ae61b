import type { Operation } from '../../shared/contract/sync.ts';
import type { Instant } from '../../shared/model/date.ts';

/** What an operation noted of its wait. */
export interface WaitRow {
  readonly status: Operation['status'];
  readonly waitReason: 'retry' | 'breaker' | 'offline' | 'budget' | null;
  readonly waitUntil: string | null;
}

/** What an operation waits for now. A wait that is over is a wait for a place, or none for an operation that is at work. */
export function waitingOf({ status, waitReason, waitUntil }: WaitRow, now: string): Operation['waiting'] {
  const over = waitReason === null || (waitUntil !== null && waitUntil <= now);
  if (!over) return { for: waitReason, until: waitUntil as Instant | null };
  return status === 'queued' ? { for: 'turn', until: null } : null;
}
