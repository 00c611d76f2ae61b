import { AppError, type ErrorCode } from '../../shared/contract/errors.ts';
import type { Failure, FailureKind } from './jobs.ts';
import { PassError, type PassFailure } from './pass.ts';

type Judged = Pick<Failure, 'kind' | 'code' | 'message' | 'retryAfterMs'>;

const OUTCOMES: Readonly<Partial<Record<PassFailure['kind'], readonly [ErrorCode, FailureKind]>>> = {
  unauthorised: ['needs_sign_in', 'answered'],
  forbidden: ['platform_refused', 'answered'],
  bad_response: ['platform_refused', 'answered'],
  suspicious_shrink: ['suspicious_shrink', 'answered'],
  other_firm: ['other_firm', 'answered'],
  rate_limited: ['platform_unreachable', 'passing'],
  unavailable: ['platform_unreachable', 'passing'],
  // Its list changed while it was read, and again while it was read anew.
  cursor_expired: ['platform_unreachable', 'passing'],
  aborted: ['cancelled', 'own'],
  cancelled: ['cancelled', 'own'],
  storage_full: ['storage_full', 'own'],
};

const UNEXPECTED = 'The sync stopped because of an unexpected error. The log has the details.';

/** What an attempt failed of, as people are told and as the engine goes on with it. */
export function judgeFailure(error: unknown): Judged {
  const failure: PassFailure =
    error instanceof PassError
      ? error.failure
      : error instanceof AppError
        ? { kind: error.code, message: error.message }
        : { kind: 'internal', message: '' };
  const [code, kind] = OUTCOMES[failure.kind] ?? ['internal', 'own'];
  return {
    code,
    kind: failure.ownBudget === true ? 'budget' : kind,
    message: code === 'internal' ? UNEXPECTED : failure.message,
    retryAfterMs: failure.retryAfterMs ?? null,
  };
}
