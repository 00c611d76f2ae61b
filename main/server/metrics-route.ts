import type { FastifyInstance } from 'fastify';
import { contract, procedureNames } from '../../shared/contract/index.ts';
import { createScrapeCheck } from '../observability/scrape-token.ts';
import type { Access } from './access.ts';
import { API_PREFIX } from './api-routes.ts';
import { principalOf, requireCapacity } from './bearer.ts';
import type { HostedApp } from './host-app.ts';
import type { RateLimit } from './rate-limit.ts';

export const METRICS_ROUTE = '/metrics';

const PROCEDURES: ReadonlyMap<string, string> = new Map(
  procedureNames.map((name) => [`${contract[name].http.method} ${API_PREFIX}${contract[name].http.path}`, name]),
);

/** The name requests of a route are counted by: the procedure’s, or the pattern of the route; never an address. */
export const routeName = (method: string, pattern: string | undefined): string =>
  PROCEDURES.get(`${method} ${pattern ?? ''}`) ?? pattern ?? 'none';

export interface MetricsRouteParts {
  readonly app: HostedApp;
  readonly access: Access;
  /** Null: only sessions and the token of this run are let in. */
  readonly scrapeToken: string | null;
  readonly scrapes: RateLimit;
}

/** `/metrics` in the text format of Prometheus, for a session, the token of this run, or the scraper’s own token. */
export const registerMetricsRoute = (server: FastifyInstance, parts: MetricsRouteParts): void => {
  const { app, access, scrapeToken, scrapes } = parts;
  const isScraper = scrapeToken === null ? () => false : createScrapeCheck(scrapeToken);
  server.get(METRICS_ROUTE, async (request, reply) => {
    const { authorization } = request.headers;
    if (!isScraper(authorization)) principalOf(access, authorization);
    requireCapacity(scrapes('metrics'));
    return reply.type(app.metrics.contentType).send(await app.metrics.text());
  });
};
