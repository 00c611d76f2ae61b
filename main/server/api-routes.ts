import type { FastifyInstance, HTTPMethods } from 'fastify';
import { contract, procedureNames, type Procedure, type ProcedureName } from '../../shared/contract/index.ts';
import type { Access, Principal } from './access.ts';
import { principalOf, requireCapacity, requireJson } from './bearer.ts';
import type { EventStream } from './event-stream.ts';
import type { Actor, HostedApp } from './host-app.ts';
import { readBody, type JsonObject } from './json-body.ts';
import type { Limits } from './limits.ts';
import type { RateLimit } from './rate-limit.ts';
import { Refusal } from './refusal.ts';
import { createReadInput } from './request-input.ts';
import { refuseUnusedMethods } from './unused-methods.ts';

export const API_PREFIX = '/api/v1';

const BODY_METHODS: ReadonlySet<string> = new Set(['POST', 'PUT']);
const ALL_METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
/** Procedures whose input holds a whole file. */
const WITH_FILE: ReadonlySet<ProcedureName> = new Set(['imports.preview']);

export interface ApiParts {
  readonly app: HostedApp;
  readonly actor: Actor;
  readonly access: Access;
  readonly calls: RateLimit;
  readonly limits: Limits;
  readonly events: EventStream;
  readonly openApi: () => unknown;
}

/** Every procedure of the contract as a route below `/api/v1`, with the description of them all and the stream of events. */
export const registerApiRoutes = (server: FastifyInstance, parts: ApiParts): void => {
  const { app, actor, access, calls, limits, events, openApi } = parts;

  void server.register(
    async (scope) => {
      const principals = new WeakMap<object, Principal>();

      scope.addHook('onRequest', async (request) => {
        const principal = principalOf(access, request.headers.authorization);
        principals.set(request, principal);
        if (BODY_METHODS.has(request.method)) requireJson(request.headers['content-type']);
        else if (request.headers['transfer-encoding'] !== undefined || (request.headers['content-length'] ?? '0') !== '0') {
          throw new Refusal(400, 'invalid_input', `A ${request.method} request has no body here.`);
        }
        requireCapacity(calls(principal.key));
      });

      scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
        try {
          done(null, readBody(body as Buffer));
        } catch (error) {
          done(error as Error);
        }
      });

      const used = new Map<string, Set<HTTPMethods>>();
      const use = (method: HTTPMethods, path: string): void => {
        used.set(path, (used.get(path) ?? new Set()).add(method));
      };

      for (const name of procedureNames) {
        const procedure: Procedure = contract[name];
        const { method, path } = procedure.http;
        const readInput = createReadInput(procedure);
        use(method, path);
        scope.route({
          method,
          url: path,
          bodyLimit: WITH_FILE.has(name) ? limits.fileBody : limits.body,
          handler: async (request) => {
            const body = BODY_METHODS.has(method) ? ((request.body ?? {}) as JsonObject) : undefined;
            const input = readInput({ url: request.url, params: request.params as Record<string, string>, body });
            return app.dispatch(name, input, { requestId: request.id, actor });
          },
        });
      }

      use('GET', '/openapi.json');
      scope.get('/openapi.json', async () => openApi());

      use('GET', '/events');
      scope.get('/events', async (request, reply) => {
        const principal = principals.get(request);
        if (principal === undefined) throw new Error('A request came past the door without a principal');
        events.join(reply.raw, principal);
        return reply.hijack();
      });

      refuseUnusedMethods(scope, used);
      const unknown = async (): Promise<never> => {
        throw new Refusal(
          404,
          'not_found',
          `Nothing of the API is at this address. ${API_PREFIX}/openapi.json lists what there is.`,
        );
      };
      scope.route({ method: [...ALL_METHODS], url: '/', handler: unknown });
      scope.route({ method: [...ALL_METHODS], url: '/*', handler: unknown });
    },
    { prefix: API_PREFIX },
  );
};
