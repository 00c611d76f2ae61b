import type { z } from 'zod';
import type { HttpResponse } from '../ports/http.ts';
import { ConnectorError, type ConnectorErrorKind } from './connector.ts';
import { decodeUtf8, JsonError, parseLossless, type LosslessJson } from './json.ts';

const CORRELATION_HEADERS = ['x-oas-correlationid', 'correlation-id', 'x-correlation-id', 'x-request-id', 'request-id'];

const bodyText = (response: HttpResponse): string => new TextDecoder().decode(response.body.subarray(0, 20_000));

/** The members of an error body by lower-case name; JSON:API errors count as if their first error were the body. */
function errorMembers(response: HttpResponse): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  let body: unknown;
  try {
    body = JSON.parse(bodyText(response));
  } catch {
    return members;
  }
  const errors: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'errors') : null;
  const source: unknown = Array.isArray(errors) ? errors[0] : body;
  if (typeof source !== 'object' || source === null) return members;
  for (const [name, value] of Object.entries(source)) if (typeof value === 'string') members.set(name.toLowerCase(), value);
  return members;
}

/** What the platform says went wrong, as one line of at most 300 characters; empty when it says nothing readable. */
export function platformMessage(response: HttpResponse): string {
  const members = errorMembers(response);
  const said = ['detail', 'message', 'error_description', 'title', 'error'].flatMap((name) => members.get(name) ?? []);
  return (said[0] ?? '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
}

export function correlationIdOf(response: HttpResponse): string | undefined {
  const header = CORRELATION_HEADERS.flatMap((name) => response.headers[name] ?? [])[0];
  return header ?? errorMembers(response).get('correlationid');
}

const isHtml = (response: HttpResponse): boolean =>
  /\bhtml\b/i.test(response.headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)/i.test(bodyText(response).slice(0, 200));

const CHECK = 'Check the base URL and the settings of this connection.';
const UNUSED = 'Nothing of it was used. Try again later; if it stays so, the platform’s support needs to know.';

const sentence = (text: string): string => (text === '' ? '' : ` It says: ${text.replace(/[.\s]+$/, '')}.`);

/** The error for an answer that is no success. `doing` completes "X refused to ...". */
export function refusal(platform: string, response: HttpResponse, doing: string): ConnectorError {
  const said = sentence(platformMessage(response));
  const correlationId = correlationIdOf(response);
  const make = (kind: ConnectorErrorKind, message: string): ConnectorError =>
    new ConnectorError(kind, message, correlationId === undefined ? {} : { correlationId });
  const { status } = response;
  if (status === 401)
    return make('unauthorised', `${platform} did not accept the sign-in.${said} Check the credentials of this connection.`);
  if (status === 403)
    return make(
      'forbidden',
      `${platform} does not allow this user to ${doing}.${said} Ask for the permission there, or use another user.`,
    );
  if (status === 429) return make('rate_limited', `${platform} is receiving too many requests.${said} Try again later.`);
  if (status >= 500)
    return make('unavailable', `${platform} had an internal error (${status}) when asked to ${doing}.${said} Try again later.`);
  if (status >= 300 && status < 400)
    return make('bad_response', `${platform} redirected the request to another address. Check the base URL of this connection.`);
  if (isHtml(response)) return webPage(platform, correlationId);
  const advice = said === '' ? ` ${CHECK}` : '';
  return make('bad_response', `${platform} refused to ${doing} (${status}).${said}${advice}`);
}

const webPage = (platform: string, correlationId: string | undefined): ConnectorError =>
  new ConnectorError(
    'bad_response',
    `${platform} answered with a web page instead of data. A sign-in page or a proxy may be in between: check the base URL and the network.`,
    correlationId === undefined ? {} : { correlationId },
  );

export interface JsonAnswer {
  readonly json: LosslessJson;
  readonly text: string;
  readonly correlationId?: string | undefined;
}

/** Reads a 2xx answer as JSON, or throws the ConnectorError for what it is instead. */
export function jsonAnswer(platform: string, response: HttpResponse, doing: string): JsonAnswer {
  if (response.status < 200 || response.status >= 300) throw refusal(platform, response, doing);
  const correlationId = correlationIdOf(response);
  const bad = (message: string, cause?: unknown): ConnectorError =>
    new ConnectorError('bad_response', message, { ...(correlationId === undefined ? {} : { correlationId }), cause });
  if (isHtml(response)) throw webPage(platform, correlationId);
  const type = response.headers['content-type'];
  if (type !== undefined && !/\bjson\b/i.test(type))
    throw bad(`${platform} answered with ${type.slice(0, 60)} where JSON is documented. ${UNUSED}`);
  try {
    const text = decodeUtf8(response.body);
    return { json: parseLossless(text), text, correlationId };
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw bad(`${platform} answered with data that cannot be read. ${cause.message} ${UNUSED}`, cause);
  }
}

/** Validates the frame of an answer, which must be as documented for anything in it to be trusted. */
export function readFrame<T>(platform: string, schema: z.ZodType<T>, answer: JsonAnswer, what: string): T {
  const result = schema.safeParse(answer.json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).join('.') || 'The whole of it';
  throw new ConnectorError(
    'bad_response',
    `The ${what} of ${platform} is not as documented: ${path} ${issue?.message ?? 'cannot be read'}. ${UNUSED}`,
    answer.correlationId === undefined ? {} : { correlationId: answer.correlationId },
  );
}

/** The bytes of a 2xx answer that must be a ZIP archive, whatever content type it names. */
export function zipAnswer(platform: string, response: HttpResponse, doing: string): Uint8Array {
  if (response.status !== 200) throw refusal(platform, response, doing);
  const { body } = response;
  if (body[0] === 0x50 && body[1] === 0x4b) return body;
  const correlationId = correlationIdOf(response);
  if (isHtml(response)) throw webPage(platform, correlationId);
  const said = sentence(platformMessage(response));
  throw new ConnectorError(
    'bad_response',
    `${platform} answered with ${(response.headers['content-type'] ?? 'something').slice(0, 60)} where a ZIP archive is documented.${said} ${UNUSED}`,
    correlationId === undefined ? {} : { correlationId },
  );
}
