import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import fastifyStatic from '@fastify/static';
import { contentSecurityPolicy, nonceFrom, withNonce } from '../api/content-policy.ts';
import { Refusal } from './refusal.ts';

export interface StaticParts {
  /** Folder of the built page. */
  readonly rendererDir: string;
  readonly bytes: (count: number) => Uint8Array;
}

/** Whether an address is one of the page’s own places (`/conflicts/c1`) instead of a file. */
const isPlace = (path: string): boolean => /^\/[\w/-]*$/.test(path) && !/^\/(api|session|assets)(\/|$)/.test(path);

/** The page and its files. Unknown addresses that look like places of the page answer with the page. */
export const registerStaticFiles = (server: FastifyInstance, { rendererDir, bytes }: StaticParts): void => {
  const sendPage = async (reply: FastifyReply): Promise<FastifyReply> => {
    let html: string;
    try {
      html = await readFile(join(rendererDir, 'index.html'), 'utf8');
    } catch {
      throw new Refusal(404, 'not_found', 'The screens are not built. Run "npm run build", then open this page again.');
    }
    const nonce = nonceFrom(bytes(16));
    return reply
      .header('content-type', 'text/html; charset=utf-8')
      .header('content-security-policy', contentSecurityPolicy(nonce))
      .send(withNonce(html, nonce));
  };

  const isInside = (path: string): boolean => {
    try {
      const root = realpathSync(rendererDir) + sep;
      return realpathSync(join(rendererDir, path)).startsWith(root);
    } catch {
      return false;
    }
  };

  for (const url of ['/', '/index.html'])
    server.route({ method: ['GET', 'HEAD'], url, handler: (_request, reply) => sendPage(reply) });

  void server.register(fastifyStatic, {
    root: rendererDir,
    prefix: '/',
    index: false,
    redirect: false,
    dotfiles: 'ignore',
    cacheControl: false,
    suppressWarning: true,
    // The plugin follows links; a link must not lead out of the folder.
    allowedPath: (path) => path !== '/index.html' && isInside(path),
    setHeaders: (reply, path) => {
      const isHashed = path.startsWith(join(rendererDir, 'assets') + sep);
      reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

  server.setNotFoundHandler(async (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    if (!isPlace(path)) throw new Refusal(404, 'not_found', 'There is nothing at this address.');
    if (request.method === 'GET' || request.method === 'HEAD') return sendPage(reply);
    throw new Refusal(405, 'invalid_input', 'This method is not used at this address.', { allow: 'GET, HEAD' });
  });
};
