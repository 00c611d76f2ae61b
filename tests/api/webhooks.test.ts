import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLogger } from '../../main/observability/logger.ts';
import { systemClock } from '../../main/ports/clock.ts';
import { systemRandom } from '../../main/ports/random.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { createServer, type HttpHost, type Listening } from '../../main/server/create-server.ts';
import type { CalendarDate } from '../../shared/model/date.ts';
import { startTestApp, syncsDone, type TestApp } from '../support/test-app.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'clearway-webhooks-'));
let sandbox: Sandbox;
let program: TestApp;
let host: HttpHost;
let at: Listening;
let connection = '';
const logs: string[] = [];
beforeAll(async () => {
  sandbox = await startSandbox({ accounts: 12, holdings: 120, today: '2026-11-20' as CalendarDate });
  program = await startTestApp({ dataDir, passphrase: 'alder-birch-cedar-dogwood' });
  host = createServer({
    app: program.app,
    actor: { id: 'local', name: 'Tester', role: 'admin' },
    rendererDir: dataDir,
    clock: systemClock,
    random: systemRandom,
    logger: createLogger({ now: systemClock.now, write: (line) => logs.push(line) }),
    port: 0,
    version: '0.0.0-test',
    limits: { webhooks: { burst: 40, perSecond: 0.01 } },
  });
  at = await host.listen();
  const { baseUrl, credentials, settings } = sandbox.black_diamond;
  const { id } = await program.client.call('connections.initiate', {
    platform: 'black_diamond',
    name: 'Black Diamond',
    baseUrl,
    credentials: { ...credentials },
    settings: { ...settings, pollSeconds: '1' },
  });
  connection = id;
}, 60_000);
afterAll(async () => {
  await host.stop();
  await program.stop();
  await sandbox.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Message {
  readonly secret: string;
  readonly id?: string;
  readonly seconds?: number;
  readonly body?: string;
  readonly path?: string;
}
/** Signs and sends as the standard says, apart from the code under test. */
function send({ secret, id = `msg_${randomBytes(8).toString('hex')}`, seconds, body = '{"type":"batch.ready"}', path }: Message) {
  const timestamp = String(seconds ?? Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return fetch(`${at.url}${path ?? `/webhooks/${connection}`}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'Webhook-Id': id,
      'Webhook-Timestamp': timestamp,
      'Webhook-Signature': `v1,${signature}`,
    },
    body,
  });
}
const OTHER = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const syncs = async () => (await program.client.call('sync.operations', { connectionId: connection })).items;
const settledSyncs = async () => {
  await syncsDone(program.client);
  return syncs();
};

it('C4: what is not signed as it must be is refused in the same words, does no work, and is logged', async () => {
  const { secret } = await program.client.call('webhooks.enable', { id: connection });
  const now = Math.floor(Date.now() / 1000);
  const refusals = [
    await send({ secret: OTHER }),
    await send({ secret, seconds: now - 400 }),
    await send({ secret, seconds: now + 400 }),
    await send({ secret, path: '/webhooks/999' }),
    await send({ secret, path: '/webhooks/none' }),
    await fetch(`${at.url}/webhooks/${connection}`, { method: 'POST', body: '{}' }),
  ];
  expect(refusals.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401]);
  const texts = await Promise.all(refusals.map((answer) => answer.text()));
  expect(new Set(texts.map((text) => text.replace(/"requestId":"\w+"/, ''))).size).toBe(1);
  expect((await send({ secret, body: `{"x":"${'y'.repeat(70_000)}"}` })).status).toBe(413);
  expect((await fetch(`${at.url}/webhooks/${connection}`)).status).toBe(405);
  expect(await syncs()).toEqual([]);
  expect((await program.client.call('webhooks.deliveries', { id: connection })).items).toEqual([]);
  await program.client.call('webhooks.disable', { id: connection });
  expect((await send({ secret })).status).toBe(401);
});

it('C1: a message is answered at once, entered, and starts one sync; the same one again does nothing', async () => {
  const { secret, path } = await program.client.call('webhooks.enable', { id: connection });
  expect(path).toBe(`/webhooks/${connection}`);
  const id = 'msg_once';
  expect([(await send({ secret, id })).status, (await send({ secret, id })).status]).toEqual([204, 204]);
  const done = await settledSyncs();
  expect(done.map(({ status, requestedBy }) => [status, requestedBy])).toEqual([['completed', 'webhook']]);
  expect((await program.client.call('webhooks.deliveries', { id: connection })).items).toMatchObject([
    { eventId: 'msg_once', kind: 'batch.ready', bytes: '{"type":"batch.ready"}'.length },
  ]);
  expect(await program.client.call('webhooks.status', { id: connection })).toMatchObject({ enabled: true, deliveries: 1 });
  // A retry is a new attempt with another time and the same id.
  expect((await send({ secret, id, seconds: Math.floor(Date.now() / 1000) - 5 })).status).toBe(204);
  expect(await settledSyncs()).toHaveLength(1);
});

it('the sandbox sends messages that the inbox takes', async () => {
  const { secret, path } = await program.client.call('webhooks.rotate', { id: connection });
  const before = (await syncs()).length;
  const answer = await fetch(sandbox.control.url.replace(/faults$/, 'messages'), {
    method: 'POST',
    headers: { 'x-sandbox-token': sandbox.control.token, 'content-type': 'application/json' },
    body: JSON.stringify({ url: `${at.url}${path}`, secret }),
  });
  expect(await answer.json()).toEqual({ status: 204 });
  await expect.poll(async () => (await settledSyncs()).length - before, { timeout: 20_000 }).toBe(1);
  const [newest] = (await program.client.call('webhooks.deliveries', { id: connection })).items;
  expect(newest).toMatchObject({ eventId: 'msg_sandbox1', kind: 'batch.completed' });
});

it('messages that come while a sync runs start one more after it, however many they are', async () => {
  const { secret } = await program.client.call('webhooks.rotate', { id: connection });
  const before = (await syncs()).length;
  for (let message = 0; message < 6; message += 1) expect((await send({ secret })).status).toBe(204);
  // The first starts one; the other five arrive within its polls of two seconds and share the next.
  await expect.poll(async () => (await settledSyncs()).length - before, { timeout: 20_000 }).toBe(2);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect((await settledSyncs()).length - before).toBe(2);
});

it('after a rotation both secrets are taken, after a second one the first no more; none is in book, vault or audit', async () => {
  const first = await program.client.call('webhooks.rotate', { id: connection });
  const second = await program.client.call('webhooks.rotate', { id: connection });
  expect(Date.parse(second.previousUntil ?? '') - Date.now()).toBeGreaterThan(23 * 3_600_000);
  expect([(await send({ secret: first.secret })).status, (await send({ secret: second.secret })).status]).toEqual([204, 204]);
  const third = await program.client.call('webhooks.rotate', { id: connection });
  expect([(await send({ secret: first.secret })).status, (await send({ secret: third.secret })).status]).toEqual([401, 204]);
  const audit = JSON.stringify((await program.client.call('audit.page', { limit: 50 })).items);
  const files = ['book.db', 'book.db-wal', 'vault.json']
    .map((name) => readFileSync(join(dataDir, name)).toString('latin1'))
    .join('');
  for (const { secret } of [first, second, third]) expect(`${audit}${files}${logs.join('')}`).not.toContain(secret.slice(6));
  expect(audit).toContain('webhook_secret_rotated');
  await settledSyncs();
});

it('a sender that floods one connection is slowed down', async () => {
  const statuses: number[] = [];
  for (let message = 0; message < 41; message += 1) statuses.push((await send({ secret: OTHER })).status);
  expect(statuses.at(-1)).toBe(429);
});

it('disconnecting ends the messages too', async () => {
  await settledSyncs();
  await program.client.call('connections.disconnect', { id: connection });
  // One that was sent twice, the sandbox’s, six while a sync ran, two and one with the secrets of the rotations: 1 + 1 + 6 + 2 + 1.
  expect(await program.client.call('webhooks.status', { id: connection })).toMatchObject({ enabled: false, deliveries: 11 });
});
