import { cusipCheckDigit } from '../../shared/model/identifiers.ts';
import { HttpFailure, type HttpClient, type HttpRequest, type HttpResponse } from '../../main/ports/http.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { World } from './world.ts';

/** A position as the platform states it now; amounts are the digits it sends. */
export interface Stated {
  readonly id: number;
  readonly account: number;
  readonly security: number;
  readonly quantity: string;
  readonly price: string;
  readonly value: string;
  readonly cost: string;
  readonly asOf: string;
}

export interface Platform {
  readonly name: string;
  readonly baseUrl: string;
  readonly credentials: Readonly<Record<string, string>>;
  /** Every state of the list there has been, oldest first; the last is the truth of now. */
  readonly generations: ReadonlyMap<number, Stated>[];
  /** Requests that were anything but a question. */
  writes: number;
  /** Whether the password is taken. */
  accepts: boolean;
  change(edit: (list: Map<number, Stated>) => void): void;
  answer(request: HttpRequest): HttpResponse;
}

const cusip = (security: number): string => {
  const body = `4470${String(security).padStart(4, '0')}`;
  return body + cusipCheckDigit(body);
};
const json = (text: string, status = 200, headers: Readonly<Record<string, string>> = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: new TextEncoder().encode(text),
});

/** Asset members that a position is read from, in the order the platform writes them. */
const assetText = (s: Stated): string =>
  `{"id":${s.id},"name":"Security ${s.security}","accountId":${s.account},"productId":${s.security},"ticker":"T${s.security}",` +
  `"cusip":"${cusip(s.security)}","currentShares":${s.quantity},"currentPrice":${s.price},"currentValue":${s.value},` +
  `"costBasis":${s.cost},"asOfDate":"${s.asOf}T00:00:00","productType":"StockOrETF","isCustodialCash":false}`;

/** An Orion of a small firm that answers without a network, written from its public documents. */
export function createPlatform(name: string, accounts: readonly number[], list: ReadonlyMap<number, Stated>): Platform {
  let sessions = 0;
  const credentials = {
    username: `${name}-service`,
    password: `canary-${name}-password-7f3a`,
    clientId: '77',
    clientSecret: `canary-${name}-partner-91bc`,
  };
  const basic = `Basic ${btoa(`${credentials.username}:${credentials.password}`)}`;
  const generations = [list];
  const window = (items: readonly string[], url: URL): HttpResponse => {
    const skip = Number(url.searchParams.get('$skip'));
    return json(`[${items.slice(skip, skip + Number(url.searchParams.get('$top'))).join(',')}]`);
  };
  const platform: Platform = {
    name,
    baseUrl: `https://${name}.example/api/v1`,
    credentials,
    generations,
    writes: 0,
    accepts: true,
    change(edit) {
      const next = new Map(generations.at(-1));
      edit(next);
      generations.push(next);
    },
    answer({ method, url: address, headers }) {
      if (method !== 'GET') platform.writes += 1;
      const url = new URL(address);
      const route = url.pathname.replace('/api/v1', '');
      const signedIn = headers?.['authorization'] === `Session ${name}-${sessions}` && platform.accepts;
      if (route === '/security/token') {
        if (headers?.['authorization'] !== basic || !platform.accepts) return json('{"message":"Unknown user"}', 401);
        sessions += 1;
        return json(`{"access_token":"${name}-${sessions}","expires_in":36000}`);
      }
      if (!signedIn) return json('{"message":"Session ended"}', 401);
      if (route === '/Portfolio/Clients') return window(['{"id":1,"name":"Rivers"}'], url);
      if (route === '/Portfolio/Accounts')
        return window(
          accounts.map((id) => `{"id":${id},"name":"Account ${id}","number":"00${id}","custodian":"Schwab","clientId":1}`),
          url,
        );
      if (route === '/Portfolio/Assets') return window([...(generations.at(-1)?.values() ?? [])].map(assetText), url);
      return json('{"message":"No such route"}', 404);
    },
  };
  return platform;
}

type Fault =
  | 'timeout'
  | 'reset'
  | 'http_500'
  | 'http_503'
  | 'http_429'
  | 'session_ended'
  | 'cut'
  | 'web_page'
  | 'slow'
  | 'lost_reply';
const FAULTS: readonly Fault[] = [
  'timeout',
  'reset',
  'http_500',
  'http_503',
  'http_429',
  'session_ended',
  'cut',
  'web_page',
  'slow',
  'lost_reply',
];

/** The network between the program and the platforms, with faults while `faults()` is above zero (a probability). */
export function createNetwork(parts: {
  readonly world: World;
  readonly random: SeededRandom;
  readonly platforms: readonly Platform[];
  readonly faults: () => number;
}): HttpClient {
  const { world, random, platforms, faults } = parts;

  const spoilt = (fault: Fault | null, answer: HttpResponse): HttpResponse | HttpFailure => {
    if (fault === 'timeout') return new HttpFailure('timeout', 'No answer came in time.');
    if (fault === 'reset' || fault === 'lost_reply') return new HttpFailure('network', 'The connection was cut.');
    if (fault === 'http_500' || fault === 'http_503') return json('{"message":"Maintenance"}', fault === 'http_500' ? 500 : 503);
    if (fault === 'http_429') return json('{"message":"Slow down"}', 429, { 'retry-after': String(1 + random.below(90)) });
    if (fault === 'session_ended') return json('{"message":"Session ended"}', 401);
    if (fault === 'cut') return { ...answer, body: answer.body.subarray(0, random.below(answer.body.length)) };
    if (fault === 'web_page')
      return {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: new TextEncoder().encode('<!doctype html><p>Sign in'),
      };
    return answer;
  };

  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const platform = platforms.find(({ baseUrl }) => request.url.startsWith(baseUrl));
        if (!platform) return reject(new HttpFailure('network', 'There is no such host.'));
        const stop = (): void => reject(new HttpFailure('aborted', 'Stopped'));
        if (request.signal?.aborted) return stop();
        const fault = random.chance(faults()) ? random.pick(FAULTS) : null;
        const reaches = fault !== 'timeout' && fault !== 'reset';
        const cancelled = new AbortController();
        request.signal?.addEventListener('abort', () => {
          cancelled.abort();
          stop();
        });
        // The platform answers with what it holds when the request arrives, not when the answer does.
        world.after(1 + random.below(40), 'request', () => {
          if (cancelled.signal.aborted) return;
          const answer = reaches ? platform.answer(request) : json('');
          const result = spoilt(fault, answer);
          if (fault) world.note(`${platform.name}: ${fault} on ${new URL(request.url).pathname}`);
          const ms = fault === 'timeout' || fault === 'slow' ? 60_000 : 1 + random.below(60);
          world.after(ms, 'answer', () => {
            if (cancelled.signal.aborted) return;
            if (result instanceof HttpFailure) reject(result);
            else resolve(result);
          });
        });
        return undefined;
      }),
  };
}
