import type { Instant } from '../../shared/model/date.ts';
import { ConnectorError } from '../connectors/connector.ts';
import type { TakeTurns } from '../ports/turns.ts';
import type { Secrets, SecretStore } from '../vault/vault.ts';
import { oauthClient, type SignInFacts } from './oauth-client.ts';
import { SignInError, type SignInErrorKind } from './sign-in-error.ts';
import { refreshTokens, type TokenPorts } from './token-endpoint.ts';
import { isDue, type Tokens } from './tokens.ts';

export interface KeeperPorts extends TokenPorts {
  readonly vault: Pick<SecretStore, 'get' | 'put'>;
  /** One renewal of a sign-in at a time among all programs that share the vault. */
  readonly takeTurns: TakeTurns;
  /** Hears of every renewal that failed; the message holds nothing that was sent. */
  readonly onFailed: (ref: string, failure: { readonly kind: SignInErrorKind; readonly message: string }) => void;
}

/** Live access tokens of connections that were signed in with the browser. */
export interface TokenKeeper {
  /**
   * The access token kept under `ref`, renewed when it is due or is the one that was `refused`. One renewal at a time.
   * Throws ConnectorError: `unauthorised` when a person must sign in again, else `unavailable`.
   */
  bearer(ref: string, facts: Omit<SignInFacts, 'credentials'>, refused: string | null): Promise<string>;
  /** The reference was removed from the vault: a renewal on its way stores nothing. */
  forget(ref: string): void;
}

const TOKEN_KEYS = ['accessToken', 'refreshToken', 'tokenIssuedAt', 'tokenExpiresAt'] as const;

/** What the vault holds of a browser sign-in: the client's facts and the tokens. */
export const signInSecrets = (credentials: Secrets, tokens: Tokens): Secrets => ({
  ...clientSecrets(credentials),
  accessToken: tokens.accessToken,
  refreshToken: tokens.refreshToken ?? '',
  tokenIssuedAt: tokens.issuedAt,
  tokenExpiresAt: tokens.expiresAt,
});

/** The client's facts without the tokens of a browser sign-in; what was entered by hand stays whole. */
export const clientSecrets = (secrets: Secrets): Secrets =>
  'accessToken' in secrets
    ? Object.fromEntries(Object.entries(secrets).filter(([key]) => !TOKEN_KEYS.some((token) => token === key)))
    : secrets;

/** When the stored access token ends and whether it renews itself; never the token. */
export function tokenLife(secrets: Secrets): { readonly expiresAt: Instant | null; readonly renews: boolean } {
  const { accessToken, expiresAt, refreshToken } = tokensIn(secrets);
  return accessToken === '' || expiresAt === ''
    ? { expiresAt: null, renews: false }
    : { expiresAt, renews: refreshToken !== null };
}

const tokensIn = (secrets: Secrets): Tokens => ({
  accessToken: secrets['accessToken'] ?? '',
  refreshToken: secrets['refreshToken'] || null,
  issuedAt: (secrets['tokenIssuedAt'] ?? '') as Instant,
  expiresAt: (secrets['tokenExpiresAt'] ?? '') as Instant,
});

export function createTokenKeeper(ports: KeeperPorts): TokenKeeper {
  const held = new Map<string, Secrets>();
  const renewing = new Map<string, Promise<string>>();
  const unstored = new Set<string>();
  const forgotten = new Set<string>();

  async function store(ref: string): Promise<void> {
    const secrets = held.get(ref);
    if (secrets === undefined || forgotten.has(ref)) return;
    try {
      await ports.vault.put(ref, secrets, 'clientSecret');
      unstored.delete(ref);
    } catch (cause) {
      throw new ConnectorError(
        'unavailable',
        'The renewed sign-in could not be stored, so it was not used. Free some disk space and sync again.',
        { cause },
      );
    }
  }

  const accessTokenOf = (ref: string): string => tokensIn(held.get(ref) ?? {}).accessToken;

  /** Another program may have renewed while this one waited: its token is taken, since the one held here is spent. */
  async function foundRenewed(ref: string, refused: string | null): Promise<boolean> {
    const before = accessTokenOf(ref);
    const found = await ports.vault.get(ref);
    if (!found.ok) return false;
    const tokens = tokensIn(found.secrets);
    if (tokens.accessToken === before) return false;
    held.set(ref, found.secrets);
    return tokens.accessToken !== refused && !isDue(tokens, ports.clock.now());
  }

  async function renew(ref: string, facts: Omit<SignInFacts, 'credentials'>): Promise<string> {
    const before = held.get(ref) ?? {};
    const { refreshToken } = tokensIn(before);
    try {
      const client = oauthClient({ ...facts, credentials: before });
      if (refreshToken === null)
        throw new SignInError('grant_ended', `The sign-in to ${client.provider.name} has ended. Sign in again.`);
      const tokens = await refreshTokens(client, ports, refreshToken);
      held.set(ref, signInSecrets(before, tokens));
      unstored.add(ref);
    } catch (cause) {
      if (!(cause instanceof SignInError)) throw cause;
      ports.onFailed(ref, { kind: cause.kind, message: cause.message });
      throw new ConnectorError(cause.kind === 'grant_ended' ? 'unauthorised' : 'unavailable', cause.message, { cause });
    }
    // The old refresh token may be spent by now: the new one is on disk before anything is done with it.
    await store(ref);
    return accessTokenOf(ref);
  }

  return {
    async bearer(ref, facts, refused) {
      if (!held.has(ref)) {
        const found = await ports.vault.get(ref);
        if (!found.ok) throw new ConnectorError('unauthorised', found.message);
        // Another call may have read and renewed it meanwhile.
        if (!held.has(ref)) held.set(ref, found.secrets);
      }
      if (!renewing.has(ref) && unstored.has(ref)) await store(ref);
      // From here to the renewal nothing waits, so two callers never renew with one token.
      const running = renewing.get(ref);
      if (running !== undefined) return running;
      const tokens = tokensIn(held.get(ref) ?? {});
      if (tokens.accessToken !== refused && !isDue(tokens, ports.clock.now())) return tokens.accessToken;
      const work = ports
        .takeTurns(`sign-in-${ref}`, async () => ((await foundRenewed(ref, refused)) ? accessTokenOf(ref) : renew(ref, facts)))
        .finally(() => renewing.delete(ref));
      renewing.set(ref, work);
      return work;
    },
    forget(ref) {
      forgotten.add(ref);
      held.delete(ref);
    },
  };
}
