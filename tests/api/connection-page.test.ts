import { describe, expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../../main/sandbox/start-sandbox.ts';
import { startTestApp, syncsDone } from '../support/test-app.ts';

/** The program with one connection to a small sandbox firm, read once. */
async function office() {
  const sandbox = await startSandbox({ accounts: 12, holdings: 80 });
  const program = await startTestApp();
  onTestFinished(async () => {
    await program.stop();
    await sandbox.close();
  });
  const { client } = program;
  const { baseUrl, credentials, settings } = sandbox.addepar;
  const { id } = await client.call('connections.initiate', {
    platform: 'addepar',
    name: 'Addepar',
    baseUrl,
    credentials: { ...credentials },
    settings: { ...settings, streams: 'none' },
    strategy: 'MERGE',
    syncEveryMinutes: 60,
  });
  await client.call('connections.sync', { id });
  await syncsDone(client);
  return { sandbox, client, id, program };
}

describe('the page of a connection', () => {
  test('shows what was chosen when it was added, when it is read next, and what the platform account has used', async () => {
    const { client, id } = await office();
    expect(await client.call('connections.get', { id })).toMatchObject({ strategy: 'MERGE', syncEveryMinutes: 60 });
    await expect
      .poll(async () => (await client.call('connections.health', { id })).budgets.map(({ used }) => used > 0))
      .toEqual([true, true]);
    const health = await client.call('connections.health', { id });
    expect(health.budgets.map(({ requests, windowSeconds }) => [requests, windowSeconds])).toEqual([
      [50, 900],
      [1000, 86_400],
    ]);
    expect(health.signIn).toEqual({ kind: 'key', expiresAt: null, renews: false });
    expect(health.settings).toMatchObject({ streams: 'none' });
    // Planned when it was added: an hour later.
    const minutes = (Date.parse(health.nextRunAt ?? '') - Date.parse(health.lastRunAt ?? '')) / 60_000;
    expect(minutes).toBeGreaterThan(59);
    expect(minutes).toBeLessThanOrEqual(60);
  });

  test('counts tests of the connection with its syncs, since the platform counts them too', async () => {
    const { client, id, sandbox } = await office();
    const used = async () => (await client.call('connections.health', { id })).budgets[1]?.used ?? 0;
    await expect.poll(used).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const before = await used();
    const { baseUrl, credentials, settings } = sandbox.addepar;
    const tested = await client.call('connections.test', {
      platform: 'addepar',
      baseUrl,
      credentials: { ...credentials },
      settings: { ...settings },
    });
    expect(tested).toMatchObject({
      ok: true,
      reached: baseUrl,
      as: `API key ending in ${credentials.apiKey.slice(-4)}`,
      advice: null,
    });
    await expect.poll(used).toBe(before + 1);
  });

  test('lists what happened, newest first, from the operations and the audit trail, and says what changed to what', async () => {
    const { client, id } = await office();
    await client.call('connections.update', { id, name: 'Addepar firm', syncEveryMinutes: 0 });
    const { items } = await client.call('connections.events', { id });
    expect(items.map(({ event }) => event)).toEqual(['changed', 'sync_finished', 'sync_started', 'added']);
    expect(items[0]).toMatchObject({
      actor: 'Tester',
      detail: 'Name from Addepar to Addepar firm; minutes between syncs from 60 to 0',
    });
    expect((await client.call('connections.get', { id })).nextRunAt).toBe(null);
    await client.call('connections.disconnect', { id });
    const after = await client.call('connections.events', { id, limit: 1 });
    expect(after.items.map(({ event, detail }) => [event, detail])).toEqual([
      ['disconnected', 'Credentials removed; history kept'],
    ]);
    expect((await client.call('connections.health', { id })).signIn.kind).toBe('none');
    expect((await client.call('sync.operations', { connectionId: id })).items).toHaveLength(1);
  });

  test('sends stored credentials to no other host, whether the address or a setting leads there', async () => {
    const { client, id, sandbox } = await office();
    const { baseUrl, credentials } = sandbox.addepar;
    await expect(client.call('connections.update', { id, baseUrl: 'https://elsewhere.example/api' })).rejects.toMatchObject({
      code: 'not_possible',
      message: expect.stringContaining('Enter the credentials again') as string,
    });
    await expect(
      client.call('connections.update', { id, settings: { firmId: '1', tokenUrl: 'https://elsewhere.example/token' } }),
    ).rejects.toMatchObject({ code: 'not_possible' });
    expect((await client.call('connections.get', { id })).baseUrl).toBe(baseUrl);
    const moved = await client.call('connections.update', {
      id,
      baseUrl: 'https://elsewhere.example/api',
      credentials: { ...credentials },
    });
    expect(moved.baseUrl).toBe('https://elsewhere.example/api');
    const { items } = await client.call('connections.events', { id, limit: 1 });
    expect(items[0]?.event).toBe('signed_in');
    expect(JSON.stringify(items)).not.toContain(credentials.apiSecret);
  });

  test('changes what is read and keeps what the program itself has set', async () => {
    const { client, id, sandbox } = await office();
    const { firmId } = sandbox.addepar.settings;
    await client.call('connections.update', { id, settings: { firmId, streams: 'transactions', asOf: ' ', signIn: 'browser' } });
    expect((await client.call('connections.health', { id })).settings).toEqual({
      firmId,
      streams: 'transactions',
      signIn: 'key',
    });
  });

  test('ties several accounts at once or none of them', async () => {
    const { client, id } = await office();
    const waiting = (await client.call('connections.unlinked', { id })).items.filter(({ kind }) => kind === 'account');
    const [target] = (await client.call('accounts.list', { limit: 1 })).items;
    expect(waiting.length).toBeGreaterThan(1);
    const [one, other] = waiting.map(({ externalId }) => externalId);
    const before = (await client.call('accounts.list', { limit: 100 })).items.length;
    await expect(
      client.call('connections.linkAccounts', {
        id,
        links: [{ externalId: one ?? '' }, { externalId: other ?? '', targetId: target?.id ?? '' }],
      }),
    ).rejects.toMatchObject({ code: 'duplicate' });
    expect((await client.call('accounts.list', { limit: 100 })).items.length).toBe(before);
    expect(
      await client.call('connections.linkAccounts', { id, links: [{ externalId: one ?? '' }, { externalId: other ?? '' }] }),
    ).toEqual({
      linked: 2,
      made: 2,
    });
    const [linked] = (await client.call('connections.events', { id, limit: 1 })).items;
    expect(linked).toMatchObject({ event: 'linked', detail: '2 accounts, 2 of them new' });
    const left = (await client.call('connections.unlinked', { id })).items.filter(({ kind }) => kind === 'account');
    expect(left.length).toBe(waiting.length - 2);
  });
});

describe('testing a connection', () => {
  test('says what to do when the address is nobody’s, and stores nothing', async () => {
    const program = await startTestApp();
    onTestFinished(() => program.stop());
    const tested = await program.client.call('connections.test', {
      platform: 'orion',
      baseUrl: 'http://127.0.0.1:9',
      credentials: { username: 'operations', password: 'p', clientId: '1', clientSecret: 's' },
    });
    expect(tested).toMatchObject({ ok: false, reached: 'http://127.0.0.1:9', as: 'user operations' });
    expect(tested.advice).toContain('Check the address letter by letter');
    expect((await program.client.call('connections.list', {})).items).toEqual([]);
  });
});
