import { createServer as createHttpServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyReply, type FastifyRequest, type HTTPMethods } from 'fastify';
import type { Logger } from '../observability/logger.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import { createAccess } from './access.ts';
import { API_PREFIX, registerApiRoutes } from './api-routes.ts';
import { createEventStream } from './event-stream.ts';
import { createFrontDoor } from './front-door.ts';
import type { Actor, HostedApp } from './host-app.ts';
import { LIMITS, type Limits } from './limits.ts';
import { buildOpenApi } from './openapi.ts';
import { METRICS_ROUTE, registerMetricsRoute, routeName } from './metrics-route.ts';
import { createRateLimit } from './rate-limit.ts';
import { answerTo } from './refusal.ts';
import { registerSessionRoutes, signInUrl } from './session-routes.ts';
import { registerStaticFiles } from './static-files.ts';
import { refuseUnusedMethods } from './unused-methods.ts';
import { registerWebhookRoutes, WEBHOOK_ROUTE } from './webhook-routes.ts';

export const LOOPBACK = '127.0.0.1';

export interface ServerParts {
  readonly app: HostedApp;
  /** In whose name requests act. */
  readonly actor: Actor;
  /** Folder of the built page. */
  readonly rendererDir: string;
  readonly clock: Pick<Clock, 'now' | 'monotonicMs' | 'sleep'>;
  readonly random: Pick<Random, 'bytes'>;
  readonly logger: Logger;
  /** 0 takes a free one. */
  readonly port: number;
  readonly version: string;
  /** Lets a scraper read the metrics; absent, only who is signed in may. */
  readonly scrapeToken?: string | null;
  readonly limits?: Partial<Limits>;
}

export interface Listening {
  readonly url: string;
  readonly port: number;
  /** Told here once; the server keeps its hash only. */
  readonly token: string;
  readonly signInUrl: string;
}

export interface HttpHost {
  /** Rejects when the port is taken. */
  listen(): Promise<Listening>;
  /** Takes no new requests, lets those in flight end for a few seconds, then cuts them. */
  stop(): Promise<void>;
}

/** The HTTP door of the program: loopback only, every check before every handler. It neither starts nor stops the program. */
export const createServer = (parts: ServerParts): HttpHost => {
  const { app, clock, logger } = parts;
  const limits: Limits = { ...LIMITS, ...parts.limits };
  const bytes = (count: number): Uint8Array => parts.random.bytes(count);
  const access = createAccess(clock, bytes);
  const newRequestId = (): string => Buffer.from(bytes(9)).toString('hex');
  let http: Server | undefined;
  const port = (): number => (http?.address() as AddressInfo | null)?.port ?? parts.port;
  const url = (): string => `http://${LOOPBACK}:${port()}`;

  const door = createFrontDoor({
    port,
    requestId: newRequestId,
    onRefused: (refusal, request, requestId) => {
      // The method is what a stranger wrote.
      app.metrics.answered({ route: 'door', method: 'any', status: refusal.status, seconds: null });
      logger.warn('Request refused at the door', {
        requestId,
        method: request.method,
        host: request.headers.host,
        origin: request.headers.origin,
        status: refusal.status,
      });
    },
  });

  const events = createEventStream({
    subscribe: (listener) => app.subscribe(listener),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    limits,
    onCut: (waiting) => logger.warn('A reader of events fell behind and was cut off', { waiting }),
  });

  const started = new WeakMap<object, number>();
  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const answer = answerTo(error, request.id);
    if (answer.hidden) logger.error('A request failed unexpectedly', { requestId: request.id, error });
    void reply
      .code(answer.status)
      .headers(answer.headers)
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(answer.body));
  };

  const server = fastify({
    serverFactory: (handler) => {
      http = createHttpServer(
        {
          // A missing Host is answered by the door, in the same words as a wrong one.
          requireHostHeader: false,
          maxHeaderSize: limits.headers,
          headersTimeout: limits.headersTimeout,
          requestTimeout: limits.requestTimeout,
          keepAliveTimeout: 5_000,
          connectionsCheckingInterval: Math.min(1_000, limits.headersTimeout),
        },
        (request: IncomingMessage, response) => {
          if (door(request, response)) handler(request, response);
        },
      );
      http.maxConnections = limits.connections;
      http.maxHeadersCount = 64;
      return http;
    },
    bodyLimit: limits.body,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    requestIdHeader: false,
    genReqId: newRequestId,
    routerOptions: { maxParamLength: 100, querystringParser: () => ({}) },
    frameworkErrors: (error, request, reply) => answerError(error, request, reply),
    clientErrorHandler: (error, socket) => {
      const status =
        error.code === 'HPE_HEADER_OVERFLOW'
          ? '431 Request Header Fields Too Large'
          : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
            ? '408 Request Timeout'
            : '400 Bad Request';
      if (socket.writable) socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      socket.destroy();
    },
  });

  server.removeAllContentTypeParsers();
  server.setErrorHandler(answerError);
  server.addHook('onRequest', async (request, reply) => {
    started.set(request, clock.monotonicMs());
    reply.header('x-request-id', request.id);
  });
  server.addHook('onResponse', async (request, reply) => {
    const now = clock.monotonicMs();
    const ms = now - (started.get(request) ?? now);
    const pattern = request.routeOptions.url;
    const route = routeName(request.method, pattern);
    const { method, id: requestId } = request;
    const lasting = pattern === `${API_PREFIX}/events`;
    app.metrics.answered({ route, method, status: reply.statusCode, seconds: lasting ? null : ms / 1000 });
    // The pattern, never the address: queries may hold names.
    const facts = { requestId, method, route: pattern ?? 'none', status: reply.statusCode, ms: Math.round(ms) };
    const message = `${method} ${facts.route} was answered with ${reply.statusCode}`;
    // What was asked of the program itself stands in the log by the name of its procedure.
    const told = route !== pattern && reply.statusCode < 400;
    if (!told && (reply.statusCode >= 400 || method !== 'GET')) logger.info(message, facts);
    else logger.debug(message, facts);
  });

  server.get('/healthz', async () => ({ ok: true }));
  refuseUnusedMethods(
    server,
    new Map<string, ReadonlySet<HTTPMethods>>([
      ['/healthz', new Set(['GET'])],
      [METRICS_ROUTE, new Set(['GET'])],
      [WEBHOOK_ROUTE, new Set(['POST'])],
      ['/session', new Set(['POST', 'DELETE'])],
      ['/session/renew', new Set(['POST'])],
      ['/session/link', new Set(['POST'])],
    ]),
  );
  registerWebhookRoutes(server, { app, limits, messages: createRateLimit(limits.webhooks, clock.monotonicMs) });
  registerSessionRoutes(server, { access, limits, signIns: createRateLimit(limits.signIns, clock.monotonicMs), port, url });
  registerMetricsRoute(server, {
    app,
    access,
    scrapeToken: parts.scrapeToken ?? null,
    scrapes: createRateLimit(limits.scrapes, clock.monotonicMs),
  });
  let document: unknown;
  registerApiRoutes(server, {
    app,
    actor: parts.actor,
    access,
    calls: createRateLimit(limits.calls, clock.monotonicMs),
    limits,
    events,
    openApi: () => (document ??= buildOpenApi(parts.version)),
  });
  registerStaticFiles(server, { rendererDir: parts.rendererDir, bytes });

  return {
    listen: async () => {
      await server.listen({ host: LOOPBACK, port: parts.port });
      const token = access.takeApiToken();
      logger.registerSecret(token);
      return { url: url(), port: port(), token, signInUrl: signInUrl(url(), access.newCode()) };
    },
    stop: async () => {
      events.stop();
      const closed = new AbortController();
      const closing = server.close().then(() => closed.abort());
      await Promise.race([
        closing,
        clock.sleep(limits.grace, closed.signal).then(
          () => http?.closeAllConnections(),
          () => undefined,
        ),
      ]);
      await closing;
    },
  };
};
