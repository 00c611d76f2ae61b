import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import type { CalendarDate } from '../../shared/model/date.ts';
import { createTokenKeeper } from '../../main/sign-in/token-keeper.ts';
import { enteredSignIn } from '../../main/sign-in/entered-sign-in.ts';
import { startTestApp, syncsDone, type TestApp } from '../support/test-app.ts';
import { createTestClock, http } from './support/signing-in.ts';

const PASSPHRASE = 'alder-birch-cedar-dogwood';
let sandbox: Sandbox;
let time = Date.UTC(2026, 10, 20, 12);
beforeAll(async () => {
  sandbox = await startSandbox({ accounts: 12, holdings: 120, today: '2026-11-20' as CalendarDate, now: () => time });
}, 60_000);
afterAll(() => sandbox.close());

const facts = (settings: Readonly<Record<string, string>> = {}, credentials: Readonly<Record<string, string>> = {}) => {
  const { black_diamond: platform } = sandbox;
  return {
    platform: 'black_diamond' as const,
    baseUrl: platform.baseUrl,
    settings: { ...platform.settings, pollSeconds: '1', ...settings },
    credentials: { ...platform.credentials, ...credentials },
  };
};
const setSandbox = (settings: Readonly<Record<string, unknown>>) =>
  fetch(sandbox.control.url.replace(/faults$/, 'settings'), {
    method: 'POST',
    headers: { 'x-sandbox-token': sandbox.control.token, 'content-type': 'application/json' },
    body: JSON.stringify({ platform: 'black_diamond', ...settings }),
  });

describe('a password that the platform exchanges for tokens', () => {
  const clock = createTestClock();
  const ports = { clock, http };
  beforeEach(async () => {
    await setSandbox({ userState: 'active' });
  });

  it('is not among what may be stored', async () => {
    const { credentials, settings, bearer } = await enteredSignIn(facts(), ports);
    const { clientId, clientSecret, subscriptionKey, username, password } = sandbox.black_diamond.credentials;
    expect(credentials).toMatchObject({ clientId, clientSecret, subscriptionKey });
    expect(Object.keys(credentials).toSorted()).toEqual(
      [
        'clientId',
        'clientSecret',
        'subscriptionKey',
        'accessToken',
        'refreshToken',
        'tokenIssuedAt',
        'tokenExpiresAt',
      ].toSorted(),
    );
    expect(JSON.stringify([credentials, settings])).not.toContain(password);
    expect(JSON.stringify([credentials, settings])).not.toContain(username);
    expect(settings['signIn']).toBe('password');
    expect(await bearer?.(null)).toBe(credentials['accessToken']);
  });

  it.each(['', 'no', 'perhaps'])('is not sent while the switch of the connection says “%s”', async (allowPasswordGrant) => {
    await expect(enteredSignIn(facts({ allowPasswordGrant, tokenUrl: 'http://127.0.0.1:9/token' }), ports)).rejects.toThrow(
      'Signing in with the password is switched off for this connection.',
    );
  });

  it.each([
    [{ password: 'wrong' }, 'active', 'Black Diamond refused the user name and password. Check them and try again.'],
    [
      {},
      'locked',
      'Black Diamond refused the user name and password. It says that the user is locked. Check them and try again.',
    ],
    [{}, 'firm_closed', 'It says that the firm is closed.'],
    [{ clientSecret: 'wrong' }, 'active', 'Black Diamond refused the client id and secret.'],
    [{ password: '' }, 'active', 'The user name or the password is not filled in.'],
  ])('%j of a user who is %s ends with one sentence', async (wrong, userState, message) => {
    await setSandbox({ userState });
    await expect(enteredSignIn(facts({}, wrong), ports)).rejects.toThrow(message);
  });

  it('is not needed for renewals, whose refresh token works once each and ends after 15 days without use', async () => {
    const { credentials } = await enteredSignIn(facts(), ports);
    let stored = credentials;
    const keeper = createTokenKeeper({
      clock,
      http,
      takeTurns: (_name, work) => work(),
      onFailed: () => undefined,
      vault: {
        get: () => Promise.resolve({ ok: true, secrets: stored }),
        put: (_ref, secrets) => {
          stored = secrets;
          return Promise.resolve({ kept: 'session' as const, hint: null });
        },
      },
    });
    const { credentials: _typed, ...connection } = facts();
    const seen = [credentials['refreshToken']];
    for (let day = 0; day < 3; day += 1) {
      time += 86_400_000;
      clock.pass(86_400_000);
      await keeper.bearer('ref-1', connection, null);
      seen.push(stored['refreshToken']);
    }
    expect(new Set(seen).size).toBe(4);
    time += 16 * 86_400_000;
    clock.pass(16 * 86_400_000);
    await expect(keeper.bearer('ref-1', connection, null)).rejects.toMatchObject({
      kind: 'unauthorised',
      message: 'Black Diamond no longer accepts this sign-in. Sign in again.',
    });
  });
});

describe('a Black Diamond connection made with the password', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'clearway-password-'));
  let program: TestApp;
  afterAll(async () => {
    await program.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('syncs before and after a restart, renewing without the password', async () => {
    await setSandbox({ userState: 'active', tokenLifeSeconds: 1 });
    program = await startTestApp({ dataDir, passphrase: PASSPHRASE });
    expect(await program.client.call('connections.test', facts())).toMatchObject({ ok: true });
    expect(await program.client.call('connections.test', facts({}, { password: 'wrong' }))).toMatchObject({
      ok: false,
      message: 'Black Diamond refused the user name and password. Check them and try again.',
    });
    await expect(
      program.client.call('connections.initiate', { ...facts({ allowPasswordGrant: 'no' }), name: 'Switched off' }),
    ).rejects.toMatchObject({ code: 'not_possible' });
    const { id } = await program.client.call('connections.initiate', { ...facts(), name: 'Black Diamond' });
    const sync = async () => {
      await program.client.call('connections.sync', { id });
      return (await syncsDone(program.client))[0];
    };
    expect(await sync()).toMatchObject({ status: 'completed', error: null });

    await program.stop();
    // From here on no password would help: the platform knows another one.
    program = await startTestApp({ dataDir, passphrase: PASSPHRASE });
    time += 3_600_000;
    expect(await sync()).toMatchObject({ status: 'completed', error: null });
    const files = ['vault.json', 'book.db'].map((name) => readFileSync(join(dataDir, name)).toString('latin1')).join('');
    expect(files).not.toContain(sandbox.black_diamond.credentials.password);
    expect(await program.client.call('connections.get', { id })).toMatchObject({ signIn: 'key', hasSecret: true });
  }, 60_000);

  it('asks for the password only once the platform has ended the sign-in, and goes on after it was entered', async () => {
    const { items } = await program.client.call('connections.list', {});
    const id = items[0]?.id ?? '';
    time += 20 * 86_400_000;
    await program.client.call('connections.sync', { id });
    expect((await syncsDone(program.client))[0]).toMatchObject({ status: 'failed', errorCode: 'needs_sign_in' });
    expect(await program.client.call('connections.get', { id })).toMatchObject({ status: 'needs_sign_in' });
    const credentials = { ...sandbox.black_diamond.credentials };
    expect(await program.client.call('connections.update', { id, credentials })).toMatchObject({ status: 'active' });
    await program.client.call('connections.sync', { id });
    expect((await syncsDone(program.client))[0]).toMatchObject({ status: 'completed' });
  }, 60_000);
});
