import {
  allowInsecureRequests,
  ClientSecretPost,
  customFetch,
  None,
  processRevocationResponse,
  revocationRequest,
} from 'oauth4webapi';
import type { Secrets } from '../vault/vault.ts';
import { isLoopback, oauthClient, type SignInFacts } from './oauth-client.ts';
import { signInProvider } from './providers.ts';
import { SignInError } from './sign-in-error.ts';
import { clientOf, fetchThrough, serverOf, type TokenPorts } from './token-endpoint.ts';

/** How a platform took it that a connection let go of its sign-in. */
export interface SignOut {
  readonly outcome: 'ended' | 'not_offered' | 'failed';
  /** One or two sentences: what stands at the platform now and what to do there. */
  readonly message: string;
}

const WITHIN_MS = 10_000;

const refused = (status: number): SignInError => new SignInError('temporary', `it answered ${status}`);

/** Orion documents that a session ends by DELETE at the token address. */
async function endSession(facts: SignInFacts, ports: Pick<TokenPorts, 'http'>): Promise<void> {
  const { credentials } = facts;
  const { status } = await ports.http.send({
    method: 'DELETE',
    url: oauthClient(facts).tokenUrl.href,
    headers: {
      accept: 'application/json',
      authorization: `Session ${credentials['accessToken'] ?? ''}`,
      client_id: credentials['clientId'] ?? '',
      client_secret: credentials['clientSecret'] ?? '',
    },
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  // A session that is over already is what was wanted.
  if (status !== 401 && (status < 200 || status >= 300)) throw refused(status);
}

/** RFC 7009, at an address that a person named: the refresh token takes its access tokens along. */
async function revoke(facts: SignInFacts, address: string, ports: Pick<TokenPorts, 'http'>): Promise<void> {
  const client = oauthClient({ ...facts, settings: { ...facts.settings, tokenUrl: address } });
  const { credentials } = facts;
  const token = credentials['refreshToken'] || credentials['accessToken'] || '';
  const response = await revocationRequest(
    { ...serverOf(client), revocation_endpoint: client.tokenUrl.href },
    clientOf(client),
    client.clientSecret === null ? None() : ClientSecretPost(client.clientSecret),
    token,
    {
      [customFetch]: fetchThrough(ports.http),
      [allowInsecureRequests]: isLoopback(client.tokenUrl),
      signal: AbortSignal.timeout(WITHIN_MS),
    },
  );
  if (response.status !== 200) throw refused(response.status);
  await processRevocationResponse(response);
}

/**
 * Tells a platform that a sign-in is over, where it can be told. `secrets` are what the vault held; null when nothing could
 * be read. Never rejects: the connection has let go of the sign-in whatever the platform says.
 */
export async function signOut(
  facts: Omit<SignInFacts, 'credentials'>,
  secrets: Secrets | null,
  ports: Pick<TokenPorts, 'http'>,
): Promise<SignOut> {
  const provider = signInProvider(facts.platform);
  if (secrets === null || provider === null)
    return { outcome: 'not_offered', message: 'The credentials were removed from this machine.' };
  const { name } = provider;
  if (!('accessToken' in secrets))
    return {
      outcome: 'not_offered',
      message: `The credentials were removed from this machine. They stay valid at ${name} until they are withdrawn there.`,
    };
  const address = (facts.settings['revocationUrl'] ?? '').trim();
  if (!provider.endsBySession && address === '')
    return {
      outcome: 'not_offered',
      message: `The tokens were removed from this machine. ${name} documents no way to end a sign-in from here; withdraw the permission there if it must end at once.`,
    };
  try {
    const whole = { ...facts, credentials: secrets };
    await (address === '' ? endSession(whole, ports) : revoke(whole, address, ports));
    return { outcome: 'ended', message: `The tokens were removed from this machine, and ${name} ended the sign-in.` };
  } catch (error) {
    const why = error instanceof SignInError && error.kind === 'temporary' ? error.message : 'it could not be reached';
    return {
      outcome: 'failed',
      message: `The tokens were removed from this machine. ${name} could not be told that the sign-in is over (${why}); withdraw the permission there.`,
    };
  }
}
