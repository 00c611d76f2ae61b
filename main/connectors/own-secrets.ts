import type { HttpRequest, HttpResponse } from '../ports/http.ts';
import type { Credentials } from './connector.ts';

const GONE = '(left out)';
const SECRET_NAME = /key|secret|pass|token/i;
/** Shorter ones would take ordinary words out of a message. */
const SHORTEST = 6;

/** Base64 text of these bytes wherever they lie in a longer text: one spelling for each of the three offsets. */
const inBase64 = (bytes: Buffer): string[] =>
  [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    // Characters at the edges depend on the neighbours.
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });

const spellingsOf = (secret: string): string[] => {
  const bytes = Buffer.from(secret, 'utf8');
  const base64 = inBase64(bytes);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    new URLSearchParams({ v: secret }).toString().slice(2),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
    bytes.toString('hex'),
  ];
};

/** What a request carries to prove who asks: the secret members of the credentials and the value of its authorization. */
const secretsIn = (request: Pick<HttpRequest, 'headers'>, credentials: Credentials): string[] => [
  ...Object.entries(credentials).flatMap(([name, value]) => (SECRET_NAME.test(name) ? [value] : [])),
  ...Object.entries(request.headers ?? {}).flatMap(([name, value]) =>
    name.toLowerCase() === 'authorization' ? [value.split(' ').at(-1) ?? ''] : [],
  ),
];

/**
 * A refusal without the secrets that were sent: some platforms repeat the request in their error, and their words are
 * shown, stored and logged. Answers other than refusals come back as they are, since their bytes are evidence.
 */
export function withoutOwnSecrets(
  response: HttpResponse,
  request: Pick<HttpRequest, 'headers'>,
  credentials: Credentials,
): HttpResponse {
  if (response.status < 300) return response;
  const spellings = secretsIn(request, credentials)
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap(spellingsOf)
    .toSorted((a, b) => b.length - a.length);
  const clean = (text: string): string => spellings.reduce((rest, spelling) => rest.replaceAll(spelling, GONE), text);
  const before = Buffer.from(response.body).toString('utf8');
  const after = clean(before);
  return {
    ...response,
    headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, clean(value)])),
    body: after === before ? response.body : new Uint8Array(Buffer.from(after, 'utf8')),
  };
}
