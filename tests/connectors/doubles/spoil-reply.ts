import { brotliCompressSync } from 'node:zlib';
import type { RequestFault } from '../../../main/sandbox/faults/fault.ts';
import { json, type Reply } from './http-double.ts';

const BOMB = brotliCompressSync(Buffer.alloc(4 * 2 ** 20, '['));
const PAGE = '<!DOCTYPE html>\n<title>Sign in</title>';
const page = (status: number): Reply => ({ status, headers: { 'content-type': 'text/html' }, body: PAGE });
const busy = (after: string): Reply => ({ ...json({ message: 'Slow down' }, 429), headers: { 'retry-after': after } });
const over = (reply: Reply, headers: Readonly<Record<string, string>>, body = reply.body ?? ''): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...headers },
  body,
});

/** Every place where a text gives a member of this name a plain value, changed. */
const edit = (text: string, member: string, change: (value: string) => string): string => {
  const [head = '', ...rest] = text.split(`"${member}":`);
  return [
    head,
    ...rest.map((tail) => {
      const value = /^(?:"(?:\\.|[^"\\])*"|[^,}\]]+)/.exec(tail)?.[0] ?? '';
      return change(value) + tail.slice(value.length);
    }),
  ].join('');
};

/** The same faults as the sandbox's, worded and built another way. Null for those that are not about one member. */
export function spoilText(fault: RequestFault, member: string): ((text: string) => string) | null {
  const named = (value: string): string => `"${member}": ${value}`;
  const changes: Partial<Record<RequestFault, (value: string) => string>> = {
    number_as_string: (value) => named(`"${value}"`),
    missing_member: (value) => `"unrelated":${value}`,
    null_member: () => named('null'),
    renamed_member: (value) => `"${member}_v2":${value}`,
    repeated_member: (value) => `${named('1')}, ${named(value)}`,
    nested_member: (value) => named(`${'[{"a":'.repeat(3000)}${value}${'}]'.repeat(3000)}`),
    huge_number: () => named('-17e4000'),
    new_word: () => named('"Aqueous"'),
  };
  const change = changes[fault];
  return change ? (text) => edit(text, member, change) : null;
}

export function spoilReply(fault: RequestFault, reply: Reply, given: { retryAfterSeconds?: number; delayMs?: number }): Reply {
  const seconds = given.retryAfterSeconds ?? 1;
  const bytes = Buffer.from(reply.body ?? '');
  switch (fault) {
    case 'too_many_requests':
      return busy(String(seconds));
    case 'too_many_requests_until':
      return busy(new Date(Date.now() + seconds * 1000).toUTCString());
    case 'server_error':
      return json({ message: 'Out of order' }, 503);
    case 'html_error':
      return page(504);
    case 'html':
      return page(200);
    case 'forbidden':
      return json({ errors: [{ status: '403', detail: 'Not for you' }] }, 403);
    case 'not_found':
      return { status: 404 };
    case 'gone':
      return { status: 410 };
    case 'empty_401':
    case 'expired_token':
      return { status: 401 };
    case 'redirect':
      return { status: 307, headers: { location: 'http://elsewhere.invalid/here' } };
    case 'empty_body':
      return { status: 204 };
    case 'connection_reset':
      return { reset: true };
    case 'slow':
      return { ...reply, afterMs: given.delayMs ?? 1000 };
    case 'broken_body':
      return { ...reply, cutAfter: Math.ceil(bytes.length / 3) };
    case 'truncated_body':
      return { ...reply, body: bytes.subarray(0, bytes.length - 3) };
    case 'wrong_type':
      return over(reply, { 'content-type': 'application/octet-stream' });
    case 'wrong_charset':
      return over(reply, { 'content-type': 'application/json; charset=iso-8859-1' }, Buffer.concat([bytes, Uint8Array.of(0xe4)]));
    case 'byte_order_mark':
      return over(reply, {}, Buffer.concat([Uint8Array.of(0xef, 0xbb, 0xbf), bytes]));
    case 'damaged_compression':
      return over(reply, { 'content-encoding': 'br' });
    case 'unknown_compression':
      return over(reply, { 'content-encoding': 'gzip, zstd' });
    case 'compressed_bomb':
      return over(reply, { 'content-encoding': 'br' }, BOMB);
    case 'wrapped_body':
      return over(reply, {}, Buffer.concat([Buffer.from('{"count":1,"value":'), bytes, Buffer.from('}')]));
    default:
      return reply;
  }
}
