import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  ClientSecretPost,
  customFetch,
  genericTokenEndpointRequest,
  None,
  processAuthorizationCodeResponse,
  processGenericTokenEndpointResponse,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
  ResponseBodyError,
  type AuthorizationServer,
  type Client,
  type CustomFetchOptions,
  type TokenEndpointResponse,
} from 'oauth4webapi';
import type { Clock } from '../ports/clock.ts';
import type { HttpClient } from '../ports/http.ts';
import { isLoopback, type OAuthClient } from './oauth-client.ts';
import { SignInError } from './sign-in-error.ts';
import { tokensOf, type Tokens } from './tokens.ts';

export interface TokenPorts {
  readonly clock: Pick<Clock, 'now'>;
  readonly http: HttpClient;
}

const MAX_ANSWER_BYTES = 256 * 1024;

export const serverOf = (client: OAuthClient): AuthorizationServer => ({
  issuer: client.issuer,
  authorization_endpoint: client.authorizeUrl.href,
  token_endpoint: client.tokenUrl.href,
});
export const clientOf = (client: OAuthClient): Client => ({ client_id: client.clientId });

/**
 * Gives an answer without `token_type`, as Orion documents it, the one that the protocol knows. An ID token is left out:
 * nobody is identified by it here, and reading it would make a clock that is off a reason to refuse.
 */
function asProtocol(body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(body);
  try {
    const answer: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof answer !== 'object' || answer === null || !('access_token' in answer)) return bytes;
    const { refresh_token: refresh, id_token: _identity, ...rest } = answer as { refresh_token?: unknown; id_token?: unknown };
    const filled = { token_type: 'bearer', ...rest, ...(refresh == null ? {} : { refresh_token: refresh }) };
    return new Uint8Array(Buffer.from(JSON.stringify(filled)));
  } catch {
    return bytes;
  }
}

/** The protocol's library speaks through the program's own HTTP, with its limits and without redirects. */
export const fetchThrough =
  (http: HttpClient) =>
  async (url: string, options: CustomFetchOptions<'POST', URLSearchParams>): Promise<Response> => {
    const answer = await http.send({
      method: 'POST',
      url,
      headers: options.headers,
      body: options.body.toString(),
      maxBytes: MAX_ANSWER_BYTES,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    const empty = answer.status === 204 || answer.status === 205 || answer.status === 304;
    const body = empty ? null : asProtocol(answer.body);
    return new Response(body, { status: answer.status, headers: { ...answer.headers } });
  };

async function ask(
  client: OAuthClient,
  ports: TokenPorts,
  request: (options: Parameters<typeof refreshTokenGrantRequest>[4] & object) => Promise<Response>,
  read: (response: Response) => Promise<TokenEndpointResponse>,
): Promise<Tokens> {
  const { name, refusesBy401 } = client.provider;
  const askedAt = ports.clock.now();
  let status = 0;
  try {
    const response = await request({
      [customFetch]: fetchThrough(ports.http),
      [allowInsecureRequests]: isLoopback(client.tokenUrl),
    });
    ({ status } = response);
    return tokensOf(await read(response), askedAt);
  } catch (error) {
    if ((error instanceof ResponseBodyError && error.error === 'invalid_grant') || (refusesBy401 && status === 401))
      throw new SignInError('grant_ended', `${name} no longer accepts this sign-in. Sign in again.`, error);
    if (error instanceof ResponseBodyError && (error.error === 'invalid_client' || error.error === 'unauthorized_client'))
      throw new SignInError(
        'temporary',
        `${name} refused the client id and secret. Check them with your contact at ${name}.`,
        error,
      );
    if (status === 0)
      throw new SignInError(
        'temporary',
        `${name} could not be reached to complete the sign-in. Check the network and try again.`,
        error,
      );
    throw new SignInError('temporary', `${name} did not complete the sign-in (${status}). Try again later.`, error);
  }
}

const authentication = (client: OAuthClient) => (client.clientSecret === null ? None() : ClientSecretPost(client.clientSecret));

/** Exchanges a code that `validateAuthResponse` has let through. Throws SignInError `grant_ended` or `temporary`. */
export const exchangeCode = (
  client: OAuthClient,
  ports: TokenPorts,
  answer: { readonly parameters: URLSearchParams; readonly redirectUri: string; readonly verifier: string },
): Promise<Tokens> =>
  ask(
    client,
    ports,
    (options) =>
      authorizationCodeGrantRequest(
        serverOf(client),
        clientOf(client),
        authentication(client),
        answer.parameters,
        answer.redirectUri,
        answer.verifier,
        options,
      ),
    (response) => processAuthorizationCodeResponse(serverOf(client), clientOf(client), response),
  );

/** Conditions that Black Diamond names; its own words are not shown, since they may repeat what was sent. */
const conditionOf = ({ error_description: said = '' }: ResponseBodyError): string =>
  /locked/i.test(said) ? ' It says that the user is locked.' : /closed/i.test(said) ? ' It says that the firm is closed.' : '';

/** Exchanges a user's name and password for tokens. Throws SignInError `denied` when they are refused, else `temporary`. */
export async function exchangePassword(
  client: OAuthClient,
  ports: TokenPorts,
  user: { readonly username: string; readonly password: string },
): Promise<Tokens> {
  try {
    return await ask(
      client,
      ports,
      (options) =>
        genericTokenEndpointRequest(serverOf(client), clientOf(client), authentication(client), 'password', { ...user }, options),
      (response) => processGenericTokenEndpointResponse(serverOf(client), clientOf(client), response),
    );
  } catch (error) {
    if (!(error instanceof SignInError) || error.kind !== 'grant_ended') throw error;
    const condition = error.cause instanceof ResponseBodyError ? conditionOf(error.cause) : '';
    throw new SignInError(
      'denied',
      `${client.provider.name} refused the user name and password.${condition} Check them and try again.`,
    );
  }
}

/** Renews with a refresh token; an answer without a new one keeps it. Throws SignInError `grant_ended` or `temporary`. */
export async function refreshTokens(client: OAuthClient, ports: TokenPorts, refreshToken: string): Promise<Tokens> {
  const tokens = await ask(
    client,
    ports,
    (options) => refreshTokenGrantRequest(serverOf(client), clientOf(client), authentication(client), refreshToken, options),
    (response) => processRefreshTokenResponse(serverOf(client), clientOf(client), response),
  );
  return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken };
}
