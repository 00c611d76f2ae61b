import type { FastifyInstance } from 'fastify';
import { requireCapacity } from './bearer.ts';
import type { HostedApp } from './host-app.ts';
import type { Limits } from './limits.ts';
import type { RateLimit } from './rate-limit.ts';
import { Refusal } from './refusal.ts';

export interface WebhookParts {
  readonly app: Pick<HostedApp, 'receiveWebhook'>;
  readonly limits: Pick<Limits, 'webhookBody'>;
  readonly messages: RateLimit;
}

export const WEBHOOK_ROUTE = '/webhooks/:connection';
const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/**
 * Takes signed messages: 204 for a new one and for one that came before, 401 for everything that is not signed as it
 * should be, in the same words whatever is wrong and whether or not the connection exists.
 */
export const registerWebhookRoutes = (server: FastifyInstance, { app, limits, messages }: WebhookParts): void => {
  void server.register(async (scope) => {
    scope.addHook('onRequest', async (request) => {
      requireCapacity(messages((request.params as { readonly connection: string }).connection.slice(0, 40)));
    });
    // The bytes as they came: a signature is over them and not over what they mean.
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: limits.webhookBody }, (_request, body, done) =>
      done(null, body),
    );
    scope.post(WEBHOOK_ROUTE, { bodyLimit: limits.webhookBody }, async (request, reply) => {
      const headers = Object.fromEntries(
        HEADERS.map((name) => {
          const value = request.headers[name];
          return [name, typeof value === 'string' ? value : undefined] as const;
        }),
      );
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const { connection } = request.params as { readonly connection: string };
      const outcome = await app.receiveWebhook(connection, { headers, body });
      if (outcome === 'refused') throw new Refusal(401, 'unauthenticated', 'This message is not signed as it must be.');
      return reply.code(204).send();
    });
  });
};
