import type { IncomingMessage, ServerResponse } from 'node:http';
import { NO_CONTENT_POLICY, SECURITY_HEADERS } from '../api/content-policy.ts';
import { Refusal, answerTo } from './refusal.ts';

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE']);
const ONCE = ['origin', 'sec-fetch-site', 'authorization', 'content-type', 'cookie'];

const valuesOf = (request: IncomingMessage, name: string): string[] => {
  const values: string[] = [];
  const raw = request.rawHeaders;
  for (let at = 0; at < raw.length; at += 2) if (raw[at]?.toLowerCase() === name) values.push(raw[at + 1] ?? '');
  return values;
};

const check = (request: IncomingMessage, port: number): void => {
  const hosts = valuesOf(request, 'host');
  const host = hosts[0] ?? '';
  // First of all, also without an Origin: a page whose name was pointed at this machine counts as same-origin to its browser.
  if (hosts.length !== 1 || (host !== `127.0.0.1:${port}` && host !== `localhost:${port}`)) {
    throw new Refusal(403, 'forbidden', `Clearway answers at http://127.0.0.1:${port} only.`);
  }
  if (!request.url?.startsWith('/')) throw new Refusal(403, 'forbidden', 'The address of a request must be a path.');
  const [origin] = valuesOf(request, 'origin');
  if (origin !== undefined && origin !== `http://${host}`)
    throw new Refusal(403, 'forbidden', 'Clearway does not answer pages of other origins.');
  const [site] = valuesOf(request, 'sec-fetch-site');
  // Another port of this machine is "same-site" to a browser, so that is refused as well.
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new Refusal(403, 'forbidden', 'Open Clearway by its own address, not from another page.');
  }
  for (const name of ONCE) {
    if (valuesOf(request, name).length > 1) throw new Refusal(400, 'invalid_input', `The header ${name} may be given once.`);
  }
  if (!METHODS.has(request.method ?? '')) {
    throw new Refusal(405, 'invalid_input', 'This method is not used here.', { allow: [...METHODS].join(', ') });
  }
};

export interface FrontDoorParts {
  readonly port: () => number;
  readonly requestId: () => string;
  readonly onRefused: (refusal: Refusal, request: IncomingMessage, requestId: string) => void;
}

/** Looks at every request before anything else does, and puts the security headers on every answer. True lets it in. */
export const createFrontDoor =
  (parts: FrontDoorParts) =>
  (request: IncomingMessage, response: ServerResponse): boolean => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    response.setHeader('cache-control', 'no-store');
    response.setHeader('content-security-policy', NO_CONTENT_POLICY);
    try {
      check(request, parts.port());
      return true;
    } catch (error) {
      const requestId = parts.requestId();
      const answer = answerTo(error, requestId);
      if (error instanceof Refusal) parts.onRefused(error, request, requestId);
      const body = JSON.stringify(answer.body);
      response.writeHead(answer.status, {
        ...answer.headers,
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
        connection: 'close',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
      return false;
    }
  };
