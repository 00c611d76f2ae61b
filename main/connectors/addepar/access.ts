import { z } from 'zod';
import type { HttpResponse } from '../../ports/http.ts';
import { jsonAnswer, readFrame, refusal } from '../answers.ts';
import { sendSignedIn } from '../bearer.ts';
import { ConnectorError, type ConnectorContext } from '../connector.ts';
import { plainField, secretField } from '../fields.ts';
import { jsonList, jsonText, type LosslessJson } from '../json.ts';
import type { PlatformClient, PlatformRequest } from '../platform-client.ts';
import { credential, setting, trimmedBase } from '../settings.ts';

export const ADDEPAR = 'Addepar';

const API_KEY = plainField('apiKey', 'API key', 'Made in Addepar under Firm administration. It sees what its maker sees.');
const API_SECRET = secretField('apiSecret', 'API secret', 'Shown once when the key was made.');
export const ADDEPAR_CREDENTIALS = [API_KEY, API_SECRET];

export const FIRM_ID = plainField('firmId', 'Firm id', 'The number behind addepar_firm= in the address of an exported API URL.');

export const JSON_API = 'application/vnd.api+json';

export interface AddeparAccess {
  /** `path` begins with /v1. Any status but 401 comes back. */
  get(path: string, doing: string, signal?: AbortSignal): Promise<HttpResponse>;
  post(path: string, body: unknown, doing: string, signal?: AbortSignal): Promise<HttpResponse>;
  /** Follows a Location without credentials unless it stays on the platform's own host. */
  follow(location: string, doing: string, signal?: AbortSignal): Promise<HttpResponse>;
}

/** Addepar writes links as /v1/..., without the prefix its API really has. Throws when a link leaves the platform. */
export function ownUrl(base: string, link: string): string {
  const root = new URL(base);
  const prefix = root.pathname.replace(/\/+$/, '');
  if (link.startsWith('/v1/')) return `${base}${link}`;
  const url = URL.parse(link, base);
  if (url !== null && url.origin === root.origin && url.pathname.startsWith(`${prefix}/v1/`)) return url.href;
  throw new ConnectorError('bad_response', 'Addepar’s link to the next page leads to another address. It was not followed.');
}

/** Results hold a firm's positions, so they are fetched over https, and over plain http from this machine alone. */
const isSafe = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && /^(?:127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname));

export function createAddeparAccess(context: ConnectorContext, client: PlatformClient): AddeparAccess {
  const firmId = setting(context, FIRM_ID.key, '');
  if (firmId === '')
    throw new ConnectorError(
      'unauthorised',
      'The Addepar firm id is not filled in. Enter it in the settings of this connection.',
    );
  const base = trimmedBase(context);
  const accept = `${JSON_API}, application/json`;
  const { bearer } = context;
  const basic = bearer
    ? ''
    : Buffer.from(`${credential(context, API_KEY)}:${credential(context, API_SECRET)}`).toString('base64');
  const send = (request: PlatformRequest): Promise<HttpResponse> => {
    const authorised = (authorization: string): Promise<HttpResponse> =>
      client.send({ ...request, headers: { accept, ...request.headers, authorization, 'addepar-firm': firmId } });
    return bearer ? sendSignedIn(ADDEPAR, bearer, (token) => authorised(`Bearer ${token}`)) : authorised(`Basic ${basic}`);
  };
  const checked = (response: HttpResponse, doing: string): HttpResponse => {
    if (response.status === 401) {
      const error = refusal(ADDEPAR, response, doing);
      const message = 'Addepar refused the API key, the secret or the firm id. Check the credentials of this connection.';
      throw new ConnectorError(
        'unauthorised',
        message,
        error.correlationId === null ? {} : { correlationId: error.correlationId },
      );
    }
    return response;
  };

  return {
    get: async (path, doing, signal = context.signal) =>
      checked(await send({ method: 'GET', url: ownUrl(base, path), signal, doing }), doing),
    post: async (path, body, doing, signal = context.signal) =>
      checked(
        await send({
          method: 'POST',
          url: ownUrl(base, path),
          headers: { 'content-type': JSON_API },
          body: JSON.stringify(body),
          signal,
          doing,
        }),
        doing,
      ),
    follow: async (location, doing, signal = context.signal) => {
      const url = location.startsWith('/v1/') ? URL.parse(`${base}${location}`) : URL.parse(location, base);
      if (url === null || !isSafe(url))
        throw new ConnectorError(
          'bad_response',
          'Addepar named an address for the result of its job that is not a secure one. It was not followed. Try again later.',
        );
      const request = { method: 'GET', url: url.href, signal, doing } as const;
      return url.origin === new URL(base).origin ? send(request) : client.send({ ...request, headers: { accept } });
    },
  };
}

// The last page says so with null: a list without the member may be a part of it.
const listFrame = z.object({ data: jsonList, links: z.object({ next: jsonText.nullable() }) });

export interface AddeparListPage {
  readonly raw: Uint8Array;
  readonly contentType: string;
  readonly text: string;
  readonly items: readonly LosslessJson[];
}

/** Follows `links.next` of a JSON:API list to its end. Throws when a link comes twice. */
export async function* addeparPages(
  access: AddeparAccess,
  path: string,
  doing: string,
): AsyncGenerator<AddeparListPage, void, undefined> {
  const visited = new Set<string>();
  for (let next: string | null = path; next !== null;) {
    if (visited.has(next))
      throw new ConnectorError('bad_response', `Addepar’s pages go round in a circle when asked to ${doing}.`);
    visited.add(next);
    const response: HttpResponse = await access.get(next, doing);
    const answer = jsonAnswer(ADDEPAR, response, doing);
    const frame: z.infer<typeof listFrame> = readFrame(ADDEPAR, listFrame, answer, 'list');
    yield { raw: response.body, contentType: response.headers['content-type'] ?? JSON_API, text: answer.text, items: frame.data };
    next = frame.links.next;
  }
}
