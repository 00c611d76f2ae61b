import { z } from 'zod';
import type { HttpResponse } from '../../ports/http.ts';
import { jsonAnswer, oauthError, platformMessage, readFrame, refusal } from '../answers.ts';
import { ConnectorError, type ConnectorContext } from '../connector.ts';
import { jsonDecimal, jsonText, toDec } from '../json.ts';
import type { ConnectorPorts, PlatformClient } from '../platform-client.ts';
import { credential, setting, trimmedBase } from '../settings.ts';
import {
  BLACK_DIAMOND,
  CLIENT_ID,
  CLIENT_SECRET,
  DEFAULT_TOKEN_URL,
  PASSWORD,
  REFRESH_TOKEN,
  SUBSCRIPTION_KEY,
  USERNAME,
} from './credentials.ts';

const tokenAnswer = z.object({ access_token: jsonText, expires_in: jsonDecimal.nullish(), refresh_token: jsonText.nullish() });

/** Renewed this long before it ends, so that it does not end on the way. */
const AHEAD_MS = 30_000;
/** Where the answer names no life; the one seen is 600 seconds. */
const ASSUMED_LIFE_S = 300;

interface Token {
  readonly access: string;
  readonly endsAtMs: number;
}

export interface BlackDiamondSession {
  /** Calls the API with a live token and the subscription key; renews the token once on 401. Any status but 401 comes back. */
  call(request: {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly body?: unknown;
    readonly doing: string;
  }): Promise<HttpResponse>;
}

/** A session of one pass. Tokens live in memory only. */
export function createBlackDiamondSession(
  context: ConnectorContext,
  client: PlatformClient,
  ports: ConnectorPorts,
): BlackDiamondSession {
  const partner = { client_id: credential(context, CLIENT_ID), client_secret: credential(context, CLIENT_SECRET) };
  const subscriptionKey = credential(context, SUBSCRIPTION_KEY);
  const passwordAllowed = setting(context, 'allowPasswordGrant', 'yes') !== 'no';
  const user = passwordAllowed ? { username: credential(context, USERNAME), password: credential(context, PASSWORD) } : null;
  const base = trimmedBase(context);
  let token: Token | null = null;
  // With the password at hand a stored refresh token is left alone: using it could make it useless for the next pass.
  let refreshToken = user === null ? (context.credentials[REFRESH_TOKEN.key] ?? '').trim() : '';

  const grant = async (form: Readonly<Record<string, string>>): Promise<HttpResponse> =>
    client.send({
      method: 'POST',
      url: setting(context, 'tokenUrl', DEFAULT_TOKEN_URL),
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...form, ...partner }).toString(),
      doing: 'sign in',
    });

  const signInRefused = (response: HttpResponse): ConnectorError => {
    if (response.status !== 400 && response.status !== 401) return refusal(BLACK_DIAMOND, response, 'sign in');
    const what =
      oauthError(response) === 'invalid_client'
        ? 'client id and secret'
        : user === null
          ? 'refresh token'
          : 'user name and password';
    const said = platformMessage(response);
    return new ConnectorError(
      'unauthorised',
      `Black Diamond refused the ${what}${said === '' ? '' : ` (${said})`}. Check the credentials of this connection.`,
    );
  };

  const accept = (response: HttpResponse): Token => {
    const answer = readFrame(BLACK_DIAMOND, tokenAnswer, jsonAnswer(BLACK_DIAMOND, response, 'sign in'), 'sign-in answer');
    // An answer without refresh token leaves the one in use valid.
    refreshToken = answer.refresh_token ?? refreshToken;
    const lifeSeconds = answer.expires_in == null ? ASSUMED_LIFE_S : Number(toDec(answer.expires_in));
    return { access: answer.access_token, endsAtMs: ports.clock.monotonicMs() + lifeSeconds * 1000 };
  };

  const renew = async (): Promise<Token> => {
    let refused: HttpResponse | null = null;
    if (refreshToken !== '') {
      const response = await grant({ grant_type: 'refresh_token', refresh_token: refreshToken });
      if (response.status === 200) return accept(response);
      if (oauthError(response) !== 'invalid_grant') throw signInRefused(response);
      refused = response;
      refreshToken = '';
    }
    if (user !== null) {
      const response = await grant({ grant_type: 'password', ...user });
      if (response.status === 200) return accept(response);
      throw signInRefused(response);
    }
    if (refused) throw signInRefused(refused);
    throw new ConnectorError(
      'unauthorised',
      'Signing in with the password is switched off and there is no refresh token. Enter one in the settings of this connection.',
    );
  };

  const live = async (): Promise<Token> => {
    if (token === null || token.endsAtMs - AHEAD_MS <= ports.clock.monotonicMs()) token = await renew();
    return token;
  };

  return {
    call: async ({ method, path, body, doing }) => {
      const attempt = async (): Promise<HttpResponse> => {
        const { access } = await live();
        return client.send({
          method,
          url: `${base}${path}`,
          headers: {
            accept: 'application/json',
            authorization: `Bearer ${access}`,
            'ocp-apim-subscription-key': subscriptionKey,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          doing,
        });
      };
      let response = await attempt();
      if (response.status !== 401) return response;
      if (/subscription/i.test(platformMessage(response))) {
        throw new ConnectorError(
          'unauthorised',
          `Black Diamond refused the subscription key. Check the credentials of this connection.`,
        );
      }
      context.log('Black Diamond no longer accepts the token; renewing it');
      token = null;
      response = await attempt();
      if (response.status === 401) throw refusal(BLACK_DIAMOND, response, doing);
      return response;
    },
  };
}
