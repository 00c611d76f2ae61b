import { z } from 'zod';
import type { HttpResponse } from '../../ports/http.ts';
import { jsonAnswer, readFrame, refusal } from '../answers.ts';
import { sendSignedIn } from '../bearer.ts';
import { ConnectorError, type ConnectorContext } from '../connector.ts';
import { plainField, secretField } from '../fields.ts';
import { jsonText } from '../json.ts';
import type { PlatformClient, PlatformRequest } from '../platform-client.ts';
import { credential, trimmedBase } from '../settings.ts';

export const ORION = 'Orion';

const USERNAME = plainField(
  'username',
  'User name',
  'A service user with the API/Integrations role; its password does not expire.',
);
const PASSWORD = secretField('password', 'Password', 'Password of that user.');
const CLIENT_ID = plainField('clientId', 'Partner client id', 'The number Orion issued to your firm as API partner.');
const CLIENT_SECRET = secretField('clientSecret', 'Partner client secret', 'The secret issued with it.');
export const ORION_CREDENTIALS = [USERNAME, PASSWORD, CLIENT_ID, CLIENT_SECRET];

const tokenAnswer = z.object({
  access_token: jsonText.nullish(),
  two_factor_opts: z
    .array(z.object({ type: z.string().nullish() }))
    .nullish()
    .catch([]),
});

/** The ways that the contract of the token call names. How a code is handed in is not documented. */
const WAYS: Readonly<Record<string, string>> = { email: 'e-mail', sms: 'text message' };
const secondFactor = (ways: readonly string[]): string =>
  `Orion asks this user for a second factor${ways.length === 0 ? '' : ` by ${ways.join(' or ')}`}, which only a person can give. Sign in with the browser, or use a service user with the API/Integrations role.`;

export interface OrionSession {
  /** GET below the base URL; signs in when needed, and once more when the session has ended. Any status but 401. */
  get(path: string, doing: string, signal: AbortSignal): Promise<HttpResponse>;
  /** The same with a JSON body. */
  post(path: string, body: unknown, doing: string, signal: AbortSignal): Promise<HttpResponse>;
}

/** A session of one pass. The token lives in memory only. */
export function createOrionSession(context: ConnectorContext, client: PlatformClient): OrionSession {
  const { bearer } = context;
  const user = bearer ? '' : `${credential(context, USERNAME)}:${credential(context, PASSWORD)}`;
  const partner = { client_id: credential(context, CLIENT_ID), client_secret: credential(context, CLIENT_SECRET) };
  const base = trimmedBase(context);
  let token: string | null = null;

  const signIn = async (signal: AbortSignal): Promise<string> => {
    const doing = 'sign in';
    const response = await client.send({
      method: 'GET',
      url: `${base}/security/token`,
      // Without a JSON Accept header Orion answers the token call in XML.
      headers: {
        accept: 'application/json',
        authorization: `Basic ${Buffer.from(user).toString('base64')}`,
        ...partner,
      },
      signal,
      doing,
    });
    if (response.status === 401) {
      throw new ConnectorError(
        'unauthorised',
        'Orion refused the user name and password, or the partner client id and secret. Check the credentials of this connection.',
      );
    }
    const answer = readFrame(ORION, tokenAnswer, jsonAnswer(ORION, response, doing), 'sign-in answer');
    if (answer.access_token) return answer.access_token;
    const reason = answer.two_factor_opts
      ? secondFactor(answer.two_factor_opts.flatMap(({ type }) => WAYS[(type ?? '').toLowerCase()] ?? []))
      : 'Orion answered the sign-in without a session token. Check the user’s rights there.';
    throw new ConnectorError('unauthorised', reason);
  };

  const send = async (request: Pick<PlatformRequest, 'method' | 'url' | 'headers' | 'body' | 'doing'>, signal: AbortSignal) => {
    const call = async (session: string): Promise<HttpResponse> =>
      client.send({
        ...request,
        headers: { accept: 'application/json', ...request.headers, authorization: `Session ${session}`, ...partner },
        signal,
      });
    if (bearer) return sendSignedIn(ORION, bearer, call);
    const fresh = token === null;
    token ??= await signIn(signal);
    let response = await call(token);
    if (response.status === 401 && !fresh) {
      context.log('The Orion session has ended; signing in again');
      token = await signIn(signal);
      response = await call(token);
    }
    if (response.status === 401) throw refusal(ORION, response, request.doing);
    return response;
  };

  return {
    get: (path, doing, signal) => send({ method: 'GET', url: `${base}${path}`, doing }, signal),
    post: (path, body, doing, signal) =>
      send(
        {
          method: 'POST',
          url: `${base}${path}`,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
          doing,
        },
        signal,
      ),
  };
}
