import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Grants } from './grants.ts';
import type { OAuthSettings } from './settings.ts';

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const page = (title: string, content: string): string =>
  `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body><main><h1>${escaped(title)}</h1>${content}</main></body></html>`;

const queryOf = (request: FastifyRequest): ReadonlyMap<string, string> =>
  new Map(new URL(request.url, 'http://127.0.0.1').searchParams);

/** The page where a person lets the partner in or not. Decisions are links back to the same address with `decision`. */
export function registerAuthorize(
  server: FastifyInstance,
  path: string,
  name: string,
  grants: Grants,
  settings: OAuthSettings,
): void {
  server.get(path, (request, reply): FastifyReply => {
    const query = queryOf(request);
    const html = reply.type('text/html; charset=utf-8').header('cache-control', 'no-store');
    const wrong = grants.refusal(query);
    if (wrong !== null) return html.code(400).send(page('Sign-in not possible', `<p>${escaped(wrong)}</p>`));
    const decision = query.get('decision') ?? settings.oauthConsent;
    if (decision === 'approve' || decision === 'deny') return reply.redirect(grants.decide(query, decision === 'approve'), 303);
    const link = (word: string, value: string): string =>
      `<p><a href="${escaped(`${request.url}&decision=${value}`)}">${word}</a></p>`;
    return html.send(
      page(
        `${name} sandbox`,
        `<p>Clearway asks to read this firm’s accounts and positions.</p>${link('Approve', 'approve')}${link('Decline', 'deny')}`,
      ),
    );
  });
}
