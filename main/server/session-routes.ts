import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access, SessionGrant } from './access.ts';
import { principalOf, requireCapacity, requireJson } from './bearer.ts';
import { readBody } from './json-body.ts';
import type { Limits } from './limits.ts';
import type { RateLimit } from './rate-limit.ts';
import { Refusal } from './refusal.ts';

export interface SessionParts {
  readonly access: Access;
  readonly limits: Limits;
  readonly signIns: RateLimit;
  readonly port: () => number;
  readonly url: () => string;
}

/** The address a person opens to sign in once; a fragment never leaves the browser. */
export const signInUrl = (url: string, code: string): string => `${url}/#sign-in=${code}`;

const signedOut = (): Refusal =>
  new Refusal(401, 'unauthenticated', 'You are signed out. Open the link Clearway printed when it started, or paste its token.');

/** `/session`: exchange of a one-time code or the API token for a session, its renewal, its end, and new links. */
export const registerSessionRoutes = (server: FastifyInstance, parts: SessionParts): void => {
  const { access, limits, signIns, port, url } = parts;
  // Cookies are shared by all ports of a host, so the name keeps two running copies apart.
  const cookieName = (): string => `clearway_session_${port()}`;

  const sessionCookie = (request: FastifyRequest): string | null => {
    const found = (request.headers.cookie ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${cookieName()}=`))
      .map((pair) => pair.slice(cookieName().length + 1));
    return found.length === 1 ? (found[0] ?? null) : null;
  };

  const setCookie = (reply: FastifyReply, value: string, more = ''): void => {
    reply.header('set-cookie', `${cookieName()}=${value}; Path=/session; HttpOnly; SameSite=Strict${more}`);
  };

  /** The front door let the Origin pass if there is one; where a cookie speaks for the person there must be one. */
  const requireOrigin = (request: FastifyRequest): void => {
    if (request.headers.origin === undefined)
      throw new Refusal(403, 'forbidden', 'This request must come from Clearway’s own page.');
  };

  const granted = (request: FastifyRequest, reply: FastifyReply, grant: SessionGrant): object => {
    const before = sessionCookie(request);
    if (before !== null) access.endSession(before);
    setCookie(reply, grant.sessionId);
    return { accessToken: grant.accessToken, expiresInSeconds: grant.expiresInSeconds };
  };

  void server.register(async (scope) => {
    scope.addHook('onRequest', async (request) => {
      if (request.method === 'POST') requireJson(request.headers['content-type']);
      requireCapacity(signIns('sign-in'));
    });
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: limits.sessionBody },
      (_request, body, done) => {
        try {
          done(null, readBody(body as Buffer));
        } catch (error) {
          done(error as Error);
        }
      },
    );

    scope.post('/session', async (request, reply) => {
      if (request.headers.authorization !== undefined) {
        const principal = principalOf(access, request.headers.authorization);
        if (principal.kind !== 'token')
          throw new Refusal(403, 'forbidden', 'Sign in with a link or with the token Clearway printed.');
        return granted(request, reply, access.openSession());
      }
      const code: unknown = Reflect.get(Object(request.body), 'code');
      const grant = typeof code === 'string' ? access.redeem(code) : null;
      if (grant === null)
        throw new Refusal(
          401,
          'unauthenticated',
          'This sign-in link was used already or is too old. Ask for a new one, or paste the token.',
        );
      return granted(request, reply, grant);
    });

    scope.post('/session/renew', async (request) => {
      requireOrigin(request);
      const sessionId = sessionCookie(request);
      const grant = sessionId === null ? null : access.renew(sessionId);
      if (grant === null) throw signedOut();
      return { accessToken: grant.accessToken, expiresInSeconds: grant.expiresInSeconds };
    });

    scope.post('/session/link', async (request) => {
      principalOf(access, request.headers.authorization);
      return { signInUrl: signInUrl(url(), access.newCode()) };
    });

    scope.delete('/session', async (request, reply) => {
      const sessionId = sessionCookie(request);
      if (request.headers.authorization !== undefined) {
        const principal = principalOf(access, request.headers.authorization);
        access.endSessionOf(principal);
      } else {
        requireOrigin(request);
        if (sessionId === null) throw signedOut();
      }
      if (sessionId !== null) access.endSession(sessionId);
      setCookie(reply, '', '; Max-Age=0');
      return {};
    });
  });
};
