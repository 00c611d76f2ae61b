import { createHash, timingSafeEqual } from 'node:crypto';
import { AuthorizationResponseError, calculatePKCECodeChallenge, validateAuthResponse } from 'oauth4webapi';
import type { Random } from '../ports/random.ts';
import type { SchemeRedirects } from '../ports/scheme-redirects.ts';
import type { OAuthClient } from './oauth-client.ts';
import { listenForRedirect, type RedirectAnswer, type RedirectListener } from './redirect-listener.ts';
import { listenForScheme } from './scheme-redirect.ts';
import { SignInError } from './sign-in-error.ts';
import { clientOf, exchangeCode, serverOf, type TokenPorts } from './token-endpoint.ts';
import type { Tokens } from './tokens.ts';

export interface FlowPorts extends TokenPorts {
  readonly random: Pick<Random, 'bytes'>;
  /** Null in a host that the system cannot hand addresses to. */
  readonly redirects: SchemeRedirects | null;
}

export interface CodeFlow {
  /** To be opened in the system's browser. */
  readonly address: string;
  /** Rejects with SignInError. The listener is closed by then, whatever happened. */
  readonly tokens: Promise<Tokens>;
}

const SECRET_BYTES = 32;

/** Compared as digests, so that the time taken says nothing about how much of it was right. */
const isSame = (given: string, expected: string): boolean =>
  timingSafeEqual(createHash('sha256').update(given).digest(), createHash('sha256').update(expected).digest());

function checked(client: OAuthClient, parameters: URLSearchParams, state: string): URLSearchParams {
  const { name } = client.provider;
  const given = parameters.getAll('state');
  if (given.length !== 1 || !isSame(given[0] ?? '', state))
    throw new SignInError(
      'mismatch',
      'The browser came back with the answer of another sign-in. Nothing was stored; start again.',
    );
  try {
    return validateAuthResponse(serverOf(client), clientOf(client), parameters, state);
  } catch (error) {
    if (error instanceof AuthorizationResponseError && error.error === 'access_denied')
      throw new SignInError('denied', `The sign-in was declined at ${name}. Nothing was stored.`, error);
    if (error instanceof AuthorizationResponseError)
      throw new SignInError('denied', `${name} refused the sign-in (${error.error.slice(0, 60)}). Nothing was stored.`, error);
    throw new SignInError(
      'mismatch',
      `The answer does not come from the expected server of ${name}. Nothing was stored; check the sign-in page and the issuer.`,
      error,
    );
  }
}

const sentenceOf = (error: unknown): string =>
  error instanceof SignInError ? error.message : 'The sign-in stopped because of an unexpected error. Start again.';

/**
 * Begins one sign-in with PKCE S256: listens for the browser and says where to send it. `signal` ends it and closes the
 * listener. Throws SignInError `not_possible` when no port is free.
 */
export async function beginCodeFlow(client: OAuthClient, ports: FlowPorts, signal: AbortSignal): Promise<CodeFlow> {
  const secret = (): string => Buffer.from(ports.random.bytes(SECRET_BYTES)).toString('base64url');
  const state = secret();
  const verifier = secret();
  const { promise, resolve, reject } = Promise.withResolvers<Tokens>();

  const onAnswer = async (given: URLSearchParams): Promise<RedirectAnswer> => {
    try {
      const parameters = checked(client, given, state);
      const { redirectUri } = listener;
      resolve(await exchangeCode(client, ports, { parameters, redirectUri, verifier }));
      await promise;
      return { ok: true, sentence: `You are signed in to ${client.provider.name}. Close this page and go back to Clearway.` };
    } catch (error) {
      reject(error);
      return { ok: false, sentence: sentenceOf(error) };
    }
  };
  const { scheme } = client;
  const path = client.provider.redirectPath;
  const listener: RedirectListener =
    scheme === null
      ? await listenForRedirect({ ports: client.ports, path, onAnswer })
      : listenForScheme({ redirects: ports.redirects, scheme, path, onAnswer });
  const stop = (): void => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const tokens = promise.finally(() => {
    signal.removeEventListener('abort', stop);
    listener.close();
  });

  const address = new URL(client.authorizeUrl);
  const query = {
    response_type: 'code',
    client_id: client.clientId,
    redirect_uri: listener.redirectUri,
    state,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...(client.scope === '' ? {} : { scope: client.scope }),
  };
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  return { address: address.href, tokens };
}
