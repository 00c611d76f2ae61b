import type { Sandbox } from '../../../main/sandbox/start-sandbox.ts';
import { send, sendOk, type Reply } from './http.ts';

const MEDIA_TYPE = 'application/vnd.api+json';
const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

export const addeparHeaders = ({ addepar }: Sandbox): Record<string, string> => ({
  authorization: basic(addepar.credentials.apiKey, addepar.credentials.apiSecret),
  'addepar-firm': addepar.settings.firmId,
});

export const addeparGet = (sandbox: Sandbox, path: string): Promise<Reply> =>
  send(`${sandbox.addepar.baseUrl}${path}`, { headers: addeparHeaders(sandbox) });

export const addeparPost = (sandbox: Sandbox, path: string, body: unknown, contentType = MEDIA_TYPE): Promise<Reply> =>
  send(`${sandbox.addepar.baseUrl}${path}`, {
    method: 'POST',
    headers: { ...addeparHeaders(sandbox), 'content-type': contentType },
    body: JSON.stringify(body),
  });

export interface QueryAttributes {
  readonly columns: readonly unknown[];
  readonly groupings: readonly unknown[];
  readonly portfolio_type: string;
  readonly portfolio_id: number | readonly number[];
  readonly start_date: string;
  readonly end_date: string;
  readonly hide_previous_holdings?: boolean;
}

export const queryAttributes = (sandbox: Sandbox, change: Partial<QueryAttributes> = {}): QueryAttributes => ({
  columns: [
    { key: 'shares' },
    { key: 'price_per_share' },
    { key: 'value' },
    { key: 'cost_basis' },
    { key: 'cusip' },
    { key: 'isin' },
    { key: 'ticker_symbol' },
  ],
  groupings: [{ key: 'holding_account' }, { key: 'security' }],
  portfolio_type: 'FIRM',
  portfolio_id: 1,
  start_date: sandbox.firm.date(0),
  end_date: sandbox.firm.date(1),
  hide_previous_holdings: true,
  ...change,
});

export const addeparQuery = (sandbox: Sandbox, change: Partial<QueryAttributes> = {}): Promise<Reply> =>
  addeparPost(sandbox, '/v1/portfolio/query', {
    data: { type: 'portfolio_query', attributes: queryAttributes(sandbox, change) },
  });

export const orionPartner = ({ orion }: Sandbox): Record<string, string> => ({
  client_id: orion.credentials.clientId,
  client_secret: orion.credentials.clientSecret,
});

export async function orionToken(sandbox: Sandbox): Promise<{ readonly access_token: string; readonly refresh_token: string }> {
  const { baseUrl, credentials } = sandbox.orion;
  const reply = await sendOk(`${baseUrl}/Security/Token`, {
    headers: {
      ...orionPartner(sandbox),
      accept: 'application/json',
      authorization: basic(credentials.username, credentials.password),
    },
  });
  return reply.json();
}

/** Calls Orion within a session of its own. */
export async function openOrion(sandbox: Sandbox): Promise<(path: string, init?: RequestInit) => Promise<Reply>> {
  const { access_token } = await orionToken(sandbox);
  return (path, init = {}) =>
    send(`${sandbox.orion.baseUrl}${path}`, {
      ...init,
      headers: {
        authorization: `Session ${access_token}`,
        accept: 'application/json',
        ...(init.headers as Record<string, string> | undefined),
      },
    });
}

export const blackDiamondGrant = (sandbox: Sandbox, change: Record<string, string> = {}): Promise<Reply> => {
  const { clientId, clientSecret, username, password } = sandbox.black_diamond.credentials;
  return send(sandbox.black_diamond.settings.tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'password',
      client_id: clientId,
      client_secret: clientSecret,
      username,
      password,
      ...change,
    }),
  });
};

/** Calls Black Diamond with a token of its own. */
export async function openBlackDiamond(sandbox: Sandbox): Promise<(path: string, init?: RequestInit) => Promise<Reply>> {
  const { access_token } = (await blackDiamondGrant(sandbox)).json<{ access_token: string }>();
  return (path, init = {}) =>
    send(`${sandbox.black_diamond.baseUrl}${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${access_token}`,
        'ocp-apim-subscription-key': sandbox.black_diamond.credentials.subscriptionKey,
        ...(init.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(init.headers as Record<string, string> | undefined),
      },
    });
}

export const control = (sandbox: Sandbox, body: Record<string, unknown>): Promise<Reply> =>
  sendOk(sandbox.control.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-sandbox-token': sandbox.control.token },
    body: JSON.stringify(body),
  });
