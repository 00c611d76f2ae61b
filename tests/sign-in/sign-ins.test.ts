import { createServer } from 'node:http';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { addeparFacts, createTestClock, createTestSignIns, listens, settled } from './support/signing-in.ts';

const PARTNER = { clientId: 'partner', clientSecret: 'a-secret' };
const redirectOf = (address: string): URL => new URL(new URL(address).searchParams.get('redirect_uri') ?? '');

/** The status of a request that may say anything about where it goes. */
const statusOf = (
  to: URL,
  options: { readonly method?: string; readonly host?: string; readonly path?: string },
): Promise<number> =>
  new Promise((resolve, reject) => {
    const headers = { host: options.host ?? to.host };
    const path = options.path ?? `${to.pathname}?code=x&state=y`;
    request({ hostname: to.hostname, port: to.port, method: options.method ?? 'GET', path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

describe('a sign-in that nobody finishes', () => {
  it('ends after ten minutes with one sentence and no listener', async () => {
    const clock = createTestClock();
    const signIns = createTestSignIns(clock);
    const { id, address } = await signIns.begin(addeparFacts({}, PARTNER), 'Tester');
    const redirect = redirectOf(address);
    clock.pass(599_999);
    expect(await listens(redirect.origin)).toBe(true);
    expect(signIns.state(id)).toEqual({ state: 'waiting', message: 'Waiting for you to sign in to Addepar in the browser.' });
    clock.pass(1);
    expect(await settled(signIns, id)).toEqual({
      state: 'failed',
      message: 'Nobody signed in to Addepar within 10 minutes. Start again.',
    });
    expect(await listens(redirect.origin)).toBe(false);
    expect(() => signIns.finished(id)).toThrow('This sign-in is not finished or was used already.');
  });

  it.each(['forgotten', 'stopped with the program'])('closes its listener when %s', async (how) => {
    const signIns = createTestSignIns(createTestClock());
    const { id, address } = await signIns.begin(addeparFacts({}, PARTNER), 'Tester');
    if (how === 'forgotten') signIns.forget(id);
    else signIns.stop();
    await expect.poll(() => listens(redirectOf(address).origin)).toBe(false);
    expect(signIns.state(id)).toBeNull();
  });
});

describe('the listener for the browser', () => {
  it('is deaf to other names, methods and paths, and still waits for the right one after them', async () => {
    const signIns = createTestSignIns(createTestClock());
    const { id, address } = await signIns.begin(addeparFacts({}, PARTNER), 'Tester');
    const redirect = redirectOf(address);
    expect(await statusOf(redirect, { host: `evil.example:${redirect.port}` })).toBe(400);
    expect(await statusOf(redirect, { host: `localhost:${redirect.port}` })).toBe(400);
    expect(await statusOf(redirect, { method: 'POST' })).toBe(405);
    expect(await statusOf(redirect, { path: '/sign-in/orion?code=x&state=y' })).toBe(404);
    expect(await statusOf(redirect, { path: redirect.pathname })).toBe(404);
    expect(signIns.state(id)).toMatchObject({ state: 'waiting' });
    signIns.stop();
  });

  it('takes the first free one of the registered ports, and says so when all are taken', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const { port } = busy.address() as AddressInfo;
    const spare = createServer();
    await new Promise<void>((resolve) => spare.listen(0, '127.0.0.1', resolve));
    const free = (spare.address() as AddressInfo).port;
    await new Promise((resolve) => spare.close(resolve));

    const signIns = createTestSignIns(createTestClock());
    const ports = addeparFacts({ redirectPorts: `${port}, ${free}` }, PARTNER);
    const { address } = await signIns.begin(ports, 'Tester');
    expect(redirectOf(address).port).toBe(String(free));
    await expect(signIns.begin(ports, 'Tester')).rejects.toMatchObject({
      kind: 'not_possible',
      message: expect.stringContaining(`The redirect ports ${port}, ${free} are in use`) as string,
    });
    signIns.stop();
    await new Promise((resolve) => busy.close(resolve));
  });

  it.each([
    [{ authorizeUrl: 'http://id.addepar.example/authorize' }, 'The sign-in page must be an address that begins with https://.'],
    [{ tokenUrl: 'ftp://x' }, 'The token address must be an address that begins with https://.'],
    [{ redirectPorts: '80' }, 'Redirect ports are numbers from 1024 to 65535.'],
  ])('does not begin with %j', async (settings, message) => {
    await expect(createTestSignIns(createTestClock()).begin(addeparFacts(settings, PARTNER), 'Tester')).rejects.toThrow(message);
  });
});
