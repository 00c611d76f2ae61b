import { AppError, type ErrorCode } from '../../shared/contract/index.ts';

/** Why a call did not answer, as screens show it. */
export interface Failure {
  /** `offline` when the program behind the screen could not be reached at all. */
  readonly code: ErrorCode | 'offline';
  readonly message: string;
  /** To quote when asking for help; it stands in the log beside the cause. */
  readonly requestId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

const OFFLINE: Failure = {
  code: 'offline',
  message: 'Clearway cannot be reached, so nothing was changed. It reconnects by itself; try again then.',
  requestId: null,
  details: {},
};

/** True for a call that was given up on purpose: no failure to show. */
export const isAborted = (error: unknown): boolean =>
  (error instanceof DOMException && error.name === 'AbortError') || (error instanceof AppError && error.code === 'cancelled');

/** Anything a transport rejected with, as a failure. What is not an AppError counts as out of reach. */
export const toFailure = (error: unknown): Failure => {
  if (!(error instanceof AppError) || error.details?.['offline'] === true) return OFFLINE;
  return { code: error.code, message: error.message, requestId: error.requestId ?? null, details: error.details ?? {} };
};
