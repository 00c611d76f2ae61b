import type { RandomStream } from '../firm/random.ts';
import { reproducibleHex } from '../firm/random.ts';
import type { OrionAccess, OrionSettings } from './settings.ts';

export interface OrionToken {
  readonly access_token: string;
  readonly refresh_token: string | null;
  readonly lifeSeconds: number;
}

/** Session tokens of ten hours unless set, and refresh tokens that work once and never expire. */
export interface Sessions {
  /** Null when the user or the partner is not who they say. A refresh token comes only with the partner’s id. */
  signIn(
    user: string,
    password: string,
    partner: { readonly id: string | undefined; readonly secret: string | undefined },
  ): OrionToken | null;
  refresh(token: string, partner: { readonly id: string | undefined; readonly secret: string | undefined }): OrionToken | null;
  isValid(accessToken: string): boolean;
  signOut(accessToken: string): void;
}

/** The reply of the token endpoint; the life is a float, as the platform writes it. */
export const tokenText = (token: OrionToken): string =>
  `{"access_token":"${token.access_token}","expires_in":${token.lifeSeconds}.0${token.refresh_token === null ? '' : `,"refresh_token":"${token.refresh_token}"`}}`;

export function createSessions(access: OrionAccess, settings: OrionSettings, random: RandomStream, now: () => number): Sessions {
  const sessions = new Map<string, number>();
  const refreshTokens = new Set<string>();
  let issued = 0;

  const issue = (withRefresh: boolean): OrionToken => {
    issued += 1;
    const lifeSeconds = settings.sessionLifeSeconds;
    const accessToken = reproducibleHex(random, issued * 2, 40);
    sessions.set(accessToken, now() + lifeSeconds * 1000);
    if (!withRefresh) return { access_token: accessToken, refresh_token: null, lifeSeconds };
    const refreshToken = reproducibleHex(random, issued * 2 + 1, 32);
    refreshTokens.add(refreshToken);
    return { access_token: accessToken, refresh_token: refreshToken, lifeSeconds };
  };
  const isPartner = (id: string | undefined, secret: string | undefined): boolean =>
    id === access.clientId && secret === access.clientSecret;

  return {
    signIn(user, password, partner) {
      const named = partner.id !== undefined || partner.secret !== undefined;
      if (user !== access.username || password !== access.password) return null;
      return named && !isPartner(partner.id, partner.secret) ? null : issue(named);
    },
    refresh(token, partner) {
      if (!isPartner(partner.id, partner.secret) || !refreshTokens.delete(token)) return null;
      return issue(true);
    },
    isValid: (accessToken) => (sessions.get(accessToken) ?? 0) > now(),
    signOut: (accessToken) => void sessions.delete(accessToken),
  };
}
