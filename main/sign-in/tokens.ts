import type { TokenEndpointResponse } from 'oauth4webapi';
import type { Instant } from '../../shared/model/date.ts';

export interface Tokens {
  readonly accessToken: string;
  /** Null where the platform gives none: then a person signs in again when the access token ends. */
  readonly refreshToken: string | null;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

/** Where the answer names no life. */
const ASSUMED_LIFE_S = 300;
const LONGEST_MARGIN_MS = 5 * 60_000;

const millis = (instant: string): number => Date.parse(instant);

/** The life counts from when it was asked for, by this machine's clock: a platform whose clock is off changes nothing. */
export function tokensOf(answer: TokenEndpointResponse, askedAt: Instant): Tokens {
  const lifeMs = (answer.expires_in ?? ASSUMED_LIFE_S) * 1000;
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? null,
    issuedAt: askedAt,
    expiresAt: new Date(millis(askedAt) + lifeMs).toISOString() as Instant,
  };
}

/** Five minutes before the end, or at 80 % of the life where that is later; also when the clock was set back. */
export function isDue({ issuedAt, expiresAt }: Pick<Tokens, 'issuedAt' | 'expiresAt'>, now: Instant): boolean {
  const life = millis(expiresAt) - millis(issuedAt);
  const margin = Math.min(LONGEST_MARGIN_MS, life / 5);
  return !(millis(now) < millis(expiresAt) - margin && millis(now) >= millis(issuedAt));
}
