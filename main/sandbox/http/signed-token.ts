import { createHmac, timingSafeEqual } from 'node:crypto';

export type TokenStanding = 'valid' | 'expired' | 'unknown';

/** Tokens that say when they end and are signed, so that nothing need be kept to know one again. */
export interface TokenSigner {
  issue(claims: Readonly<Record<string, unknown>>, lifeSeconds: number): string;
  check(token: string): TokenStanding;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const HEADER = encode({ alg: 'HS256', typ: 'JWT' });

/** JSON Web Tokens signed with HMAC-SHA-256 under the sandbox's own key. `now` in milliseconds. */
export function createTokenSigner(key: string, now: () => number): TokenSigner {
  const sign = (content: string): Buffer => createHmac('sha256', key).update(content).digest();
  return {
    issue(claims, lifeSeconds) {
      const content = `${HEADER}.${encode({ ...claims, iat: now() / 1000, exp: now() / 1000 + lifeSeconds })}`;
      return `${content}.${sign(content).toString('base64url')}`;
    },
    check(token) {
      const [header = '', claims = '', signature = '', more] = token.split('.');
      const given = Buffer.from(signature, 'base64url');
      const expected = sign(`${header}.${claims}`);
      if (header !== HEADER || more !== undefined || given.length !== expected.length || !timingSafeEqual(given, expected))
        return 'unknown';
      const { exp } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { readonly exp: number };
      return exp * 1000 > now() ? 'valid' : 'expired';
    },
  };
}
