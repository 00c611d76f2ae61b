import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { FaultQueue } from '../faults/fault.ts';
import type { FirmActivity } from '../firm/activity.ts';
import { registerFaults } from '../faults/register-faults.ts';
import { reproducibleUuid } from '../firm/random.ts';
import { quoted } from '../http/json-text.ts';
import { createLoopbackServer } from '../http/loopback-server.ts';
import { registerAuthorize } from '../oauth/authorize-route.ts';
import { createGrants } from '../oauth/grants.ts';
import type { PlatformState } from '../plants/platform-state.ts';
import { BATCH_ENTITIES, batchFiles, type BatchEntity, type BatchOrder } from './batch-files.ts';
import { readAnyDate } from './dates.ts';
import { BlackDiamondError, sendApplicationError, sendGatewayError } from './errors.ts';
import { holdingDetails, membersOf } from './holding-search.ts';
import { accountId } from './ids.ts';
import type { BlackDiamondAccess, BlackDiamondSettings } from './settings.ts';
import { createTokens, type GrantResult } from './tokens.ts';
import { zipOf } from './zip.ts';

export interface BlackDiamondParts {
  readonly state: PlatformState;
  readonly access: BlackDiamondAccess;
  readonly settings: BlackDiamondSettings;
  readonly activity: FirmActivity;
  readonly faults: FaultQueue;
  readonly now: () => number;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const TOKEN_PATH = '/connect/token';
const AUTHORIZE_PATH = '/connect/authorize';
const FORM = 'application/x-www-form-urlencoded';
const MAX_LEGACY_PAGE = 1000;

/** The Black Diamond sandbox, sign-in included. Written from what is known of the platform, apart from the connector it tests. */
export function createBlackDiamondServer({ state, access, settings, activity, faults, now }: BlackDiamondParts): FastifyInstance {
  const server = createLoopbackServer({ ignoreCase: true });
  const { firm } = state.book;
  const tokens = createTokens(access, settings, firm.random('black-diamond-token'), now);
  const grants = createGrants(access, settings, firm.random('black-diamond-oauth'), now);
  const correlation = firm.random('black-diamond-correlation');
  const batches = new Map<string, { readonly order: BatchOrder; polls: number }>();
  let failures = 0;

  server.addContentTypeParser(FORM, { parseAs: 'string' }, (_request, body, done) =>
    done(null, new URLSearchParams(String(body))),
  );

  const fail = (reply: FastifyReply, status: number, message: string): FastifyReply => {
    failures += 1;
    return sendApplicationError(reply, status, message, reproducibleUuid(correlation, failures));
  };
  const pathOf = (request: FastifyRequest): string => request.url.toLowerCase().split('?')[0] ?? '';

  server.addHook('onRequest', async (request, reply) => {
    const path = pathOf(request);
    if (path === TOKEN_PATH || path === AUTHORIZE_PATH) return undefined;
    const key = request.headers['ocp-apim-subscription-key'];
    // The legacy routes stand on another host, without the gateway.
    if (!path.startsWith('/v1/') && key !== access.subscriptionKey)
      return sendGatewayError(
        reply,
        401,
        key === undefined
          ? 'Access denied due to missing subscription key. Make sure to include subscription key when making requests to an API.'
          : 'Access denied due to invalid subscription key. Make sure to provide a valid key for an active subscription.',
      );
    const bearer = /^bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (bearer === undefined) return fail(reply, 401, 'The authorization token is missing.');
    const standing = grants.isLive(bearer) ? 'valid' : tokens.check(bearer);
    if (standing === 'valid') return undefined;
    return fail(
      reply,
      401,
      standing === 'expired' ? 'The authorization token is expired.' : 'The authorization token is not valid.',
    );
  });
  const driftOf = registerFaults(server, faults, {
    tooManyRequests: (reply, seconds) =>
      sendGatewayError(
        reply.header('retry-after', String(seconds)),
        429,
        `Rate limit is exceeded. Try again in ${seconds} seconds.`,
      ),
    serverError: (reply) => fail(reply, 500, 'An unexpected error occurred.'),
    expiredToken: (reply) => fail(reply, 401, 'The authorization token is expired.'),
    driftMember: 'Units',
  });
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof BlackDiamondError) return fail(reply, error.status, error.message);
    const status =
      error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500;
    return fail(reply, status, status === 415 ? 'The content type is not supported.' : 'An unexpected error occurred.');
  });
  server.setNotFoundHandler((_request, reply) => sendGatewayError(reply, 404, 'Resource not found'));

  registerAuthorize(server, AUTHORIZE_PATH, 'Black Diamond', grants, settings);
  const signedIn = (form: ReadonlyMap<string, string>): GrantResult => {
    const byUser = form.get('grant_type') === 'authorization_code' ? null : tokens.grant(form);
    // A refresh token that no password brought may be one of a sign-in with the browser.
    if (byUser && (byUser.ok || byUser.error !== 'invalid_grant' || form.get('grant_type') !== 'refresh_token')) return byUser;
    const byBrowser = grants.token(form);
    if (!byBrowser.ok) return byUser ?? byBrowser;
    const { accessToken, refreshToken, lifeSeconds } = byBrowser.tokens;
    const refresh = refreshToken === null ? '' : `,"refresh_token":"${refreshToken}"`;
    return {
      ok: true,
      text: `{"access_token":"${accessToken}","expires_in":${lifeSeconds},"token_type":"Bearer"${refresh}}`,
    };
  };
  server.post(TOKEN_PATH, (request, reply) => {
    if (!(request.body instanceof URLSearchParams)) return reply.code(400).type(JSON_TYPE).send('{"error":"invalid_request"}');
    const result = signedIn(new Map(request.body));
    if (result.ok) return reply.type(JSON_TYPE).send(result.text);
    const description = result.description === undefined ? '' : `,"error_description":${quoted(result.description)}`;
    return reply.code(400).type(JSON_TYPE).send(`{"error":"${result.error}"${description}}`);
  });

  const readBatch = (body: unknown): BatchOrder => {
    const members = membersOf(body);
    const asked = members.get('returndate');
    const date = asked === undefined || asked === null ? null : readAnyDate(String(asked));
    if (asked && date === null) throw new BlackDiamondError(400, 'returnDate is not a date');
    const files = members.get('batchfiles');
    if (!Array.isArray(files) || files.length === 0) throw new BlackDiamondError(400, 'batchFiles must name at least one entity');
    const entities = files.map((file): BatchEntity => {
      const entity = BATCH_ENTITIES.find((known) => known === String(file).toLowerCase());
      if (!entity) throw new BlackDiamondError(400, `batchFiles names an unknown entity: ${String(file)}`);
      return entity;
    });
    const flag = (name: string): boolean => members.get(name) === true;
    return {
      day: state.dayOn(date),
      entities: [...new Set(entities)],
      holdings: flag('includeholdings'),
      transactions: flag('includetransactions'),
      costBasis: flag('includecostbasis'),
    };
  };
  server.post('/batchV5', (request, reply) => {
    if (request.body instanceof URLSearchParams) throw new BlackDiamondError(415, 'The content type is not supported.');
    const order = readBatch(request.body);
    const id = String(7_000_001 + batches.size);
    batches.set(id, { order, polls: 0 });
    return reply.type(JSON_TYPE).send(`{"id":"${id}"}`);
  });
  server.get('/batch/:id', (request, reply) => {
    const batch = batches.get((request.params as { readonly id: string }).id);
    if (!batch) throw new BlackDiamondError(404, 'The batch was not found');
    if (batch.polls < settings.pollsUntilReady) {
      batch.polls += 1;
      return reply.code(202).send();
    }
    if (settings.batchesFail) throw new BlackDiamondError(500, 'The batch failed');
    return reply
      .type('application/zip')
      .send(zipOf(batchFiles(state, batch.order, activity), firm.date(batch.order.day ?? 0), driftOf(request)));
  });

  server.post('/account/Query/HoldingDetailSearch', (request, reply) =>
    reply.type(JSON_TYPE).send(holdingDetails(state, request.body)),
  );

  server.get('/v1/account', (request, reply) => {
    const query = request.query as Readonly<Record<string, string | undefined>>;
    const asked = query['pageSize'] ?? String(MAX_LEGACY_PAGE);
    const size = asked.toLowerCase() === 'max' ? MAX_LEGACY_PAGE : Number(/^\d{1,5}$/.exec(asked)?.[0] ?? 0);
    const page = Number(/^\d{1,6}$/.exec(query['page'] ?? '1')?.[0] ?? 0);
    if (size < 1 || size > MAX_LEGACY_PAGE || page < 1)
      throw new BlackDiamondError(400, 'page counts from 1 and pageSize is 1 to 1000 or max');
    const rows = firm.accounts
      .slice((page - 1) * size, page * size)
      .map(
        (account) =>
          `{"id":"${accountId(account.index)}","name":${quoted(account.name)},"accountNumber":${quoted(account.number)},"accountLongNumber":${quoted(account.number.replaceAll('-', ''))},"custodianName":${quoted(account.custodian)},"styleName":"Core","managerName":null,"taxMethodology":"HighestCost"}`,
      );
    return reply.type(JSON_TYPE).send(`[${rows.join(',')}]`);
  });
  return server;
}
