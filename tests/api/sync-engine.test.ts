import { createServer, type Server } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../../shared/contract/client.ts';
import { startTestApp, type TestApp } from '../support/test-app.ts';
import { tempFolder } from '../support/temp-folder.ts';

async function listening(port = 0, status = 404): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((_request, answer) => answer.writeHead(status, { 'retry-after': '3600' }).end('{}'));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  return { server, port: typeof address === 'object' && address ? address.port : 0 };
}

/** A port that nobody listens at, and that can be opened later. */
async function closedPort(): Promise<number> {
  const { server, port } = await listening();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function program(dataDir: string): Promise<TestApp> {
  const app = await startTestApp({ dataDir, passphrase: 'a river of twelve stones' });
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (!stopped) await app.stop();
    stopped = true;
  };
  onTestFinished(stop);
  return { ...app, stop };
}

const connect = async (client: Client, name: string, port: number): Promise<string> =>
  (
    await client.call('connections.initiate', {
      platform: 'addepar',
      name,
      baseUrl: `http://127.0.0.1:${port}/api`,
      credentials: { apiKey: 'key', apiSecret: 'secret' },
      settings: { firmId: '1' },
    })
  ).id;

async function until<T>(look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const end = performance.now() + 40_000;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > end) throw new Error(`Not within 40 seconds: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test(
  'a sync whose platform is down waits as long as it asks, over a restart, and a person may try at once',
  { timeout: 120_000 },
  async () => {
    const dataDir = tempFolder();
    const first = await program(dataDir);
    const { server, port } = await listening(0, 503);
    onTestFinished(() => void server.close());
    const id = await connect(first.client, 'Addepar', port);
    const { operationId } = await first.client.call('connections.sync', { id });
    const waiting = await until(
      () => first.client.call('sync.operation', { id: operationId }),
      ({ status }) => status === 'queued',
    );
    expect(waiting).toMatchObject({ attempt: 1, errorCode: 'platform_unreachable', waiting: { for: 'retry' } });
    expect(await first.client.call('connections.get', { id })).toMatchObject({
      freshness: 'failing',
      activeOperationId: operationId,
      health: expect.stringMatching(/It tries again in \d+ min from where it stopped\./) as string,
    });
    const { items } = await first.client.call('connections.events', { id });
    expect(items.map(({ event, detail }) => [event, detail.slice(0, 10)])).toEqual([
      ['sync_failed', 'Attempt 1:'],
      ['sync_started', 'Sync'],
      ['added', 'Addepar at'],
    ]);
    await first.stop();

    const { client } = await program(dataDir);
    expect(await client.call('sync.operation', { id: operationId })).toMatchObject({
      status: 'queued',
      waiting: waiting.waiting,
    });
    // Asking for it again does not make a second one.
    expect((await client.call('connections.sync', { id })).operationId).toBe(operationId);
    await until(
      () => client.call('sync.operation', { id: operationId }),
      ({ status, attempt }) => status === 'queued' && attempt === 2,
    );
    const attempts = (await client.call('sync.attempts', { id: operationId })).items;
    expect(attempts.map(({ attempt, errorCode, nextAt }) => [attempt, errorCode, nextAt !== null])).toEqual([
      [1, 'platform_unreachable', true],
      [2, 'platform_unreachable', true],
    ]);
    await client.call('sync.cancel', { id: operationId });
    expect(await client.call('sync.operation', { id: operationId })).toMatchObject({ status: 'cancelled', waiting: null });
    expect((await client.call('connections.get', { id })).activeOperationId).toBe(null);
  },
);

test(
  'when no platform answers the program says that there is no network, and goes on when one answers again',
  { timeout: 120_000 },
  async () => {
    const dataDir = tempFolder();
    const first = await program(dataDir);
    const ports = [await closedPort(), await closedPort()];
    const ids = [await connect(first.client, 'Cedar', ports[0] ?? 0), await connect(first.client, 'Alder', ports[1] ?? 0)];
    await first.client.call('sync.all', {});
    const offline = await until(
      () => first.client.call('sync.status', {}),
      ({ running }) => running.length === 2 && running.every(({ waiting }) => waiting?.for === 'offline'),
    );
    expect(offline.offlineSince).not.toBe(null);
    expect((await first.client.call('connections.health', { id: ids[0] ?? '' })).breaker).toMatchObject({
      state: 'closed',
      failures: 0,
    });
    await first.stop();

    const { server } = await listening(ports[1]);
    onTestFinished(() => void server.close());
    const { client } = await program(dataDir);
    const back = await until(
      () => client.call('sync.operations', { connectionId: ids[1] ?? '' }),
      ({ items }) => items[0]?.finishedAt !== null,
    );
    expect(back.items).toMatchObject([{ status: 'failed', errorCode: 'platform_refused' }]);
    expect((await client.call('sync.status', {})).offlineSince).toBe(null);
  },
);

test('a schedule is kept, told in the log, planned, and refused with what is wrong with it', { timeout: 120_000 }, async () => {
  const { client } = await program(tempFolder());
  const id = await connect(client, 'Addepar', 9);
  const timetable = { cron: '0 7 1 1 *', zone: 'Europe/Zurich', quietFrom: '22:00', quietTo: '06:00' };
  const { nextRunAt } = await client.call('connections.update', { id, timetable });
  // New Year's Day at seven in Zurich.
  expect(nextRunAt).toMatch(/^\d{4}-01-01T06:00:00\.000Z$/);
  expect((await client.call('connections.health', { id })).timetable).toEqual(timetable);
  expect((await client.call('connections.events', { id, limit: 1 })).items[0]?.detail).toBe(
    'Cron from nothing to 0 7 1 1 *; time zone from UTC to Europe/Zurich; quiet hours from nothing to 22:00 to 06:00',
  );
  const wrong = { ...timetable, zone: 'Atlantis' };
  await expect(client.call('connections.update', { id, timetable: wrong })).rejects.toMatchObject({
    code: 'not_possible',
    message: 'No time zone has this name. Write it as in Europe/Zurich or America/New_York.',
  });
  expect((await client.call('connections.health', { id })).timetable).toEqual(timetable);
  expect(await client.call('connections.previewSchedule', { syncEveryMinutes: 0, timetable: wrong })).toMatchObject({
    problems: [{ field: 'zone' }],
    runs: [],
  });
});
