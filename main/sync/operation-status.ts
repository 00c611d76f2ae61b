import type { Operation } from '../../shared/contract/sync.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { WritableDb } from '../store/handles.ts';

export type OperationStatus = Operation['status'];

/** What can happen to a sync operation. */
export const OPERATION_EVENTS = [
  'taken_up', // out of the queue, with pages still to fetch
  'taken_up_complete', // out of the queue, with every page staged before
  'page_staged',
  'last_page_staged',
  'started_over', // the platform forgot where the pass was
  'merged',
  'put_back', // waits for its next attempt, for the network, or was interrupted by the program's end
  'failed',
  'cancelled',
  'resumed', // a person, or the schedule, takes a failed one up again
  'rolled_back',
] as const;
export type OperationEvent = (typeof OPERATION_EVENTS)[number];

const ENDS = { failed: 'failed', cancelled: 'cancelled' } as const;

/** The life of an operation: what may happen in each status, and the status after it. Nothing else may happen. */
export const TRANSITIONS: Readonly<Record<OperationStatus, Readonly<Partial<Record<OperationEvent, OperationStatus>>>>> = {
  queued: { ...ENDS, taken_up: 'fetching', taken_up_complete: 'staged' },
  fetching: { ...ENDS, page_staged: 'fetching', last_page_staged: 'staged', started_over: 'fetching', put_back: 'queued' },
  staged: { ...ENDS, started_over: 'fetching', merged: 'completed', put_back: 'queued' },
  merging: { ...ENDS, merged: 'completed', put_back: 'queued' },
  completed: { rolled_back: 'rolled_back' },
  failed: { resumed: 'queued' },
  cancelled: {},
  rolled_back: {},
};

export const AT_WORK: readonly OperationStatus[] = ['fetching', 'staged', 'merging'];
export const LIVE: readonly OperationStatus[] = ['queued', ...AT_WORK];

/** Statuses as a list for SQL: `('queued', 'fetching')`. */
export const listed = (statuses: readonly OperationStatus[]): string => `('${statuses.join("', '")}')`;

/** Columns that may change with a status. */
type Column =
  | 'started_at'
  | 'finished_at'
  | 'as_of'
  | 'pages'
  | 'records'
  | 'expected'
  | 'cursor'
  | 'counts'
  | 'attempt'
  | 'first_attempt'
  | 'accept_shrink'
  | 'error_code'
  | 'error'
  | 'requested_by'
  | 'priority'
  | 'queued_at'
  | 'wait_reason'
  | 'wait_until';
export type OperationChange = Readonly<Partial<Record<Column, string | number | null>>>;

/**
 * Moves an operation on, with what else changes in it; ends its attempt when it stops being at work. Answers the status it
 * came to. Throws where nothing of the kind may happen in the status it has: that is a fault of the program.
 */
export function transit(
  db: WritableDb,
  operationId: number,
  event: OperationEvent,
  at: string,
  change: OperationChange = {},
): OperationStatus {
  const from = db.prepare('SELECT status FROM sync_operations WHERE id = ?').pluck().get(operationId) as
    | OperationStatus
    | undefined;
  if (from === undefined) throw new AppError('not_found', 'There is no such sync operation.');
  const to = TRANSITIONS[from][event];
  if (to === undefined) throw new Error(`Operation ${operationId} is ${from}; it cannot be ${event}.`);
  const columns = Object.entries(change);
  db.prepare(`UPDATE sync_operations SET status = ?${columns.map(([name]) => `, ${name} = ?`).join('')} WHERE id = ?`).run(
    to,
    ...columns.map(([, value]) => value),
    operationId,
  );
  if (AT_WORK.includes(from) && !AT_WORK.includes(to))
    db.prepare(
      'UPDATE operation_attempts SET ended_at = ?, error_code = ?, error = ?, next_at = ? WHERE operation_id = ? AND ended_at IS NULL',
    ).run(at, change.error_code ?? null, change.error ?? null, change.wait_until ?? null, operationId);
  return to;
}
