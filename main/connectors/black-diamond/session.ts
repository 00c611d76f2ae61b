import type { HttpResponse } from '../../ports/http.ts';
import { platformMessage } from '../answers.ts';
import { sendSignedIn } from '../bearer.ts';
import { ConnectorError, type ConnectorContext } from '../connector.ts';
import type { PlatformClient } from '../platform-client.ts';
import { credential, trimmedBase } from '../settings.ts';
import { BLACK_DIAMOND, SUBSCRIPTION_KEY } from './credentials.ts';

export interface BlackDiamondSession {
  /** Calls the API with a live token and the subscription key; renews the token once on 401. Any status but 401 comes back. */
  call(request: {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly body?: unknown;
    readonly doing: string;
  }): Promise<HttpResponse>;
}

/** A session of one pass. Throws `unauthorised` for a connection that nobody has signed in. */
export function createBlackDiamondSession(context: ConnectorContext, client: PlatformClient): BlackDiamondSession {
  const { bearer } = context;
  if (!bearer)
    throw new ConnectorError(
      'unauthorised',
      'Nobody is signed in to Black Diamond. Sign in with the browser, or enter the password once more; it is not stored.',
    );
  const subscriptionKey = credential(context, SUBSCRIPTION_KEY);
  const base = trimmedBase(context);

  return {
    call: ({ method, path, body, doing }) =>
      sendSignedIn(BLACK_DIAMOND, bearer, async (token) => {
        const response = await client.send({
          method,
          url: `${base}${path}`,
          headers: {
            accept: 'application/json',
            authorization: `Bearer ${token}`,
            'ocp-apim-subscription-key': subscriptionKey,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          doing,
        });
        // The gateway’s refusal: another token would not help.
        if (response.status === 401 && /subscription/i.test(platformMessage(response)))
          throw new ConnectorError(
            'unauthorised',
            'Black Diamond refused the subscription key. Check the credentials of this connection.',
          );
        return response;
      }),
  };
}
