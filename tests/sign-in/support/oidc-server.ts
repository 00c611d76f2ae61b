import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export const CLIENT = { clientId: 'clearway', clientSecret: 'a-secret-of-the-partner-0001' } as const;

export interface OidcServer {
  readonly issuer: string;
  readonly settings: Readonly<Record<string, string>>;
  /** What the person does on the consent page. */
  decision: 'approve' | 'deny';
  close(): Promise<void>;
}

/** An OpenID provider written by others, on a port of its own, with one registered partner and one person. */
export async function startOidcServer(options: { readonly tokenLifeSeconds?: number } = {}): Promise<OidcServer> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/sign-in/addepar'],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    cookies: { keys: ['a-key-for-cookies-of-the-tests'] },
    scopes: ['read'],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: options.tokenLifeSeconds ?? 3600,
      AuthorizationCode: 60,
      RefreshToken: 86_400,
      Grant: 86_400,
      Session: 86_400,
      Interaction: 600,
    },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  const answer: OidcServer = {
    issuer,
    settings: {
      authorizeUrl: `${issuer}/auth`,
      tokenUrl: `${issuer}/token`,
      issuer,
      scope: 'read',
      firmId: '4471',
    },
    decision: 'approve',
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  const interact = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (answer.decision === 'deny')
      return provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'Declined' });
    const { params } = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: 'person-1', clientId: String(params['client_id']) });
    grant.addOIDCScope('read');
    const grantId = await grant.save();
    return provider.interactionFinished(
      request,
      response,
      { login: { accountId: 'person-1' }, consent: { grantId } },
      { mergeWithLastSubmission: false },
    );
  };
  const callback = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/interaction/') === true)
      interact(request, response).catch((error: unknown) => {
        response.statusCode = 500;
        response.end(String(error));
      });
    else void callback(request, response);
  });
  return answer;
}
