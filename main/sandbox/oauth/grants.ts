import { createHash } from 'node:crypto';
import type { RandomStream } from '../firm/random.ts';
import { reproducibleHex } from '../firm/random.ts';
import type { OAuthPartner, OAuthSettings } from './settings.ts';

const CODE_LIFE_MS = 60_000;

export interface IssuedTokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly lifeSeconds: number;
}
export type GrantOutcome = { readonly ok: true; readonly tokens: IssuedTokens } | { readonly ok: false; readonly error: string };
type Form = ReadonlyMap<string, string>;

/** Codes, access tokens and refresh tokens of people who signed in with the browser. */
export interface Grants {
  /** Null: the request is sound. Else what is wrong with it; such a request is never redirected. */
  refusal(query: Form): string | null;
  /** Where the browser goes after the person has decided on a sound request. */
  decide(query: Form, approved: boolean): string;
  token(form: Form): GrantOutcome;
  isLive(accessToken: string): boolean;
  /** Ends the sign-in that a live access token came from; false when it is not live. */
  end(accessToken: string): boolean;
}

interface Code {
  readonly redirectUri: string;
  readonly challenge: string | undefined;
  readonly issuedAt: number;
  family: number | null;
}
interface Refresh {
  readonly family: number;
  spent: boolean;
}

const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url');

export function createGrants(partner: OAuthPartner, settings: OAuthSettings, random: RandomStream, now: () => number): Grants {
  const codes = new Map<string, Code>();
  const accessTokens = new Map<string, { readonly family: number; readonly endsAt: number }>();
  const refreshTokens = new Map<string, Refresh>();
  const ended = new Set<number>();
  let issued = 0;
  let families = 0;
  const fresh = (): string => {
    issued += 1;
    return reproducibleHex(random, issued, 40);
  };

  const mayRedirectTo = (address: string): boolean => {
    if (settings.oauthRedirectUri !== '') return address === settings.oauthRedirectUri;
    const url = URL.parse(address);
    return url !== null && url.protocol === 'http:' && url.hostname === '127.0.0.1' && url.hash === '';
  };

  const issue = (family: number, keep: string | null): GrantOutcome => {
    const accessToken = fresh();
    accessTokens.set(accessToken, { family, endsAt: now() + settings.oauthTokenLifeSeconds * 1000 });
    const refreshToken = keep === null ? fresh() : null;
    if (refreshToken !== null) refreshTokens.set(refreshToken, { family, spent: false });
    return { ok: true, tokens: { accessToken, refreshToken, lifeSeconds: settings.oauthTokenLifeSeconds } };
  };

  const exchange = (form: Form): GrantOutcome => {
    const code = codes.get(form.get('code') ?? '');
    if (!code) return { ok: false, error: 'invalid_grant' };
    if (code.family !== null) {
      // A code that comes twice was stolen or lost: what it brought ends as well.
      ended.add(code.family);
      return { ok: false, error: 'invalid_grant' };
    }
    const verifier = form.get('code_verifier');
    const proven = code.challenge === undefined ? verifier === undefined : challengeOf(verifier ?? '') === code.challenge;
    if (!proven || form.get('redirect_uri') !== code.redirectUri || now() - code.issuedAt > CODE_LIFE_MS)
      return { ok: false, error: 'invalid_grant' };
    families += 1;
    code.family = families;
    return issue(families, null);
  };

  const refresh = (form: Form): GrantOutcome => {
    const presented = form.get('refresh_token') ?? '';
    const known = refreshTokens.get(presented);
    if (!known || ended.has(known.family)) return { ok: false, error: 'invalid_grant' };
    if (known.spent) {
      if (settings.oauthReuseDetection) ended.add(known.family);
      return { ok: false, error: 'invalid_grant' };
    }
    if (!settings.oauthRotation) return issue(known.family, presented);
    known.spent = true;
    return issue(known.family, null);
  };

  const isLive = (accessToken: string): boolean => {
    const known = accessTokens.get(accessToken);
    return known !== undefined && !ended.has(known.family) && known.endsAt > now();
  };

  return {
    refusal(query) {
      if (query.get('client_id') !== partner.clientId) return 'The client is not known.';
      if (!mayRedirectTo(query.get('redirect_uri') ?? '')) return 'The redirect address is not registered.';
      if (query.get('response_type') !== 'code') return 'The response type must be code.';
      if (query.has('code_challenge') && query.get('code_challenge_method') !== 'S256') return 'The challenge must be S256.';
      return null;
    },
    decide(query, approved) {
      const back = new URL(query.get('redirect_uri') ?? '');
      const state = query.get('state');
      if (state !== undefined) back.searchParams.set('state', state);
      if (!approved) {
        back.searchParams.set('error', 'access_denied');
        return back.href;
      }
      const code = fresh();
      codes.set(code, {
        redirectUri: query.get('redirect_uri') ?? '',
        challenge: query.get('code_challenge'),
        issuedAt: now(),
        family: null,
      });
      back.searchParams.set('code', code);
      return back.href;
    },
    token(form) {
      if (form.get('client_id') !== partner.clientId || form.get('client_secret') !== partner.clientSecret)
        return { ok: false, error: 'invalid_client' };
      const grant = form.get('grant_type');
      if (grant === 'authorization_code') return exchange(form);
      return grant === 'refresh_token' ? refresh(form) : { ok: false, error: 'unsupported_grant_type' };
    },
    isLive,
    end(accessToken) {
      const known = accessTokens.get(accessToken);
      if (known === undefined || !isLive(accessToken)) return false;
      ended.add(known.family);
      return true;
    },
  };
}
