import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultQueue } from '../faults/fault.ts';
import type { FirmActivity } from '../firm/activity.ts';
import type { FirmReturns } from '../firm/returns.ts';
import { registerFaults } from '../faults/register-faults.ts';
import { reproducibleHex } from '../firm/random.ts';
import { chunked } from '../http/json-text.ts';
import { createLoopbackServer } from '../http/loopback-server.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { registerAuthorize } from '../oauth/authorize-route.ts';
import { createGrants } from '../oauth/grants.ts';
import type { OAuthPartner } from '../oauth/settings.ts';
import { createBenchmarks } from './benchmarks.ts';
import { createEntities } from './entities.ts';
import { AddeparError, MEDIA_TYPE, sendError } from './errors.ts';
import { createGroups } from './groups.ts';
import { createJobs } from './jobs.ts';
import type { Query } from './paging.ts';
import { createPositions } from './positions.ts';
import { readQuery, type QueryRequest } from './query-request.ts';
import { createQueryTree } from './query-tree.ts';
import { createTransactionQuery } from './transactions.ts';
import type { RateLimit } from './rate-limit.ts';
import type { AddeparAccess, AddeparSettings } from './settings.ts';
import { registerToken } from './token-route.ts';

export interface AddeparParts {
  readonly state: PlatformState;
  readonly access: AddeparAccess;
  readonly partner: OAuthPartner;
  readonly settings: AddeparSettings;
  readonly activity: FirmActivity;
  readonly returns: FirmReturns;
  readonly rateLimit: RateLimit;
  readonly faults: FaultQueue;
  readonly now: () => number;
}

const idOf = (request: FastifyRequest): string => (request.params as { readonly id: string }).id;
const queryOf = (request: FastifyRequest): Query => request.query as Query;

/** The Addepar sandbox below `/api/v1`: JSON:API over a firm. Written from what the platform documents, apart from the connector it tests. */
export function createAddeparServer({
  state,
  access,
  partner,
  settings,
  activity,
  returns,
  rateLimit,
  faults,
  now,
}: AddeparParts): FastifyInstance {
  const server = createLoopbackServer();
  const entities = createEntities(state);
  const positions = createPositions(state, entities);
  const groups = createGroups(state.book.firm, entities);
  const tree = createQueryTree(state, groups, returns);
  const benchmarks = createBenchmarks(state, returns);
  const transactions = createTransactionQuery(state, activity);
  const jobs = createJobs(settings, state.book.firm.random('addepar-job'), now);
  const signatures = state.book.firm.random('addepar-result');
  const signatureOf = (id: string): string => reproducibleHex(signatures, Number.parseInt(id.slice(0, 7), 16), 16);
  const expected = `Basic ${Buffer.from(`${access.apiKey}:${access.apiSecret}`).toString('base64')}`;

  const grants = createGrants(partner, settings, state.book.firm.random('addepar-oauth'), now);
  const isSignedIn = (authorization: string | undefined): boolean =>
    authorization === expected || grants.isLive(/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '');

  server.removeAllContentTypeParsers();
  server.addContentTypeParser(MEDIA_TYPE, { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(new AddeparError(400, 'The body is not JSON'));
    }
  });

  const isOpen = (request: FastifyRequest): boolean => /^\/(?:results|oauth2|api\/public\/oauth2)\//.test(request.url);
  const tooMany = (reply: FastifyReply, seconds: number): FastifyReply =>
    sendError(
      reply.header('x-ratelimit-retry-after', String(seconds)),
      429,
      'The firm has used its requests; wait before the next one',
    );

  server.addHook('onRequest', async (request, reply) => {
    if (isOpen(request)) return undefined;
    if (!isSignedIn(request.headers.authorization) || request.headers['addepar-firm'] !== access.firmId)
      return sendError(reply, 401, 'The key, the secret or the Addepar-Firm header is missing or wrong');
    const wait = rateLimit.admit(settings.rateScale);
    return wait === null ? undefined : tooMany(reply, wait);
  });
  registerFaults(server, faults, {
    tooManyRequests: tooMany,
    serverError: (reply) => sendError(reply, 500, 'An internal error happened'),
    expiredToken: (reply) => sendError(reply, 401, 'The key has been revoked'),
    driftMember: 'shares',
  });
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof AddeparError) return sendError(reply, error.status, error.message);
    const status =
      error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
    return sendError(reply, status, status === 415 ? `Content-Type must be ${MEDIA_TYPE}` : 'The request could not be served');
  });
  server.setNotFoundHandler((_request, reply) => sendError(reply, 404, 'There is nothing at this address'));

  registerAuthorize(server, '/oauth2/authorize', 'Addepar', grants, settings);
  registerToken(server, '/api/public/oauth2/token', grants);

  const page = (path: string, answer: (request: FastifyRequest) => string): void => {
    server.get(`/api/v1${path}`, (request, reply) => reply.type(MEDIA_TYPE).send(answer(request)));
  };
  const sendTree = (reply: FastifyReply, request: QueryRequest): FastifyReply =>
    reply.type(MEDIA_TYPE).send(Readable.from(chunked(tree.pieces(request)), { objectMode: false }));

  page('/api_version', () => '{"data":{"id":"1","type":"api_version","attributes":{"version":"2.214"}}}');
  page('/entities', (request) => entities.page(queryOf(request)));
  page('/entities/:id', (request) => entities.one(idOf(request)));
  page('/positions', (request) => positions.page(queryOf(request)));
  page('/positions/:id', (request) => positions.one(idOf(request)));
  for (const end of ['owner', 'owned'] as const) {
    page(`/positions/:id/${end}`, (request) => positions.end(idOf(request), end));
    page(`/positions/:id/relationships/${end}`, (request) => positions.relationship(idOf(request), end));
  }
  page('/groups', (request) => groups.page(queryOf(request)));
  page('/groups/:id', (request) => groups.one(idOf(request)));
  page('/groups/:id/members', (request) => groups.members(idOf(request), queryOf(request)));
  page('/groups/:id/relationships/members', (request) => groups.relationship(idOf(request)));
  page('/attributes/:id', (request) => benchmarks.attribute(idOf(request)));
  page('/attributes/:id/arguments', (request) => benchmarks.arguments(idOf(request)));
  page('/benchmarks', (request) => benchmarks.page(queryOf(request)));
  page('/imported_benchmark_data/:id', (request) => benchmarks.imported(idOf(request)));
  page('/benchmark_associations_strategies', (request) => benchmarks.strategies(queryOf(request)));
  page('/jobs', (request) => jobs.page(queryOf(request)));

  server.post('/api/v1/portfolio/query', (request, reply) => {
    const data = (request.body as { readonly data?: { readonly type?: unknown; readonly attributes?: unknown } } | null)?.data;
    if (data?.type !== 'portfolio_query') throw new AddeparError(409, 'data.type must be portfolio_query');
    return sendTree(reply, readQuery(data.attributes, settings.identifierLicence));
  });
  server.post('/api/v1/transactions/query', (request, reply) => {
    const data = (request.body as { readonly data?: { readonly type?: unknown; readonly attributes?: unknown } } | null)?.data;
    if (data?.type !== 'transaction_query') throw new AddeparError(409, 'data.type must be transaction_query');
    return reply.type(MEDIA_TYPE).send(transactions(data.attributes));
  });
  server.post('/api/v1/jobs', (request, reply) => reply.code(202).type(MEDIA_TYPE).send(jobs.submit(request.body)));
  server.get('/api/v1/jobs/:id', (request, reply) => {
    const { text, completed } = jobs.status(idOf(request));
    if (completed && settings.redirectJobs)
      return reply
        .code(303)
        .header('location', `/v1/jobs/${idOf(request)}/download`)
        .send();
    return reply.type(MEDIA_TYPE).send(text);
  });
  server.get('/api/v1/jobs/:id/download', (request, reply) => {
    const id = idOf(request);
    const result = jobs.result(id);
    if (!settings.redirectJobs) return sendTree(reply, result);
    return reply
      .code(303)
      .header('location', `http://${request.headers.host}/results/${id}?signature=${signatureOf(id)}`)
      .send();
  });
  server.get('/results/:id', (request, reply) => {
    const id = idOf(request);
    if (queryOf(request)['signature'] !== signatureOf(id)) throw new AddeparError(404, 'There is no such result');
    return sendTree(reply, jobs.result(id));
  });
  server.delete('/api/v1/jobs/:id', (request, reply) => {
    jobs.cancel(idOf(request));
    return reply.code(204).send();
  });
  return server;
}
