import type { FastifyInstance } from 'fastify';
import type { Grants } from '../oauth/grants.ts';

/** Exchanges and renews sign-ins by a form, with the client's id and secret in it; errors as the standard has them. */
export function registerToken(server: FastifyInstance, path: string, grants: Grants): void {
  server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, new Map(new URLSearchParams(String(body)))),
  );
  server.post(path, (request, reply) => {
    const form = request.body instanceof Map ? (request.body as ReadonlyMap<string, string>) : new Map<string, string>();
    const outcome = grants.token(form);
    const answer = reply.type('application/json; charset=utf-8').header('cache-control', 'no-store');
    if (!outcome.ok) return answer.code(outcome.error === 'invalid_client' ? 401 : 400).send({ error: outcome.error });
    const { accessToken, refreshToken, lifeSeconds } = outcome.tokens;
    return answer.send({
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: lifeSeconds,
      ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    });
  });
}
