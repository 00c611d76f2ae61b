import type { Access, Principal } from './access.ts';
import { Refusal } from './refusal.ts';

const BEARER = /^Bearer ([A-Za-z0-9_-]{43})$/i;

/** Who the Authorization header stands for. Throws a Refusal with status 401; cookies are never looked at. */
export const principalOf = (access: Access, authorization: string | undefined): Principal => {
  const token = BEARER.exec(authorization ?? '')?.[1];
  const principal = token === undefined ? null : access.authenticate(token);
  if (principal === null) {
    throw new Refusal(
      401,
      'unauthenticated',
      'Sign in first: open the link Clearway printed when it started, or send its token as a bearer token.',
      {
        'www-authenticate': 'Bearer',
      },
    );
  }
  return principal;
};

const JSON_ONLY = /^application\/json(?:; ?charset=utf-8)?$/i;

/** Throws a Refusal unless a writing request says it sends JSON; browsers ask for permission before they send that across origins. */
export const requireJson = (contentType: string | undefined): void => {
  if (!JSON_ONLY.test(contentType ?? '')) throw new Refusal(415, 'invalid_input', 'Send application/json.');
};

/** Throws a Refusal when the bucket of this key is empty. */
export const requireCapacity = (secondsToWait: number): void => {
  if (secondsToWait > 0)
    throw new Refusal(429, 'busy', 'Too many requests at once. Wait a moment and try again.', {
      'retry-after': String(secondsToWait),
    });
};
