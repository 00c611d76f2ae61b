import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTokenKeeper, signInSecrets } from '../../main/sign-in/token-keeper.ts';
import type { SecretStore } from '../../main/vault/vault.ts';
import { createTestClock, http } from './support/signing-in.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A token endpoint that says what it is told to and remembers the refresh tokens it was shown. */
let server: Server;
let tokenUrl = '';
const shown: string[] = [];
let answers: Answer[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      shown.push(new URLSearchParams(body).get('refresh_token') ?? '');
      const { status, body: text } = answers.shift() ?? { status: 500, body: '' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  shown.length = 0;
  answers = [];
});

const grant = (access: string, refresh?: string): Answer => ({
  status: 200,
  body: JSON.stringify({
    access_token: access,
    token_type: 'Bearer',
    expires_in: 3600,
    ...(refresh === undefined ? {} : { refresh_token: refresh }),
  }),
});

const rig = () => {
  const clock = createTestClock();
  const start = clock.now();
  const end = new Date(Date.parse(start) + 3_600_000).toISOString() as typeof start;
  let stored = signInSecrets(
    { clientId: 'partner', clientSecret: 'a-secret' },
    { accessToken: 'access-1', refreshToken: 'refresh-1', issuedAt: start, expiresAt: end },
  );
  const vault: Pick<SecretStore, 'get' | 'put'> & { full: boolean } = {
    full: false,
    get: () => Promise.resolve({ ok: true as const, secrets: stored }),
    put: (_ref, secrets) => {
      if (vault.full) return Promise.reject(new Error('The disk is full'));
      stored = secrets;
      return Promise.resolve({ kept: 'session' as const, hint: null });
    },
  };
  const failures: string[] = [];
  const keeper = createTokenKeeper({
    clock,
    http,
    vault,
    takeTurns: (_name, work) => work(),
    onFailed: (ref, { kind }) => failures.push(`${ref} ${kind}`),
  });
  const facts = { platform: 'addepar' as const, baseUrl: 'https://firm.addepar.example/api', settings: { tokenUrl } };
  return {
    clock,
    vault,
    keeper,
    failures,
    stored: () => stored,
    bearer: (refused: string | null = null) => keeper.bearer('ref-1', facts, refused),
  };
};

describe('the tokens of a browser sign-in', () => {
  it('are used as they are until five minutes before their end', async () => {
    const { bearer, clock, stored } = rig();
    // 3,600 s - 300 s = 3,300 s.
    clock.pass(3_299_000);
    expect(await bearer()).toBe('access-1');
    expect(shown).toEqual([]);
    answers = [grant('access-2', 'refresh-2')];
    clock.pass(1_000);
    expect(await bearer()).toBe('access-2');
    expect(stored()).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2', clientSecret: 'a-secret' });
  });

  it('are renewed once for all who ask at the same time, also after a refusal', async () => {
    const { bearer } = rig();
    answers = [grant('access-2', 'refresh-2')];
    const asked = await Promise.all([bearer('access-1'), bearer('access-1'), bearer('access-1'), bearer('access-1')]);
    expect(asked).toEqual(['access-2', 'access-2', 'access-2', 'access-2']);
    // Somebody who was refused the old token gets the new one without another renewal.
    expect(await bearer('access-1')).toBe('access-2');
    expect(shown).toEqual(['refresh-1']);
  });

  it('keep the refresh token where the answer has none, and renew when the clock was set back', async () => {
    const { bearer, stored, clock } = rig();
    answers = [grant('access-2'), grant('access-3')];
    expect(await bearer('access-1')).toBe('access-2');
    expect(stored()).toMatchObject({ refreshToken: 'refresh-1' });
    clock.pass(-86_400_000);
    expect(await bearer()).toBe('access-3');
    expect(shown).toEqual(['refresh-1', 'refresh-1']);
  });

  it('ask for a person only on invalid_grant', async () => {
    const { bearer, failures } = rig();
    answers = [
      { status: 503, body: '' },
      { status: 400, body: '{"error":"temporarily_unavailable"}' },
      { status: 401, body: '{"error":"invalid_client"}' },
      { status: 200, body: 'not json' },
      { status: 401, body: '' },
      { status: 400, body: '{"error":"invalid_grant"}' },
    ];
    for (let passing = 0; passing < 5; passing += 1)
      await expect(bearer('access-1')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(bearer('access-1')).rejects.toMatchObject({
      kind: 'unauthorised',
      message: 'Addepar no longer accepts this sign-in. Sign in again.',
    });
    // Each attempt showed the same token: none of the failures lost it.
    expect(shown).toEqual(Array.from({ length: 6 }, () => 'refresh-1'));
    expect(failures).toEqual([...Array.from({ length: 5 }, () => 'ref-1 temporary'), 'ref-1 grant_ended']);
  });

  it('are not used before they are stored, and are stored at the next attempt without another renewal', async () => {
    const { bearer, vault, stored } = rig();
    vault.full = true;
    answers = [grant('access-2', 'refresh-2')];
    await expect(bearer('access-1')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(bearer()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(stored()).toMatchObject({ refreshToken: 'refresh-1' });
    vault.full = false;
    expect(await bearer()).toBe('access-2');
    expect(stored()).toMatchObject({ accessToken: 'access-2', refreshToken: 'refresh-2' });
    expect(shown).toEqual(['refresh-1']);
  });

  it('are not stored any more once the connection has let go of them', async () => {
    const { bearer, keeper, stored } = rig();
    answers = [grant('access-2', 'refresh-2')];
    const renewing = bearer('access-1').catch(() => null);
    keeper.forget('ref-1');
    await renewing;
    expect(stored()).toMatchObject({ accessToken: 'access-1' });
  });
});
