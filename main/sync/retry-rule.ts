/** Attempts beyond the first, for failures that pass. */
const MOST_RETRIES = 3;
const FIRST_WAIT_MS = 30_000;
const FACTOR = 2;
const MOST_WAIT_MS = 10 * 60_000;

export interface FailedAttempt {
  /** Attempts that failed before this one since somebody asked. */
  readonly retries: number;
  /** Asked for by the platform; null where it did not say. */
  readonly retryAfterMs: number | null;
  /** In [0, 1): full jitter, so that connections that failed together do not come back together. */
  readonly fraction: number;
}

/**
 * Milliseconds until an operation that failed for a passing reason is tried again; null when it was tried often enough. Never
 * sooner than the platform asked.
 */
export function retryWait({ retries, retryAfterMs, fraction }: FailedAttempt): number | null {
  if (retries >= MOST_RETRIES) return null;
  const widest = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * FACTOR ** retries);
  return Math.max(retryAfterMs ?? 0, Math.round(fraction * widest));
}
