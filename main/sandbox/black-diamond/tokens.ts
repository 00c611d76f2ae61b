import type { RandomStream } from '../firm/random.ts';
import { reproducibleHex } from '../firm/random.ts';
import { createTokenSigner, type TokenStanding } from '../http/signed-token.ts';
import type { BlackDiamondAccess, BlackDiamondSettings } from './settings.ts';

const DAY_MS = 86_400_000;
const SLIDING_LIFE_MS = 15 * DAY_MS;
const ABSOLUTE_LIFE_MS = 30 * DAY_MS;

export type GrantResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly error: string; readonly description?: string };

/** Signed access tokens of ten minutes, or as long as is set, and refresh tokens that work once. */
export interface Tokens {
  grant(form: ReadonlyMap<string, string>): GrantResult;
  check(accessToken: string): TokenStanding;
}

export function createTokens(
  access: BlackDiamondAccess,
  settings: BlackDiamondSettings,
  random: RandomStream,
  now: () => number,
): Tokens {
  const signer = createTokenSigner(reproducibleHex(random, 0, 32), now);
  const refreshTokens = new Map<string, { readonly issuedAt: number; readonly signedInAt: number }>();
  let issued = 0;

  const issue = (signedInAt: number): GrantResult => {
    issued += 1;
    const token = signer.issue({ jti: issued, client_id: access.clientId }, settings.tokenLifeSeconds);
    const refresh = reproducibleHex(random, issued * 2 + 1, 32);
    refreshTokens.set(refresh, { issuedAt: now(), signedInAt });
    return {
      ok: true,
      text: `{"access_token":"${token}","expires_in":${settings.tokenLifeSeconds},"token_type":"Bearer","refresh_token":"${refresh}"}`,
    };
  };

  return {
    grant(form) {
      if (form.get('client_id') !== access.clientId || form.get('client_secret') !== access.clientSecret)
        return { ok: false, error: 'invalid_client' };
      const grant = form.get('grant_type');
      if (grant === 'client_credentials') return { ok: false, error: 'unauthorized_client' };
      if (grant !== 'password' && grant !== 'refresh_token') return { ok: false, error: 'unsupported_grant_type' };
      if (settings.userState === 'locked') return { ok: false, error: 'invalid_grant', description: 'user is locked' };
      if (settings.userState === 'firm_closed') return { ok: false, error: 'invalid_grant', description: 'firm is closed' };
      if (grant === 'password')
        return form.get('username') === access.username && form.get('password') === access.password
          ? issue(now())
          : { ok: false, error: 'invalid_grant' };
      const presented = form.get('refresh_token') ?? '';
      const known = refreshTokens.get(presented);
      refreshTokens.delete(presented);
      if (!known || now() - known.issuedAt > SLIDING_LIFE_MS || now() - known.signedInAt > ABSOLUTE_LIFE_MS)
        return { ok: false, error: 'invalid_grant' };
      return issue(known.signedInAt);
    },
    check: (accessToken) => signer.check(accessToken),
  };
}
