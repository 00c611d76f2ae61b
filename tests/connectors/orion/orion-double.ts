import { json, type Reply, type Seen } from '../doubles/http-double.ts';
import { startRig, type Rig } from '../doubles/rig.ts';

export interface OrionFirm {
  clients: object[];
  accounts: object[];
  /** Raw JSON text of each asset, so that tests control every digit. */
  assets: string[];
  /** Raw JSON text of each transaction; they are read only where the settings say how many days back. */
  transactions: string[];
  /** Raw JSON text of each open tax lot. */
  lots: string[];
  /** Largest page the server cuts, whatever is asked. */
  cap?: number;
  ignoresSkip?: boolean;
  /** Calls that a session survives. */
  sessionCalls?: number;
  /** Answers instead of a list route, when it returns something. */
  interfere?: (seen: Seen, assetCalls: number) => Reply | undefined;
}

export const asset = (id: number, over: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    id,
    name: 'Apple Inc',
    accountId: 7068,
    accountNumber: '4471',
    clientId: 1836,
    householdName: 'Rivers',
    productId: 911,
    ticker: 'AAPL',
    cusip: '037833100',
    isin: null,
    currentShares: 100,
    currentPrice: 152.5,
    currentValue: 15250,
    costBasis: 9800,
    asOfDate: '2025-06-30T00:00:00',
    productType: 'StockOrETF',
    isCustodialCash: false,
    custodian: 'Schwab',
    editedDate: '2025-06-30T04:10:00',
    futureMember: { a: [1] },
    ...over,
  });

export const account = (id: number, over: Readonly<Record<string, unknown>> = {}) => ({
  id,
  name: `Account ${id}`,
  number: `00${id}-1`,
  custodian: 'Schwab',
  clientId: 1836,
  isActive: true,
  ...over,
});

export const USER = { username: 'service@birchwood', password: 'pass:word', clientId: '77', clientSecret: 'partner-secret' };

/** An imitation of Orion's list routes and its token call, written from its documents apart from any other. */
export async function startOrion(
  firm: Partial<OrionFirm>,
  settings: Readonly<Record<string, string>> = {},
): Promise<Rig & { readonly firm: OrionFirm }> {
  const whole: OrionFirm = {
    clients: [{ id: 1836, name: 'Rivers' }],
    accounts: [account(7068)],
    assets: [],
    transactions: [],
    lots: [],
    ...firm,
  };
  let sessions = 0;
  let callsLeft = 0;
  let assetCalls = 0;
  const correlated = (reply: Reply): Reply => ({ ...reply, headers: { 'x-oas-correlationid': 'oas-1', ...reply.headers } });

  const list = (seen: Seen, items: readonly (object | string)[]): Reply => {
    const top = Math.min(Number(seen.query.get('$top')), whole.cap ?? Number.POSITIVE_INFINITY);
    const skip = whole.ignoresSkip ? 0 : Number(seen.query.get('$skip'));
    return json(
      `[${items
        .slice(skip, skip + top)
        .map((item) => (typeof item === 'string' ? item : JSON.stringify(item)))
        .join(',')}]`,
    );
  };

  const rig = await startRig(
    (seen) => {
      const { headers } = seen;
      const route = seen.path.toLowerCase();
      if (!String(headers['accept']).includes('application/json'))
        return { status: 200, headers: { 'content-type': 'application/xml' }, body: '<x/>' };
      if (headers['client_id'] !== USER.clientId || headers['client_secret'] !== USER.clientSecret)
        return correlated({ status: 401 });
      if (route === '/api/v1/security/token') {
        if (headers['authorization'] !== `Basic ${Buffer.from('service@birchwood:pass:word').toString('base64')}`)
          return correlated({ status: 401 });
        sessions += 1;
        callsLeft = whole.sessionCalls ?? Number.POSITIVE_INFINITY;
        return json({ access_token: `session-${sessions}`, expires_in: 36000.0, refresh_token: 'r' });
      }
      if (headers['authorization'] !== `Session session-${sessions}` || callsLeft <= 0) return correlated({ status: 401 });
      callsLeft -= 1;
      if (route === '/api/v1/portfolio/assets') assetCalls += 1;
      const interference = whole.interfere?.(seen, assetCalls);
      if (interference) return correlated(interference);
      if (route === '/api/v1/portfolio/clients') return correlated(list(seen, whole.clients));
      if (route === '/api/v1/portfolio/accounts') return correlated(list(seen, whole.accounts));
      if (route === '/api/v1/portfolio/assets') {
        if (seen.query.get('hasValue') !== 'true' || seen.query.get('includeCostBasis') !== 'true')
          return json({ message: 'filter' }, 400);
        return correlated(list(seen, whole.assets));
      }
      if (route === '/api/v1/portfolio/orionunrealized') return correlated(list(seen, whole.lots));
      if (route === '/api/v1/portfolio/transactions') return correlated(list(seen, whole.transactions));
      return { status: 404, headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html><h1>Not found</h1>' };
    },
    { basePath: '/api/v1', credentials: USER, settings: () => ({ transactionDays: '0', streams: 'transactions', ...settings }) },
  );
  return Object.assign(rig, { firm: whole });
}
