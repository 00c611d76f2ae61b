import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import { afterEach, expect, it, vi } from 'vitest';
import { createSchemeRedirects } from '../../main/electron/scheme-redirects.ts';
import { systemRandom } from '../../main/ports/random.ts';
import type { HttpClient } from '../../main/ports/http.ts';
import { createSignIns } from '../../main/sign-in/sign-ins.ts';
import { createTestClock, settled } from '../sign-in/support/signing-in.ts';

const SCHEME = 'com.riverbend.clearway';
const settings = { redirectScheme: SCHEME };
const credentials = { clientId: 'partner', clientSecret: 'a-secret', subscriptionKey: 'a-key' };
const facts = { platform: 'black_diamond', baseUrl: 'https://api.example', settings, credentials } as const;
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

function desktop(registered = true) {
  const events = new EventEmitter();
  const setAsDefaultProtocolClient = vi.fn<App['setAsDefaultProtocolClient']>(() => registered);
  const redirects = createSchemeRedirects({
    setAsDefaultProtocolClient,
    on: (event: string, listener: (...args: never[]) => void) => events.on(event, listener as () => void),
  });
  const sent: URLSearchParams[] = [];
  const http: HttpClient = {
    send: ({ body }) => {
      sent.push(new URLSearchParams(String(body)));
      const text = '{"access_token":"access-1","token_type":"Bearer","expires_in":600,"refresh_token":"refresh-1"}';
      return Promise.resolve({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: new Uint8Array(Buffer.from(text)),
      });
    },
  };
  const log = { error: () => undefined };
  const signIns = createSignIns({
    clock: createTestClock(),
    random: systemRandom,
    http,
    redirects,
    onSettled: () => undefined,
    log,
  });
  stops.push(() => signIns.stop());
  return { events, signIns, sent, setAsDefaultProtocolClient };
}
const preventDefault = (): void => undefined;

it.each(['open-url', 'second-instance'])(
  'a sign-in comes back by the scheme through %s, and the code is exchanged with the same address',
  async (event) => {
    const { events, signIns, sent, setAsDefaultProtocolClient } = desktop();
    const { id, address } = await signIns.begin(facts, 'Tester');
    const query = new URL(address).searchParams;
    expect(query.get('redirect_uri')).toBe(`${SCHEME}:/sign-in/black-diamond`);
    expect(setAsDefaultProtocolClient).toHaveBeenCalledExactlyOnceWith(SCHEME);
    const back = (path: string): string => `${SCHEME}:${path}?code=code-1&state=${query.get('state')}`;
    const open = (url: string): boolean =>
      event === 'open-url' ? events.emit(event, { preventDefault }, url) : events.emit(event, {}, ['clearway', '--allow', url]);
    for (const other of [back('/sign-in/addepar'), back('//host/sign-in/black-diamond'), 'not an address', `${SCHEME}:/`])
      open(other);
    expect(signIns.state(id)).toMatchObject({ state: 'waiting' });
    open(back('/sign-in/black-diamond'));
    expect(await settled(signIns, id)).toMatchObject({ state: 'signed_in' });
    expect(sent.map((form) => [form.get('redirect_uri'), form.get('code')])).toEqual([
      [`${SCHEME}:/sign-in/black-diamond`, 'code-1'],
    ]);
    open(back('/sign-in/black-diamond'));
    expect(sent).toHaveLength(1);
  },
);

it('an answer with the state of another sign-in ends this one without an exchange', async () => {
  const { events, signIns, sent } = desktop();
  const { id } = await signIns.begin(facts, 'Tester');
  events.emit('open-url', { preventDefault }, `${SCHEME}:/sign-in/black-diamond?code=stolen&state=${'x'.repeat(43)}`);
  expect(await settled(signIns, id)).toMatchObject({
    state: 'failed',
    message: 'The browser came back with the answer of another sign-in. Nothing was stored; start again.',
  });
  expect(sent).toEqual([]);
});

it('does not begin where the system refuses the scheme, where it is no domain, or in a host without a desktop', async () => {
  await expect(desktop(false).signIns.begin(facts, 'Tester')).rejects.toThrow(
    `The system does not hand addresses of ${SCHEME} to Clearway.`,
  );
  for (const scheme of ['https', 'file', 'clearway', 'com..x', 'javascript'])
    await expect(desktop().signIns.begin({ ...facts, settings: { redirectScheme: scheme } }, 'Tester')).rejects.toThrow(
      'The redirect scheme must be a domain written backwards',
    );
  const clock = createTestClock();
  const http: HttpClient = { send: () => Promise.reject(new Error('Not asked for')) };
  const headless = createSignIns({
    clock,
    random: systemRandom,
    http,
    redirects: null,
    onSettled: preventDefault,
    log: { error: preventDefault },
  });
  await expect(headless.begin(facts, 'Tester')).rejects.toThrow('A redirect scheme works in the desktop program only.');
});
