import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exchangeCode, refreshTokens } from '../../main/sign-in/token-endpoint.ts';
import { oauthClient } from '../../main/sign-in/oauth-client.ts';
import { signOut } from '../../main/sign-in/sign-out.ts';
import { signInSecrets } from '../../main/sign-in/token-keeper.ts';
import { isDue } from '../../main/sign-in/tokens.ts';
import { createBrowser } from './support/browser.ts';
import { CLIENT, startOidcServer, type OidcServer } from './support/oidc-server.ts';
import { addeparFacts, createTestClock, createTestSignIns, http, listens, settled } from './support/signing-in.ts';

let server: OidcServer;
beforeAll(async () => {
  server = await startOidcServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.decision = 'approve';
});

const clock = createTestClock();
const ports = { clock, http };
const facts = (settings = {}, credentials = {}) =>
  addeparFacts({ ...server.settings, ...settings }, { ...CLIENT, ...credentials });

async function signedIn() {
  const signIns = createTestSignIns(clock);
  const { id, address } = await signIns.begin(facts(), 'Tester');
  const visit = await createBrowser().open(address);
  return { visit, state: await settled(signIns, id), ...signIns.finished(id) };
}

describe('signing in at an OpenID provider written by others', () => {
  it('sends PKCE S256, state and a loopback address, and ends with tokens', async () => {
    const signIns = createTestSignIns(clock);
    const { id, address } = await signIns.begin(facts(), 'Tester');
    const query = new URL(address).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      response_type: 'code',
      client_id: CLIENT.clientId,
      code_challenge_method: 'S256',
      scope: 'read',
    });
    expect(query.get('redirect_uri')).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sign-in\/addepar$/);
    // 32 bytes as base64url without padding are ceil(32 * 8 / 6) = 43 characters.
    expect(query.get('state')).toMatch(/^[\w-]{43}$/);
    expect(query.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    expect(signIns.state(id)).toMatchObject({ state: 'waiting' });

    const visit = await createBrowser().open(address);
    expect(visit).toMatchObject({ status: 200 });
    expect(visit.text).toContain('You are signed in to Addepar.');
    expect(visit.text).not.toContain(new URL(visit.address).searchParams.get('code'));
    expect(await settled(signIns, id)).toEqual({ state: 'signed_in', message: 'Signed in to Addepar.' });
    const { tokens } = signIns.finished(id);
    expect(tokens.accessToken.length).toBeGreaterThan(20);
    expect(tokens.refreshToken).not.toBeNull();
    // The server says 3,600 seconds.
    expect(Date.parse(tokens.expiresAt) - Date.parse(tokens.issuedAt)).toBe(3_600_000);
    expect(await listens(visit.address)).toBe(false);
  });

  it('ends with one sentence when the person declines', async () => {
    server.decision = 'deny';
    const signIns = createTestSignIns(clock);
    const { id, address } = await signIns.begin(facts(), 'Tester');
    const visit = await createBrowser().open(address);
    expect(visit.status).toBe(400);
    expect(await settled(signIns, id)).toEqual({
      state: 'failed',
      message: 'The sign-in was declined at Addepar. Nothing was stored.',
    });
    expect(visit.text).toContain('The sign-in was declined at Addepar.');
  });

  it.each(['absent', 'of another sign-in', 'twice'])('refuses an answer whose state is %s', async (how) => {
    const signIns = createTestSignIns(clock);
    const { id, address } = await signIns.begin(facts(), 'Tester');
    const back = new URL((await createBrowser().open(address, { stopAt: '/sign-in/addepar' })).address);
    if (how === 'absent') back.searchParams.delete('state');
    else if (how === 'twice') back.searchParams.append('state', back.searchParams.get('state') ?? '');
    else {
      const other = await signIns.begin(facts(), 'Tester');
      back.searchParams.set('state', new URL(other.address).searchParams.get('state') ?? '');
      signIns.forget(other.id);
    }
    expect((await fetch(back)).status).toBe(400);
    expect(await settled(signIns, id)).toEqual({
      state: 'failed',
      message: 'The browser came back with the answer of another sign-in. Nothing was stored; start again.',
    });
    expect(await listens(back.href)).toBe(false);
  });

  it('refuses an answer that names another issuer', async () => {
    const signIns = createTestSignIns(clock);
    const { id, address } = await signIns.begin(facts({ issuer: 'https://id.addepar.example' }), 'Tester');
    await createBrowser().open(address);
    expect(await settled(signIns, id)).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('does not come from the expected server of Addepar') as string,
    });
  });

  it('refuses a code that was used before, and the server ends what it had brought', async () => {
    const signIns = createTestSignIns(clock);
    const first = await signIns.begin(facts(), 'Tester');
    const browser = createBrowser();
    const used = await browser.open(first.address);
    const { tokens } = signIns.finished(first.id);

    const second = await signIns.begin(facts(), 'Tester');
    const back = new URL((await browser.open(second.address, { stopAt: '/sign-in/addepar' })).address);
    back.searchParams.set('code', new URL(used.address).searchParams.get('code') ?? '');
    await fetch(back);
    expect(await settled(signIns, second.id)).toEqual({
      state: 'failed',
      message: 'Addepar no longer accepts this sign-in. Sign in again.',
    });
    const renewing = refreshTokens(oauthClient(facts()), ports, tokens.refreshToken ?? '');
    await expect(renewing).rejects.toMatchObject({ kind: 'grant_ended' });
  });

  it('refuses a code without the verifier it was asked for with', async () => {
    const client = oauthClient(facts());
    const signIns = createTestSignIns(clock);
    const { id, address } = await signIns.begin(facts(), 'Tester');
    const back = new URL((await createBrowser().open(address, { stopAt: '/sign-in/addepar' })).address);
    signIns.forget(id);
    const { validateAuthResponse } = await import('oauth4webapi');
    const parameters = validateAuthResponse(
      { issuer: server.issuer },
      { client_id: client.clientId },
      back,
      back.searchParams.get('state') ?? '',
    );
    const redirectUri = `${back.origin}${back.pathname}`;
    const stolen = exchangeCode(client, ports, { parameters, redirectUri, verifier: 'x'.repeat(43) });
    await expect(stolen).rejects.toMatchObject({ kind: 'grant_ended' });
  });

  it('rotates the refresh token, and a spent one ends the whole sign-in', async () => {
    const { tokens } = await signedIn();
    const client = oauthClient(facts());
    const renewed = await refreshTokens(client, ports, tokens.refreshToken ?? '');
    expect(renewed.accessToken).not.toBe(tokens.accessToken);
    expect(renewed.refreshToken).not.toBe(tokens.refreshToken);
    await expect(refreshTokens(client, ports, tokens.refreshToken ?? '')).rejects.toMatchObject({ kind: 'grant_ended' });
    await expect(refreshTokens(client, ports, renewed.refreshToken ?? '')).rejects.toMatchObject({
      kind: 'grant_ended',
      message: 'Addepar no longer accepts this sign-in. Sign in again.',
    });
  });

  it('ends a sign-in at the address that was named for it, and says so where there is none or it is away', async () => {
    const { tokens } = await signedIn();
    const secrets = signInSecrets(CLIENT, tokens);
    const out = (revocationUrl: string) => signOut(facts({ revocationUrl }), secrets, { http });
    expect(await out('')).toEqual({
      outcome: 'not_offered',
      message:
        'The tokens were removed from this machine. Addepar documents no way to end a sign-in from here; withdraw the permission there if it must end at once.',
    });
    expect(await out('http://127.0.0.1:9/revoke')).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('(it could not be reached); withdraw the permission there.') as string,
    });
    expect(await out(`${server.issuer}/nowhere`)).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('(it answered 404)') as string,
    });
    const client = oauthClient(facts());
    const renewed = await refreshTokens(client, ports, tokens.refreshToken ?? '');
    expect(
      await signOut(facts({ revocationUrl: `${server.issuer}/token/revocation` }), signInSecrets(CLIENT, renewed), { http }),
    ).toEqual({
      outcome: 'ended',
      message: 'The tokens were removed from this machine, and Addepar ended the sign-in.',
    });
    await expect(refreshTokens(client, ports, renewed.refreshToken ?? '')).rejects.toMatchObject({ kind: 'grant_ended' });
  });

  it('takes a wrong client secret and a server that is away for passing, so that nobody is asked to sign in', async () => {
    const { tokens } = await signedIn();
    const wrong = oauthClient(facts({}, { clientSecret: 'another-secret' }));
    await expect(refreshTokens(wrong, ports, tokens.refreshToken ?? '')).rejects.toMatchObject({ kind: 'temporary' });
    const away = oauthClient(facts({ tokenUrl: 'http://127.0.0.1:9/token' }));
    await expect(refreshTokens(away, ports, tokens.refreshToken ?? '')).rejects.toMatchObject({
      kind: 'temporary',
      message: 'Addepar could not be reached to complete the sign-in. Check the network and try again.',
    });
    await expect(refreshTokens(oauthClient(facts()), ports, tokens.refreshToken ?? '')).resolves.toMatchObject({
      issuedAt: clock.now(),
    });
  });

  it.each([-86_400_000, 86_400_000])('works with a clock that is off by %d ms', async (offset) => {
    const skewed = createTestClock(offset);
    const signIns = createTestSignIns(skewed);
    const { id, address } = await signIns.begin(facts(), 'Tester');
    await createBrowser().open(address);
    expect(await settled(signIns, id)).toMatchObject({ state: 'signed_in' });
    const { tokens } = signIns.finished(id);
    expect(isDue(tokens, skewed.now())).toBe(false);
    // 3,600 s of life less 300 s: due from 3,300 s on, by this machine's own clock.
    skewed.pass(3_299_000);
    expect(isDue(tokens, skewed.now())).toBe(false);
    skewed.pass(1_000);
    expect(isDue(tokens, skewed.now())).toBe(true);
  });
});
