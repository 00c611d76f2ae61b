import { describe, expect, it } from 'vitest';
import { signedHeaders, verifyWebhook, webhookKey, webhookSecret } from '../../main/api/webhook-signature.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const SECOND = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const AT = 1_614_265_330;
const BODY = '{"test": 2432232314}';
const GOOD = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=';
const bytes = (text: string): Buffer => Buffer.from(text, 'utf8');

function verify(
  over: { id?: string; timestamp?: string; signature?: string; body?: string; secrets?: readonly string[]; now?: number } = {},
) {
  const { id = ID, timestamp = String(AT), signature = GOOD, body = BODY, secrets = [SECRET], now = AT } = over;
  const keys = secrets.flatMap((secret) => webhookKey(secret) ?? []);
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return verifyWebhook(keys, { headers, body: bytes(body) }, now);
}
const reason = (over: Parameters<typeof verify>[0]): string => {
  const result = verify(over);
  return result.ok ? 'ok' : result.reason;
};

describe('published and recomputed vectors', () => {
  it.each([
    ['the official one', {}],
    ['another timestamp', { timestamp: '1614265331', signature: 'v1,l6C9/1+N/lSU6+gfh+YEGqTK2aQ+k8nMEWDvvCgHh7U=' }],
    ['an empty body', { body: '', signature: 'v1,v48jdbgvh29KJz2Qc+ghw8G6vG3nAKnujWBg8oM/62A=' }],
    ['UTF-8', { body: '{"name":"Zoë – Café"}', signature: 'v1,ypCew0H9I9tTdQlV1eQywkEoiKIn2jSUpq3MEo9tsnQ=' }],
    ['a body without the space', { body: '{"test":2432232314}', signature: 'v1,Vif40peJBP7Iyl0XGmu61n4MwdrcHov5CFREBpE0svs=' }],
    ['a key of 32 bytes', { secrets: [SECOND], signature: 'v1,O4Gjv1HqPqsMrjmczoggs/sWA8gZD0VyHG+fLh4+ktI=' }],
  ])('%s passes', (_name, over) => {
    expect(reason(over)).toBe('ok');
  });

  it('the one of Svix passes, whose key of 18 bytes is too short to be taken as a secret here', () => {
    const secret = 'whsec_plJ3nmyCDGBKInavdOK15jsl';
    expect(webhookKey(secret)).toBeNull();
    const headers = {
      'webhook-id': 'msg_loFOjxBNrRLzqYUf',
      'webhook-timestamp': '1731705121',
      'webhook-signature': 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
    };
    const body = bytes('{"event_type":"ping","data":{"success":true}}');
    expect(verifyWebhook([Buffer.from(secret.slice(6), 'base64')], { headers, body }, 1_731_705_121)).toMatchObject({ ok: true });
  });

  it('answers the id and the time of the attempt', () => {
    expect(verify()).toEqual({ ok: true, id: ID, sentAtSeconds: AT });
  });
});

describe('signatures', () => {
  it.each([
    ['JSON that was written anew', { body: '{"test":2432232314}' }],
    ['the text of the secret as key', { signature: 'v1,TcxlhK9b6UD6iVI1ZU2tTqp8PEVfYRseNNfa6b+LcUg=' }],
    ['another secret', { secrets: [SECOND] }],
    ['no secret', { secrets: [] }],
    ['a wrong signature', { signature: 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=' }],
    ['one that is cut off', { signature: GOOD.slice(0, -8) }],
    ['one with characters that base64 has not', { signature: `v1,*${GOOD.slice(4)}` }],
    ['one with something after it', { signature: `${GOOD}AAAA` }],
    ['the right one labelled v2', { signature: GOOD.replace('v1', 'v2') }],
    ['the right one labelled v1a', { signature: GOOD.replace('v1,', 'v1a,') }],
    ['an entry without a comma', { signature: GOOD.replace(',', '') }],
    ['an empty entry', { signature: 'v1,' }],
    ['another id', { id: 'msg_other' }],
  ])('%s is refused', (_name, over) => {
    expect(reason(over)).toBe('signature');
  });

  it('one good entry of a list is enough, among wrong ones and ones of other versions', () => {
    const wrong = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';
    expect(reason({ signature: `${wrong} v2,${GOOD.slice(3)} ${GOOD} ${wrong}` })).toBe('ok');
  });

  it('either of two secrets is enough, as in a rotation', () => {
    expect(reason({ secrets: [SECOND, SECRET] })).toBe('ok');
  });
});

describe('headers and time', () => {
  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('a message without %s is refused', (name) => {
    const headers = { 'webhook-id': ID, 'webhook-timestamp': String(AT), 'webhook-signature': GOOD, [name]: undefined };
    const key = webhookKey(SECRET) ?? Buffer.alloc(0);
    expect(verifyWebhook([key], { headers, body: bytes(BODY) }, AT)).toEqual({ ok: false, reason: 'headers' });
  });

  it.each(['', 'a.b', 'a b', 'x'.repeat(201)])('an id “%s” is refused', (id) => {
    expect(reason({ id })).toBe('headers');
  });

  it.each(['soon', '1614265330.5', '-1', ' 1614265330', '0x1', '1e9', '9'.repeat(13)])(
    'the time “%s” is refused',
    (timestamp) => {
      expect(reason({ timestamp })).toBe('timestamp');
    },
  );

  it.each([
    [300, 'ok'],
    [301, 'too_old'],
    [-300, 'ok'],
    [-301, 'too_new'],
  ])('%d seconds after it was sent, a message is %s', (after, expected) => {
    expect(reason({ now: AT + after })).toBe(expected);
  });
});

describe('secrets', () => {
  it.each(['', 'whsec_', 'whsec_not base64', 'whsec_c2hvcnQ=', `whsec_${Buffer.alloc(65).toString('base64')}`])(
    '“%s” is no secret',
    (text) => {
      expect(webhookKey(text)).toBeNull();
    },
  );

  it('are taken with and without prefix and padding, and made of the bytes given', () => {
    expect(webhookKey(SECRET)?.toString('hex')).toBe('31f290f6bf06298aab4f08d43c3f082cf648a362da2da4b0');
    expect(webhookKey(SECRET.slice(6))).toEqual(webhookKey(SECRET));
    expect(webhookKey(SECOND.replace('=', ''))).toEqual(webhookKey(SECOND));
    expect(webhookSecret(Uint8Array.from({ length: 32 }, (_, at) => at))).toBe(SECOND);
  });
});

describe('messages that are sent', () => {
  it.each([
    ['the official vector', SECRET, BODY, GOOD],
    ['a body without the space', SECRET, '{"test":2432232314}', 'v1,Vif40peJBP7Iyl0XGmu61n4MwdrcHov5CFREBpE0svs='],
    ['UTF-8', SECRET, '{"name":"Zoë – Café"}', 'v1,ypCew0H9I9tTdQlV1eQywkEoiKIn2jSUpq3MEo9tsnQ='],
    ['a key of 32 bytes', SECOND, BODY, 'v1,O4Gjv1HqPqsMrjmczoggs/sWA8gZD0VyHG+fLh4+ktI='],
  ])('are signed as %s', (_name, secret, body, signature) => {
    const key = webhookKey(secret);
    if (key === null) throw new Error('The secret is a good one.');
    expect(signedHeaders(key, ID, AT, body)).toEqual({
      'webhook-id': ID,
      'webhook-timestamp': String(AT),
      'webhook-signature': signature,
    });
  });
});
