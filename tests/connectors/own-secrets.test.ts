import { expect, it } from 'vitest';
import { withoutOwnSecrets } from '../../main/connectors/own-secrets.ts';

const PASSWORD = 'al/der+77&e0b35';
const basic = Buffer.from(`integrations:${PASSWORD}`).toString('base64');
const request = { headers: { Authorization: `Basic ${basic}`, accept: 'application/json' } };
const credentials = { username: 'integrations', password: PASSWORD, clientSecret: 'short' };
const answer = (status: number, text: string) => ({
  status,
  headers: { location: `https://example.test/?p=${encodeURIComponent(PASSWORD)}` },
  body: new Uint8Array(Buffer.from(text)),
});
const said = (status: number, text: string): string =>
  Buffer.from(withoutOwnSecrets(answer(status, text), request, credentials).body).toString();

it.each([
  ['as it is', `Password ${PASSWORD} is wrong`, 'Password (left out) is wrong'],
  ['in a form', `username=integrations&${new URLSearchParams({ p: PASSWORD }).toString()}`, 'username=integrations&p=(left out)'],
  ['as the authorization', `Refused Basic ${basic} today`, 'Refused Basic (left out) today'],
  ['in hex', `got ${Buffer.from(PASSWORD).toString('hex')}`, 'got (left out)'],
])('a refusal that repeats the secret %s is cleared of it, and of nothing else', (_how, text, left) => {
  expect(said(401, text)).toBe(left);
});

it('leaves user names and secrets too short to tell from words', () => {
  expect(said(400, 'User integrations: too short a secret')).toBe('User integrations: too short a secret');
});

it('clears headers too, and leaves answers that are no refusal as they came, to the byte', () => {
  expect(withoutOwnSecrets(answer(302, ''), request, credentials).headers).toEqual({
    location: 'https://example.test/?p=(left out)',
  });
  const good = answer(200, `{"note":"${PASSWORD}"}`);
  expect(withoutOwnSecrets(good, request, credentials)).toBe(good);
});
