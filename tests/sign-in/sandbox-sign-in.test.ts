import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import type { CalendarDate } from '../../shared/model/date.ts';
import { startTestApp, syncsDone, type TestApp } from '../support/test-app.ts';
import { signOut } from '../../main/sign-in/sign-out.ts';
import { signInSecrets } from '../../main/sign-in/token-keeper.ts';
import { createBrowser } from './support/browser.ts';
import { createTestClock, createTestSignIns, http } from './support/signing-in.ts';

let sandbox: Sandbox;
let program: TestApp;
const dataDir = mkdtempSync(join(tmpdir(), 'clearway-sign-in-'));
beforeAll(async () => {
  sandbox = await startSandbox({ accounts: 12, holdings: 120, today: '2026-11-20' as CalendarDate });
  program = await startTestApp({ dataDir });
}, 60_000);
afterAll(async () => {
  await program.stop();
  await sandbox.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const PLATFORMS = ['addepar', 'orion', 'black_diamond'] as const;
type PlatformName = (typeof PLATFORMS)[number];
const NAMES = { addepar: 'Addepar', orion: 'Orion', black_diamond: 'Black Diamond' } as const;

const control = async (platform: PlatformName, settings: Readonly<Record<string, unknown>>): Promise<void> => {
  const url = sandbox.control.url.replace(/faults$/, 'settings');
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'x-sandbox-token': sandbox.control.token, 'content-type': 'application/json' },
    body: JSON.stringify({ platform, ...settings }),
  });
  expect(answer.status).toBe(200);
};

const begin = (platform: PlatformName, connectionId?: string) => {
  const { baseUrl, settings, browserSignIn } = sandbox[platform];
  return program.client.call('connections.beginSignIn', {
    platform,
    baseUrl,
    ...(connectionId === undefined
      ? { credentials: { ...browserSignIn.credentials }, settings: { ...settings, ...browserSignIn.settings } }
      : { connectionId }),
  });
};

let lastCode = '';

/** Approves or declines on the consent page, as a person does. */
async function decide(address: string, word: 'Approve' | 'Decline'): Promise<string> {
  const browser = createBrowser();
  const consent = await browser.open(address);
  const link = new RegExp(`href="([^"]+)">${word}<`).exec(consent.text)?.[1]?.replaceAll('&#38;', '&') ?? '';
  const back = await browser.open(new URL(link, consent.address).href);
  lastCode = new URL(back.address).searchParams.get('code') ?? '';
  return back.text;
}

async function connect(platform: PlatformName, name: string): Promise<string> {
  const { signInId, address } = await begin(platform);
  expect(await decide(address, 'Approve')).toContain('You are signed in');
  const { baseUrl, settings } = sandbox[platform];
  const { id } = await program.client.call('connections.initiate', {
    platform,
    name,
    baseUrl,
    credentials: {},
    settings: { ...settings, streams: 'none' },
    signInId,
  });
  return id;
}

/** Makes the platform end the last sign-in: its code comes to the token endpoint a second time. */
async function endLastSignIn(platform: PlatformName): Promise<void> {
  const { browserSignIn } = sandbox[platform];
  const { clientId, clientSecret } = browserSignIn.credentials;
  const answer = await fetch(browserSignIn.settings.tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: lastCode,
      client_id: clientId,
      client_secret: clientSecret,
    }),
  });
  expect([400, 401]).toContain(answer.status);
}

const lastSync = async (id: string) => {
  await program.client.call('connections.sync', { id });
  await syncsDone(program.client);
  const [last] = (await program.client.call('sync.operations', { connectionId: id, limit: 1 })).items;
  return last;
};

describe.each(PLATFORMS)('signing in to %s with the browser', (platform) => {
  it('goes from waiting to signed in, is tested, connects once and syncs with the token', async () => {
    const { client } = program;
    const { signInId, address } = await begin(platform);
    expect(await client.call('connections.signInState', { signInId })).toMatchObject({ state: 'waiting' });
    await decide(address, 'Approve');
    expect(await client.call('connections.signInState', { signInId })).toMatchObject({ state: 'signed_in' });
    const { baseUrl, settings } = sandbox[platform];
    const facts = { platform, baseUrl, credentials: {}, settings: { ...settings, streams: 'none' }, signInId };
    expect(await client.call('connections.test', facts)).toMatchObject({ ok: true });
    const { id } = await client.call('connections.initiate', { ...facts, name: `${platform} by browser` });
    await expect(client.call('connections.initiate', { ...facts, name: `${platform} again` })).rejects.toMatchObject({
      code: 'not_possible',
    });
    expect(await client.call('connections.get', { id })).toMatchObject({ signIn: 'browser', hasSecret: true, status: 'active' });
    const sync = await lastSync(id);
    expect(sync).toMatchObject({ status: 'completed', error: null });
    expect(sync?.records).toBeGreaterThan(50);
    await client.call('connections.disconnect', { id });
  });

  it('says so when the person declines, and nothing can be made of it', async () => {
    const { signInId, address } = await begin(platform);
    const name = NAMES[platform];
    expect(await decide(address, 'Decline')).toContain(`The sign-in was declined at ${name}. Nothing was stored.`);
    expect(await program.client.call('connections.signInState', { signInId })).toEqual({
      state: 'failed',
      message: `The sign-in was declined at ${name}. Nothing was stored.`,
    });
  });

  it('renews tokens that live for a second as often as needed, rotating the refresh token each time', async () => {
    await control(platform, { oauthTokenLifeSeconds: 1 });
    try {
      const id = await connect(platform, `${platform} short-lived`);
      for (let round = 0; round < 2; round += 1) {
        await new Promise((resolve) => setTimeout(resolve, 900));
        expect(await lastSync(id)).toMatchObject({ status: 'completed', error: null });
      }
      await program.client.call('connections.disconnect', { id });
    } finally {
      await control(platform, { oauthTokenLifeSeconds: 3600 });
    }
  });

  it('renews once where the platform ends a token early, and keeps a refresh token that is not rotated', async () => {
    await control(platform, { oauthTokenLifeSeconds: 3600, oauthRotation: false });
    try {
      const id = await connect(platform, `${platform} ended early`);
      await fetch(sandbox.control.url, {
        method: 'POST',
        headers: { 'x-sandbox-token': sandbox.control.token, 'content-type': 'application/json' },
        body: JSON.stringify({ platform, fault: 'expired_token', times: 1 }),
      });
      expect(await lastSync(id)).toMatchObject({ status: 'completed', error: null });
      await program.client.call('connections.disconnect', { id });
    } finally {
      await control(platform, { oauthRotation: true });
    }
  });

  it('asks to sign in again only once the platform has ended the sign-in, and goes on after that', async () => {
    await control(platform, { oauthTokenLifeSeconds: 1 });
    const id = await connect(platform, `${platform} ended`);
    const { client } = program;
    try {
      await endLastSignIn(platform);
      await new Promise((resolve) => setTimeout(resolve, 900));
      expect(await lastSync(id)).toMatchObject({ status: 'failed', errorCode: 'needs_sign_in' });
      expect(await client.call('connections.get', { id })).toMatchObject({ status: 'needs_sign_in', signIn: 'browser' });
      await control(platform, { oauthTokenLifeSeconds: 3600 });
      const { signInId, address } = await begin(platform, id);
      await decide(address, 'Approve');
      expect(await client.call('connections.update', { id, signInId })).toMatchObject({ status: 'active', signIn: 'browser' });
      expect(await lastSync(id)).toMatchObject({ status: 'completed', error: null });
    } finally {
      await control(platform, { oauthTokenLifeSeconds: 3600 });
      await client.call('connections.disconnect', { id });
    }
  });

  it('switches from entered credentials to the browser, and back by entering them', async () => {
    const { client } = program;
    const { baseUrl, settings, credentials, browserSignIn } = sandbox[platform];
    const { id } = await client.call('connections.initiate', {
      platform,
      name: `${platform} switched`,
      baseUrl,
      settings: { ...settings, streams: 'none' },
      credentials: { ...credentials },
    });
    expect(await client.call('connections.get', { id })).toMatchObject({ signIn: 'key' });
    const { signInId, address } = await client.call('connections.beginSignIn', {
      platform,
      baseUrl,
      connectionId: id,
      credentials: platform === 'addepar' ? { ...browserSignIn.credentials } : {},
      settings: { ...browserSignIn.settings },
    });
    await decide(address, 'Approve');
    expect(await client.call('connections.update', { id, signInId })).toMatchObject({ signIn: 'browser', status: 'active' });
    expect(await lastSync(id)).toMatchObject({ status: 'completed', error: null });
    await client.call('connections.update', { id, credentials: { ...credentials } });
    expect(await client.call('connections.get', { id })).toMatchObject({ signIn: 'key' });
    expect(await lastSync(id)).toMatchObject({ status: 'completed', error: null });
    await client.call('connections.disconnect', { id });
  });

  it('D3: consent withdrawn ends a sync cleanly: signed out, data kept, the failed renewal in the audit trail', async () => {
    const { client } = program;
    const id = await connect(platform, `${platform} withdrawn`);
    expect(await lastSync(id)).toMatchObject({ status: 'completed' });
    const { counts } = await client.call('connections.get', { id });
    await endLastSignIn(platform);
    expect(await lastSync(id)).toMatchObject({ status: 'failed', errorCode: 'needs_sign_in' });
    expect(await client.call('connections.get', { id })).toMatchObject({
      status: 'needs_sign_in',
      counts: { positions: counts.positions },
    });
    const { items } = await client.call('audit.page', { limit: 5 });
    const failed = items.find(({ event }) => event === 'sign_in_renewal_failed');
    expect(JSON.stringify(failed)).toContain('grant_ended');
    await client.call('connections.disconnect', { id });
  });

  it('disconnecting ends the sign-in where the platform can be told, says what stands, and keeps the history', async () => {
    const { client } = program;
    const id = await connect(platform, `${platform} let go`);
    expect(await lastSync(id)).toMatchObject({ status: 'completed' });
    const { counts } = await client.call('connections.get', { id });
    const out = await client.call('connections.disconnect', { id });
    expect(out.signOut).toBe(platform === 'orion' ? 'ended' : 'not_offered');
    expect(out.message).toContain(NAMES[platform]);
    expect(await client.call('connections.get', { id })).toMatchObject({
      status: 'disconnected',
      hasSecret: false,
      counts: { positions: counts.positions },
    });
    const { items } = await client.call('audit.page', { limit: 20 });
    expect(items.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['signed_in', 'signed_out', 'connection_disconnected']),
    );
    const { clientSecret } = sandbox[platform].browserSignIn.credentials;
    expect(JSON.stringify(items)).not.toContain(clientSecret);
  });
});

it('Orion’s session is over at the platform after the sign-out', async () => {
  const { baseUrl, browserSignIn } = sandbox.orion;
  const { credentials, settings } = browserSignIn;
  const facts = {
    platform: 'orion' as const,
    baseUrl,
    credentials: { ...credentials },
    settings: { ...settings, streams: 'none' },
  };
  const signIns = createTestSignIns(createTestClock());
  const { id, address } = await signIns.begin(facts, 'Tester');
  await decide(address, 'Approve');
  const { tokens } = signIns.finished(id);
  const headers = {
    accept: 'application/json',
    authorization: `Session ${tokens.accessToken}`,
    client_id: credentials.clientId,
    client_secret: credentials.clientSecret,
  };
  const accounts = async (): Promise<number> => (await fetch(`${baseUrl}/Portfolio/Accounts?$top=1`, { headers })).status;
  expect(await accounts()).toBe(200);
  expect(await signOut(facts, signInSecrets({ ...credentials }, tokens), { http })).toMatchObject({ outcome: 'ended' });
  expect(await accounts()).toBe(401);
});
