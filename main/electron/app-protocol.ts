import type { CustomScheme } from 'electron';
import { NO_CONTENT_POLICY, SECURITY_HEADERS, contentSecurityPolicy, nonceFrom, withNonce } from '../api/content-policy.ts';
import type { Random } from '../ports/random.ts';
import { ORIGIN, SCHEME } from './own-page.ts';
import type { PageFile } from './page-files.ts';

/** The scheme of the window's pages: an origin of its own, under the content policy like any web page. */
export const APP_SCHEME: CustomScheme = {
  scheme: SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

const refuse = (status: number): Response =>
  new Response(null, { status, headers: { ...SECURITY_HEADERS, 'content-security-policy': NO_CONTENT_POLICY } });

/** Answers the requests of the window for its pages, from files. The page carries the content policy with a fresh nonce. */
export const createAppProtocol =
  (parts: { read: (path: string) => Promise<PageFile | null>; random: Pick<Random, 'bytes'> }) =>
  async (request: Pick<Request, 'method' | 'url'>): Promise<Response> => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
    const { protocol, host, pathname } = new URL(request.url);
    if (`${protocol}//${host}` !== ORIGIN) return refuse(404);
    const file = await parts.read(pathname);
    if (file === null) return refuse(404);
    const headers = {
      ...SECURITY_HEADERS,
      'content-type': file.contentType,
      'cache-control': file.isPage ? 'no-store' : 'no-cache',
    };
    if (!file.isPage)
      return new Response(request.method === 'HEAD' ? null : Buffer.from(file.bytes), {
        headers: { ...headers, 'content-security-policy': NO_CONTENT_POLICY },
      });
    const nonce = nonceFrom(parts.random.bytes(18));
    const page = withNonce(Buffer.from(file.bytes).toString('utf8'), nonce);
    return new Response(request.method === 'HEAD' ? null : page, {
      headers: { ...headers, 'content-security-policy': contentSecurityPolicy(nonce) },
    });
  };
