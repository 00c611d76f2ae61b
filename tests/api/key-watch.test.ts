import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isKeyDue, keyAgeDays } from '../../main/api/key-age.ts';
import { createKeyWatch } from '../../main/api/key-watch.ts';
import { createSecretServices } from '../../main/api/secret-services.ts';
import type { CallContext } from '../../main/api/handler.ts';
import { createVault, type SecretStore } from '../../main/vault/vault.ts';
import type { Output } from '../../shared/contract/index.ts';
import { startTestApp } from '../support/test-app.ts';
import { tempFolder } from '../support/temp-folder.ts';

const DAY_MS = 24 * 60 * 60_000;
const PASSPHRASE = 'a river of twelve stones';
const context: CallContext = { requestId: 'r', actor: { id: 'a', name: 'Admin', role: 'admin' } };

/** A clock that stands still until told; whoever sleeps is woken by it. */
function manualClock(start: string) {
  let at = Date.parse(start);
  const sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  return {
    now: () => new Date(at).toISOString() as never,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        sleepers.push({ until: at + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      }),
    pass(ms: number) {
      at += ms;
      for (const sleeper of sleepers.splice(0)) {
        if (sleeper.until <= at) sleeper.wake();
        else sleepers.push(sleeper);
      }
    },
    sleeping: () => sleepers.length,
  };
}
type ManualClock = ReturnType<typeof manualClock>;

const vaultOn = (dataDir: string, clock: Pick<ManualClock, 'now'>, passphrase: string | null = PASSPHRASE): SecretStore =>
  createVault({
    dataDir,
    bytes: (count) => randomBytes(count),
    openKeychain: async () => null,
    passphrase,
    onSecret: () => undefined,
    log: () => undefined,
    now: clock.now,
    cost: { N: 2 ** 10, r: 8, p: 1 },
  });

const until = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('It did not happen within 5 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

const watching = (vault: SecretStore, clock: ManualClock) => {
  const renewed: Output<'secrets.rotate'>[] = [];
  const problems: unknown[] = [];
  const watch = createKeyWatch({
    vault,
    clock,
    onRenewed: async (output) => void renewed.push(output),
    log: { error: (_message, details) => problems.push(details['error']) },
  });
  return { watch, renewed, problems };
};

describe('the age of a key', () => {
  it.each([
    ['2026-11-01T08:00:00.000Z', '2026-11-01T07:00:00.000Z', 0, false], // an hour ahead: a clock set back
    ['2026-11-01T08:00:00.000Z', '2026-12-01T07:59:59.999Z', 29, false],
    ['2026-11-01T08:00:00.000Z', '2026-12-01T08:00:00.000Z', 30, true],
    ['2031-01-01T00:00:00.000Z', '2026-12-01T08:00:00.000Z', 0, true], // made by a clock years ahead
  ])('of a key made %s is, at %s, %i days; due: %s', (made, now, days, due) => {
    expect([keyAgeDays(made, now), isKeyDue(made, now)]).toEqual([days, due]);
  });
  it('that is not known makes it due', () => {
    expect([keyAgeDays(null, '2026-12-01T08:00:00.000Z'), isKeyDue(null, '2026-12-01T08:00:00.000Z')]).toEqual([null, true]);
  });
});

describe('the daily check', () => {
  it('renews at the start when 30 days have passed, and then when the next 30 have, looking once a day', async () => {
    const clock = manualClock('2026-11-01T08:00:00.000Z');
    const dataDir = tempFolder();
    await vaultOn(dataDir, clock).put('c1', { apiKey: 'birch' });
    clock.pass(31 * DAY_MS);
    const vault = vaultOn(dataDir, clock);
    const { watch, renewed, problems } = watching(vault, clock);
    watch.start();
    await until(() => clock.sleeping() === 1);
    expect(renewed).toEqual([
      { store: 'passphrase', resealed: 1, left: 0, oldKeyGone: true, at: '2026-12-02T08:00:00.000Z' }, // 1 November + 31 days
    ]);
    for (let day = 1; day <= 30; day += 1) {
      expect(renewed).toHaveLength(1);
      clock.pass(DAY_MS);
      await until(() => clock.sleeping() === 1);
    }
    expect(renewed.map(({ at }) => at)).toEqual(['2026-12-02T08:00:00.000Z', '2027-01-01T08:00:00.000Z']);
    await Promise.all([watch.stop(), Promise.resolve().then(() => clock.pass(2_000))]);
    expect(await vault.get('c1')).toEqual({ ok: true, secrets: { apiKey: 'birch' } });
    expect(problems).toEqual([]);
  });

  it('completes a renewal that was cut short, without another new key when the key is young', async () => {
    const clock = manualClock('2026-11-01T08:00:00.000Z');
    const dataDir = tempFolder();
    const file = join(dataDir, 'vault.json');
    await vaultOn(dataDir, clock).put('c1', { apiKey: 'birch' });
    const before = JSON.parse(readFileSync(file, 'utf8')) as { keys: { keyId: string }[] };
    // As a death after the new key was stored leaves it: two keys, the newer one noted, nothing sealed with it.
    await vaultOn(dataDir, clock).renewKey();
    const after = JSON.parse(readFileSync(file, 'utf8')) as { keys: { keyId: string }[] };
    const [fresh] = after.keys;
    writeFileSync(file, JSON.stringify({ ...before, keys: [...before.keys, fresh], pending: fresh?.keyId }));
    const vault = vaultOn(dataDir, clock);
    const { watch } = watching(vault, clock);
    watch.start();
    await until(() => clock.sleeping() === 1);
    await Promise.all([watch.stop(), Promise.resolve().then(() => clock.pass(2_000))]);
    expect((JSON.parse(readFileSync(file, 'utf8')) as typeof before).keys.map(({ keyId }) => keyId)).toEqual([fresh?.keyId]);
    expect(await vault.status()).toMatchObject({ unfinished: false, entries: 1 });
  });

  it('leaves a locked vault, an empty one and secrets in memory alone, and goes on when the vault fails', async () => {
    const clock = manualClock('2026-11-01T08:00:00.000Z');
    const dataDir = tempFolder();
    await vaultOn(dataDir, clock).put('c1', { apiKey: 'birch' });
    const stored = readFileSync(join(dataDir, 'vault.json'), 'utf8');
    clock.pass(60 * DAY_MS);
    for (const vault of [vaultOn(dataDir, clock, null), vaultOn(tempFolder(), clock), vaultOn(tempFolder(), clock, null)]) {
      const { watch, renewed, problems } = watching(vault, clock);
      watch.start();
      await until(() => clock.sleeping() === 1);
      await Promise.all([watch.stop(), Promise.resolve().then(() => clock.pass(DAY_MS))]);
      expect([renewed, problems]).toEqual([[], []]);
    }
    expect(readFileSync(join(dataDir, 'vault.json'), 'utf8')).toBe(stored);

    const failing = { ...vaultOn(dataDir, clock), status: () => Promise.reject(new Error('disk gone')) };
    const { watch, problems } = watching(failing, clock);
    watch.start();
    await until(() => clock.sleeping() === 1);
    clock.pass(DAY_MS);
    await until(() => problems.length === 2);
    await Promise.all([watch.stop(), until(() => clock.sleeping() > 0).then(() => clock.pass(DAY_MS))]);
  });
});

describe('secrets.rotate', () => {
  it('says in the vault’s words why it cannot, where there is no key or it cannot be opened', async () => {
    const clock = manualClock('2026-11-01T08:00:00.000Z');
    const refusal = (vault: SecretStore) =>
      createSecretServices({ vault, clock })
        ['secrets.rotate']?.({}, { ...context, write: () => Promise.reject(new Error('It writes nothing.')) })
        .then(
          () => null,
          (error: { code: string; message: string }) => [error.code, error.message],
        );
    expect(await refusal(vaultOn(tempFolder(), clock, null))).toEqual([
      'not_possible',
      'Connection secrets are kept in memory only, so there is no key to renew.',
    ]);
    const dataDir = tempFolder();
    await vaultOn(dataDir, clock).put('c1', { apiKey: 'birch' });
    expect(await refusal(vaultOn(dataDir, clock, null))).toEqual([
      'not_possible',
      expect.stringMatching(/^The key was not renewed/),
    ]);
  });
});

it('the running program renews a key of unknown age at its start, as the system, in the audit trail', async () => {
  const dataDir = tempFolder();
  const vault = createVault({
    dataDir,
    bytes: (count) => randomBytes(count),
    openKeychain: async () => null,
    passphrase: PASSPHRASE,
    onSecret: () => undefined,
    log: () => undefined,
    cost: { N: 2 ** 10, r: 8, p: 1 },
  });
  await vault.put('c1', { apiKey: 'birch-4f1d9c27aa' });
  const file = join(dataDir, 'vault.json');
  const contents = JSON.parse(readFileSync(file, 'utf8')) as { keys: { createdAt?: string; keyId: string }[] };
  for (const key of contents.keys) delete key.createdAt;
  writeFileSync(file, JSON.stringify(contents));
  const program = await startTestApp({ dataDir, passphrase: PASSPHRASE });
  try {
    await until(() => program.events.some((e) => e.type === 'data_changed' && e.topics.includes('settings')));
    const { items } = await program.client.call('audit.page', { limit: 5 });
    expect(items.map(({ event, actor, subject }) => [event, actor, subject])).toEqual([
      ['secrets_key_renewed', 'system', 'secrets.rotate'],
    ]);
    expect(await program.as('viewer').call('secrets.status', {})).toMatchObject({
      store: 'passphrase',
      state: 'ready',
      entries: 1,
      keyAgeDays: 0,
      renewAfterDays: 30,
      unfinished: false,
    });
    expect(readFileSync(file, 'utf8')).not.toContain(contents.keys[0]?.keyId);
    await expect(program.as('approver').call('secrets.rotate', {})).rejects.toMatchObject({ code: 'forbidden' });
    expect(await program.client.call('secrets.rotate', {})).toMatchObject({ store: 'passphrase', resealed: 1, left: 0 });
  } finally {
    await program.stop();
  }
});
