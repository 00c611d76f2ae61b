import { createHmac, timingSafeEqual } from 'node:crypto';

/** A message as it came in; names of headers in lower case. */
export interface SignedMessage {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export type Verified =
  | { readonly ok: true; readonly id: string; readonly sentAtSeconds: number }
  | { readonly ok: false; readonly reason: 'headers' | 'timestamp' | 'too_old' | 'too_new' | 'signature' };

const PREFIX = 'whsec_';
const SHORTEST_KEY = 24;
const LONGEST_KEY = 64;
export const TOLERANCE_SECONDS = 300;
/** No full stop in it: that is what divides the parts of what is signed. */
const ID = /^[^.\s]{1,200}$/;
const SECONDS = /^\d{1,12}$/;

/** The key behind `whsec_...`, or behind the same without its prefix; null when it is not base64 of 24 to 64 bytes. */
export function webhookKey(secret: string): Buffer | null {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const key = Buffer.from(text, 'base64');
  return key.length >= SHORTEST_KEY && key.length <= LONGEST_KEY ? key : null;
}

export const webhookSecret = (bytes: Uint8Array): string => `${PREFIX}${Buffer.from(bytes).toString('base64')}`;

/** The bytes of a `v1` signature: HMAC-SHA256 over id, timestamp in seconds and the exact bytes of the body. */
const digestOf = (key: Buffer, id: string, timestamp: string, body: string | Uint8Array): Buffer =>
  createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();

/** The headers that sign a message by Standard Webhooks 1.0.0. `sentAtSeconds` is of this attempt, `id` of the event. */
export const signedHeaders = (
  key: Buffer,
  id: string,
  sentAtSeconds: number,
  body: string,
): Readonly<Record<string, string>> => ({
  'webhook-id': id,
  'webhook-timestamp': String(sentAtSeconds),
  'webhook-signature': `v1,${digestOf(key, id, String(sentAtSeconds), body).toString('base64')}`,
});

const isSame = (given: string, expected: Buffer): boolean => {
  const bytes = Buffer.from(given, 'base64');
  // Compared as bytes and as text: sloppy base64 of the right bytes is not what was signed.
  return bytes.length === expected.length && timingSafeEqual(bytes, expected) && given === expected.toString('base64');
};

/**
 * Checks a message by Standard Webhooks 1.0.0: headers, timestamp within 300 seconds both ways, and one good `v1` signature
 * by any of the keys over the exact bytes. Every signature is compared with every key, so the time taken tells nothing.
 */
export function verifyWebhook(keys: readonly Buffer[], { headers, body }: SignedMessage, nowSeconds: number): Verified {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  const signature = headers['webhook-signature'] ?? '';
  if (!ID.test(id) || timestamp === '' || signature === '') return { ok: false, reason: 'headers' };
  if (!SECONDS.test(timestamp)) return { ok: false, reason: 'timestamp' };
  const sentAtSeconds = Number(timestamp);
  if (nowSeconds - sentAtSeconds > TOLERANCE_SECONDS) return { ok: false, reason: 'too_old' };
  if (sentAtSeconds - nowSeconds > TOLERANCE_SECONDS) return { ok: false, reason: 'too_new' };
  const given = signature.split(' ').flatMap((entry) => (entry.startsWith('v1,') ? [entry.slice(3)] : []));
  let good = 0;
  for (const key of keys) {
    const expected = digestOf(key, id, timestamp, body);
    for (const entry of given.slice(0, 20)) good += isSame(entry, expected) ? 1 : 0;
  }
  return good > 0 ? { ok: true, id, sentAtSeconds } : { ok: false, reason: 'signature' };
}
