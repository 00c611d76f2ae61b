import Fastify, { type FastifyInstance } from 'fastify';

const MAX_REQUEST_BYTES = 8 * 1024 * 1024;

/** A server that is reachable from this machine alone once it listens. Open connections end with it. */
export const createLoopbackServer = (options: { readonly ignoreCase?: boolean } = {}): FastifyInstance =>
  Fastify({
    logger: false,
    bodyLimit: MAX_REQUEST_BYTES,
    forceCloseConnections: true,
    routerOptions: { caseSensitive: options.ignoreCase !== true, ignoreTrailingSlash: true, maxParamLength: 500 },
  });

/** Listens on 127.0.0.1 and answers the origin, such as `http://127.0.0.1:4101`. Port 0 takes a free one. */
export const listenOnLoopback = (server: FastifyInstance, port: number): Promise<string> =>
  server.listen({ host: '127.0.0.1', port });
