import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultQueue } from '../faults/fault.ts';
import type { FirmActivity } from '../firm/activity.ts';
import type { FirmReturns } from '../firm/returns.ts';
import type { FirmLots } from '../firm/lots.ts';
import { registerFaults } from '../faults/register-faults.ts';
import { reproducibleUuid } from '../firm/random.ts';
import { createBufferCache } from '../http/buffer-cache.ts';
import { createLoopbackServer } from '../http/loopback-server.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { registerAuthorize } from '../oauth/authorize-route.ts';
import { createGrants } from '../oauth/grants.ts';
import { createAssetRows } from './asset-rows.ts';
import { registerAssetRoutes } from './asset-routes.ts';
import { accountOfId, accountOfRegistration, householdOfClient, securityOfProduct } from './ids.ts';
import { registerLotRoutes } from './lot-routes.ts';
import { arrayText } from './odata.ts';
import { createPeople, type ListForm } from './people.ts';
import { registerPerformanceRoutes } from './performance-routes.ts';
import { createProducts } from './products.ts';
import { OrionError, paramsOf, pathId, readDate, wholeNumber, type Params } from './request.ts';
import { createSessions } from './sessions.ts';
import type { OrionAccess, OrionSettings } from './settings.ts';
import { registerTokenRoutes } from './token-routes.ts';
import { registerTransactionRoutes } from './transaction-routes.ts';

export interface OrionParts {
  readonly state: PlatformState;
  readonly access: OrionAccess;
  readonly settings: OrionSettings;
  readonly activity: FirmActivity;
  readonly returns: FirmReturns;
  readonly lots: FirmLots;
  readonly faults: FaultQueue;
  readonly now: () => number;
}

const PREFIX = '/api/v1';
const JSON_TYPE = 'application/json; charset=utf-8';
const NOT_FOUND_PAGE =
  "<!DOCTYPE html><html><head><title>The resource cannot be found.</title><style>body{font-family:Verdana}</style></head><body><h1>Server Error in '/' Application.</h1><h2>The resource cannot be found.</h2></body></html>";

const sendMessage = (reply: FastifyReply, status: number, message: string): FastifyReply =>
  reply.code(status).type(JSON_TYPE).send(JSON.stringify({ message }));

/** The Orion sandbox below `/api/v1`: bare arrays over a firm. Written from what the platform documents, apart from the connector it tests. */
export function createOrionServer({
  state,
  access,
  settings,
  activity,
  returns,
  lots,
  faults,
  now,
}: OrionParts): FastifyInstance {
  const server = createLoopbackServer({ ignoreCase: true });
  const { firm } = state.book;
  const sessions = createSessions(access, settings, firm.random('orion-token'), now);
  const grants = createGrants(access, settings, firm.random('orion-oauth'), now);
  const correlation = firm.random('orion-correlation');
  const products = createProducts(state, settings);
  const people = createPeople(state);
  const cache = createBufferCache(32 * 1024 * 1024);
  let requests = 0;

  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  const isTokenRoute = (request: FastifyRequest): boolean => /^\/api\/v1\/security\/token(?:[/?]|$)/i.test(request.url);
  const isSignInPage = (request: FastifyRequest): boolean => /^\/api\/oauth(?:[/?]|$)/i.test(request.url);
  const isKnownRoute = (request: FastifyRequest): boolean => !request.is404;

  server.addHook('onRequest', async (_request, reply) => {
    requests += 1;
    reply.header('X-OAS-CorrelationId', reproducibleUuid(correlation, requests));
  });
  registerFaults(server, faults, {
    tooManyRequests: (reply, seconds) => sendMessage(reply.header('retry-after', String(seconds)), 429, 'Too many requests'),
    serverError: (reply) => sendMessage(reply, 500, 'An error has occurred.'),
    expiredToken: (reply) => reply.code(401).send(),
    driftMember: 'currentShares',
  });
  server.addHook('onRequest', async (request, reply) => {
    if (isTokenRoute(request) || isSignInPage(request) || !isKnownRoute(request)) return undefined;
    const session = /^Session (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    return session !== undefined && (sessions.isValid(session) || grants.isLive(session)) ? undefined : reply.code(401).send();
  });
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof OrionError) return sendMessage(reply, error.status, error.message);
    const status =
      error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
    return sendMessage(reply, status, 'An error has occurred.');
  });
  server.setNotFoundHandler((_request, reply) => reply.code(404).type('text/html; charset=utf-8').send(NOT_FOUND_PAGE));

  registerTokenRoutes(server, PREFIX, sessions, grants);
  registerAuthorize(server, '/api/oauth', 'Orion', grants, settings);
  registerAssetRoutes(server, PREFIX, state, createAssetRows(state, products), settings);
  registerTransactionRoutes(server, PREFIX, state, products, activity, settings);
  registerPerformanceRoutes(server, PREFIX, state, returns);
  registerLotRoutes(server, PREFIX, state, products, lots);

  server.get(`${PREFIX}/Authorization/User`, (_request, reply) =>
    reply.type(JSON_TYPE).send(
      JSON.stringify({
        userId: 4471,
        loginUserId: access.username,
        userName: access.username,
        entity: 17,
        entityId: 1,
        alClientId: 1,
        alClientName: 'Sandbox',
        databaseCount: 1,
      }),
    ),
  );

  const dayOf = (request: FastifyRequest, params: Params): number => {
    const date = (request.params as { readonly date?: string }).date ?? params.get('asofdate');
    return state.dayOn(date === undefined ? null : readDate(date)) ?? 0;
  };
  const activeOnly = (params: Params): boolean => params.get('isactive')?.toLowerCase() !== 'false';

  /** A list of everything of one kind, in its forms, and one of it by id. */
  const resource = (
    path: string,
    count: number,
    indexOf: (id: number) => number,
    text: (index: number, form: ListForm, day: number) => string | undefined,
    belongs: (index: number, params: Params) => boolean,
  ): void => {
    const answer = (form: ListForm) => (request: FastifyRequest, reply: FastifyReply) => {
      const params = paramsOf(request);
      const day = dayOf(request, params);
      const key = `${path} ${form} ${day} ${JSON.stringify([...params])}`;
      const body = cache.get(key, () => {
        const rows: string[] = [];
        for (let index = 0; index < count && activeOnly(params); index += 1) {
          const row = belongs(index, params) ? text(index, form, day) : undefined;
          if (row !== undefined) rows.push(row);
        }
        return Buffer.from(arrayText(rows, params));
      });
      return reply.type(JSON_TYPE).send(body);
    };
    server.get(`${PREFIX}${path}`, answer('full'));
    server.get(`${PREFIX}${path}/Simple`, answer('simple'));
    server.get(`${PREFIX}${path}/Value`, answer('simple'));
    server.get(`${PREFIX}${path}/Value/:date`, answer('simple'));
    server.get(`${PREFIX}${path}/:id`, (request, reply) => {
      const id = pathId(request);
      const row = text(indexOf(id), 'full', dayOf(request, paramsOf(request)));
      if (row === undefined) throw new OrionError(404, `${path.slice(path.lastIndexOf('/') + 1)} ${id} was not found`);
      return reply.type(JSON_TYPE).send(row);
    });
  };
  const ofClient = (household: number | undefined, params: Params): boolean => {
    const client = wholeNumber(params, 'clientid');
    return client === null || household === householdOfClient(client);
  };
  const householdAt = (account: number): number | undefined => firm.accounts[account]?.household;
  resource('/Portfolio/Clients', firm.households.length, householdOfClient, people.client, ofClient);
  resource('/Portfolio/Registrations', firm.accounts.length, accountOfRegistration, people.registration, (index, params) =>
    ofClient(householdAt(index), params),
  );
  resource('/Portfolio/Accounts', firm.accounts.length, accountOfId, people.account, (index, params) => {
    const registration = wholeNumber(params, 'registrationid');
    return ofClient(householdAt(index), params) && (registration === null || index === accountOfRegistration(registration));
  });

  const ofOneClient = (kind: 'Accounts' | 'Registrations', path: string, form: ListForm): void => {
    server.get(`${PREFIX}/Portfolio/Clients/:id/${path}`, (request, reply) => {
      const params = paramsOf(request);
      const household = firm.households[householdOfClient(pathId(request))];
      if (!household) throw new OrionError(404, `Client ${pathId(request)} was not found`);
      const day = dayOf(request, params);
      const rows = Array.from({ length: household.accounts }, (_, place) => {
        const index = household.firstAccount + place;
        return (kind === 'Accounts' ? people.account(index, form, day) : people.registration(index, form)) ?? '';
      });
      return reply.type(JSON_TYPE).send(arrayText(rows, params));
    });
  };
  ofOneClient('Accounts', 'Accounts', 'full');
  ofOneClient('Accounts', 'Accounts/Value', 'simple');
  ofOneClient('Registrations', 'Registrations', 'full');
  ofOneClient('Registrations', 'Registrations/Simple', 'simple');

  const searchProducts = (params: Params): string => {
    const matches = (name: string, value: string | null, exact: boolean): boolean => {
      const wanted = params.get(name)?.toLowerCase();
      return (
        wanted === undefined ||
        (value !== null && (exact ? value.toLowerCase() === wanted : value.toLowerCase().includes(wanted)))
      );
    };
    const found = firm.securities.filter((security) => {
      const [ticker, cusip, name] = [products.ticker(security), products.cusip(security), products.name(security)];
      return (
        matches('exactticker', ticker, true) &&
        matches('searchticker', ticker, false) &&
        matches('exactcusip', cusip, true) &&
        matches('searchcusip', cusip, false) &&
        matches('searchname', name, false) &&
        matches('search', name, false)
      );
    });
    return arrayText(
      found.map((security) => products.text(security)),
      params,
    );
  };
  for (const path of ['/Global/Products', '/Portfolio/Products/Search', '/Portfolio/Products'])
    server.get(`${PREFIX}${path}`, (request, reply) => reply.type(JSON_TYPE).send(searchProducts(paramsOf(request))));
  for (const path of ['/Global/Products/:id', '/Portfolio/Products/:id'])
    server.get(`${PREFIX}${path}`, (request, reply) => {
      const security = firm.securities[securityOfProduct(pathId(request))];
      if (!security) throw new OrionError(404, `Product ${pathId(request)} was not found`);
      return reply.type(JSON_TYPE).send(products.text(security));
    });
  server.post(`${PREFIX}/Portfolio/Products/List/Ticker`, (request, reply) => {
    if (!Array.isArray(request.body)) throw new OrionError(400, 'The body must be a list of tickers');
    const wanted = new Set(request.body.map((ticker) => String(ticker).toUpperCase()));
    const found = firm.securities.filter((security) => wanted.has(products.ticker(security) ?? ''));
    return reply.type(JSON_TYPE).send(`[${found.map((security) => products.text(security)).join(',')}]`);
  });
  return server;
}
