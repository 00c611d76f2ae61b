import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Grants } from '../oauth/grants.ts';
import { tokenText, type OrionToken, type Sessions } from './sessions.ts';

const header = (request: FastifyRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Without an Accept header that names JSON the token endpoint answers XML, as a sample client of the platform found. */
function sendToken(request: FastifyRequest, reply: FastifyReply, token: OrionToken | null): FastifyReply {
  if (token === null) return reply.code(401).send();
  if ((request.headers.accept ?? '').toLowerCase().includes('json'))
    return reply.type('application/json; charset=utf-8').send(tokenText(token));
  const refresh = token.refresh_token === null ? '' : `<refresh_token>${token.refresh_token}</refresh_token>`;
  return reply
    .type('application/xml; charset=utf-8')
    .send(`<JwtToken><access_token>${token.access_token}</access_token><expires_in>36000</expires_in>${refresh}</JwtToken>`);
}

/** The answer to a sign-in with the browser: no token type, and a life that is a float. */
const signInText = (grants: Grants, form: Readonly<Record<string, string | undefined>>): string | null => {
  const fields = Object.entries(form).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const outcome = grants.token(new Map(fields));
  if (!outcome.ok) return null;
  const { accessToken, refreshToken, lifeSeconds } = outcome.tokens;
  const refresh = refreshToken === null ? '' : `,"refresh_token":"${refreshToken}"`;
  return `{"access_token":"${accessToken}","expires_in":${lifeSeconds}.0${refresh}}`;
};

/** Signing in by Basic header, by refresh token as Bearer, by a form, or by the code of a browser sign-in; signing out. Failures are 401 without a body. */
export function registerTokenRoutes(server: FastifyInstance, prefix: string, sessions: Sessions, grants: Grants): void {
  const path = `${prefix}/Security/Token`;
  server.get(path, (request, reply) => {
    const [, scheme = '', value = ''] = /^(\w+)\s+(\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    const partner = { id: header(request, 'client_id'), secret: header(request, 'client_secret') };
    if (scheme.toLowerCase() === 'bearer') return sendToken(request, reply, sessions.refresh(value, partner));
    if (scheme.toLowerCase() !== 'basic') return sendToken(request, reply, null);
    const pair = Buffer.from(value, 'base64').toString('utf8');
    const colon = pair.indexOf(':');
    return sendToken(request, reply, colon < 0 ? null : sessions.signIn(pair.slice(0, colon), pair.slice(colon + 1), partner));
  });
  server.post(path, (request, reply) => {
    const body = (request.body ?? {}) as Readonly<Record<string, string | undefined>>;
    // Credentials in the header as well as in the body are refused without a word.
    if (request.headers.authorization !== undefined) return sendToken(request, reply, null);
    const signedIn = signInText(grants, body);
    if (signedIn !== null) return reply.type('application/json; charset=utf-8').send(signedIn);
    if (body['grant_type'] === 'authorization_code') return sendToken(request, reply, null);
    if (body['grant_type'] !== 'refresh_token')
      return reply.code(400).type('application/json; charset=utf-8').send('{"message":"Unsupported grant_type"}');
    return sendToken(
      request,
      reply,
      sessions.refresh(body['refresh_token'] ?? '', { id: body['client_id'], secret: body['client_secret'] }),
    );
  });
  server.delete(path, (request, reply) => {
    const session = /^Session (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (session === undefined || !(sessions.isValid(session) || grants.end(session))) return reply.code(401).send();
    sessions.signOut(session);
    return reply.code(204).send();
  });
}
