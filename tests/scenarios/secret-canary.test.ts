import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { backupFile } from '../../main/store/backup.ts';
import { closeDb, openReadable } from '../../main/store/open.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { toRequest } from '../../shared/contract/http-request.ts';
import type { CallInput, Output, ProcedureName } from '../../shared/contract/index.ts';
import { filesBelow, findSecrets, spellingsOf } from '../support/secret-scan.ts';

const ENTRY = join(import.meta.dirname, '../../main/server/index.ts');
const canary = (): string => `canary-${randomBytes(18).toString('base64url')}`;
const PASSPHRASE = canary();
/** What a person types into forms of platforms that refuse it, one of which repeats it in its answer. */
const CANARIES = { refused: canary(), reflected: canary(), replaced: canary(), tried: canary() };

let folder = '';
let sandbox: Sandbox;
let mirror: Server;
let host: ChildProcess;
let address: { url: string; token: string };
/** Everything the program let out: answers, events, lines. */
const out = new Map<string, Buffer>();
const add = (name: string, chunk: Uint8Array): void => {
  out.set(name, Buffer.concat([out.get(name) ?? Buffer.alloc(0), chunk]));
};

async function call<N extends ProcedureName>(name: N, input: CallInput<N>): Promise<Output<N>> {
  const { method, path, body } = toRequest(name, input);
  const answer = await fetch(address.url + path, {
    method,
    headers: { authorization: `Bearer ${address.token}`, ...(body === null ? {} : { 'content-type': 'application/json' }) },
    ...(body === null ? {} : { body }),
  });
  const text = await answer.text();
  add(`answer of ${name}`, Buffer.from(JSON.stringify([...answer.headers]) + text));
  if (!answer.ok) throw new Error(`${name}: ${text}`);
  return JSON.parse(text) as Output<N>;
}
/** Until no sync is at work; what failed for a passing reason waits to be tried again. */
async function idle(): Promise<void> {
  const end = performance.now() + 60_000;
  while ((await call('sync.status', {})).running.some(({ waiting }) => waiting?.for !== 'retry')) {
    if (performance.now() > end) throw new Error('The syncs did not finish in time.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clearway-canary-'));
  // Another seed makes other credentials, so that none of them is in any file by chance.
  sandbox = await startSandbox({ accounts: 12, holdings: 120, seed: randomBytes(8).toString('hex') });
  // A platform at its worst: it refuses, and repeats in its answer all that it was sent.
  mirror = createServer((request, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { authorization = '' } = request.headers;
      const decoded = Buffer.from(authorization.split(' ')[1] ?? '', 'base64').toString();
      const said = `Refused ${authorization} that is ${decoded} with ${Buffer.concat(chunks).toString()} at ${request.url}`;
      answer.writeHead(request.url?.includes('token') ? 400 : 500, { 'content-type': 'application/json' });
      answer.end(JSON.stringify({ error: said, error_description: said, message: said, errors: [{ detail: said }] }));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => mirror.once('listening', resolve));
  host = spawn(process.execPath, [ENTRY, '--no-open', '--data', join(folder, 'book')], {
    env: { PATH: process.env['PATH'], HOME: folder, CLEARWAY_PASSPHRASE: PASSPHRASE },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  host.stderr?.on('data', (chunk: Buffer) => add('standard error', chunk));
  address = await new Promise((resolve, reject) => {
    host.once('exit', (code) => reject(new Error(`The program ended with code ${code}. ${String(out.get('standard error'))}`)));
    host.stdout?.on('data', (chunk: Buffer) => {
      add('standard output', chunk);
      const text = out.get('standard output')?.toString() ?? '';
      if (text.includes('\n')) resolve(JSON.parse(text.split('\n')[0] ?? '') as typeof address);
    });
  });
}, 60_000);
afterAll(async () => {
  if (host.exitCode === null) host.kill('SIGKILL');
  mirror.close();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

it('no secret is in any file, log line or answer of a whole run: connect, sync, failing sync, export, audit, renewal, backup', async () => {
  const secrets = new Map<string, string>([['passphrase', PASSPHRASE], ...Object.entries(CANARIES)]);
  const { port } = mirror.address() as AddressInfo;
  const events = new AbortController();
  const listening = fetch(`${address.url}/api/v1/events`, {
    headers: { authorization: `Bearer ${address.token}` },
    signal: events.signal,
  })
    .then(async ({ body }) => {
      for await (const chunk of body ?? []) add('events', chunk as Uint8Array);
    })
    .catch(() => undefined);

  for (const platform of ['addepar', 'orion', 'black_diamond'] as const) {
    const { baseUrl, credentials, settings } = sandbox[platform];
    for (const [name, value] of Object.entries(credentials))
      if (/key|secret|password/i.test(name)) secrets.set(`${platform} ${name}`, value);
    const facts = { platform, baseUrl, settings: { ...settings, pollSeconds: '1', sandbox: 'yes' } };
    expect(await call('connections.test', { ...facts, credentials: { ...credentials } })).toMatchObject({ ok: true });
    await call('connections.initiate', { ...facts, name: `Working ${platform}`, credentials: { ...credentials } });

    const wrong = (value: string) =>
      Object.fromEntries(
        Object.entries(credentials).map(([name, was]) => [name, /key|secret|password/i.test(name) ? value : was]),
      );
    expect(await call('connections.test', { ...facts, credentials: wrong(CANARIES.tried) })).toMatchObject({ ok: false });
    const refused = { ...facts, name: `Refused ${platform}`, credentials: wrong(CANARIES.refused) };
    // Black Diamond’s password is tried before anything is kept, so a wrong one never makes a connection.
    if (platform === 'black_diamond')
      await expect(call('connections.initiate', refused)).rejects.toThrow('refused the client id');
    else await call('connections.initiate', refused);

    const worst = {
      platform,
      baseUrl: `http://127.0.0.1:${port}`,
      settings: {
        ...facts.settings,
        ...('tokenUrl' in settings ? { tokenUrl: `http://127.0.0.1:${port}/connect/token` } : {}),
      },
    };
    expect(await call('connections.test', { ...worst, credentials: wrong(CANARIES.reflected) })).toMatchObject({ ok: false });
    const reflecting = { ...worst, name: `Worst ${platform}`, credentials: wrong(CANARIES.replaced) };
    if (platform === 'black_diamond') {
      await expect(call('connections.initiate', reflecting)).rejects.toThrow('did not complete the sign-in (400)');
      continue;
    }
    const { id } = await call('connections.initiate', reflecting);
    await call('connections.update', { id, credentials: wrong(CANARIES.reflected) });
  }

  await call('sync.all', {});
  await idle();
  const { items: operations } = await call('sync.operations', {});
  const statusOf = (name: string) =>
    operations
      .filter((o) => o.connectionName.startsWith(name))
      .map(({ status }) => status)
      .toSorted();
  expect([statusOf('Working'), statusOf('Refused'), statusOf('Worst')]).toEqual([
    Array.from({ length: 3 }, () => 'completed'),
    Array.from({ length: 2 }, () => 'failed'),
    // Orion’s refuses the sign-in; Addepar’s answers 500, which may pass.
    ['failed', 'queued'],
  ]);

  expect(await call('secrets.rotate', {})).toMatchObject({ store: 'passphrase', resealed: 7, left: 0, oldKeyGone: true });
  expect(await call('secrets.status', {})).toMatchObject({ store: 'passphrase', entries: 7, inMemory: 0 });
  const { id: run } = await call('reconciliation.start', {});
  while (['queued', 'running'].includes((await call('reconciliation.get', { id: run })).status))
    await new Promise((resolve) => setTimeout(resolve, 50));
  await call('reconciliation.export', { id: run });
  for (const { id } of operations) await call('sync.operation', { id });
  for (const { id } of (await call('connections.list', {})).items) {
    await call('connections.get', { id });
    await call('connections.unlinked', { id });
  }
  const { rows } = await call('holdings.page', { limit: 1 });
  const { sources } = await call('holdings.get', { id: rows[0]?.id ?? '' });
  for (const { recordId } of sources) await call('sources.payload', { id: recordId });
  for (const name of [
    'app.info',
    'connections.platforms',
    'overview.get',
    'settings.get',
    'audit.verify',
    'imports.list',
  ] as const)
    await call(name, {});
  await call('audit.page', { limit: 200 });
  const openApi = await fetch(`${address.url}/api/v1/openapi.json`, { headers: { authorization: `Bearer ${address.token}` } });
  add('OpenAPI', Buffer.from(await openApi.text()));

  const whileOpen = filesBelow(folder);
  events.abort();
  await listening;
  const ended = new Promise((resolve) => host.once('exit', resolve));
  host.kill('SIGTERM');
  await ended;

  const book = openReadable(join(folder, 'book', 'book.db'));
  backupFile(book, join(folder, 'backup.db'));
  // What the platforms answered lies compressed in the book, where a search of the file finds nothing.
  const bodies = book.prepare('SELECT id, body FROM raw_payloads').all() as { id: number; body: Uint8Array }[];
  closeDb(book);
  const payloads = new Map(bodies.map(({ id, body }) => [`payload ${id}`, zstdDecompressSync(body)]));

  // The search finds what is there: the name of a connection in the book, the backup, the answers and the events' stream.
  const named = findSecrets(new Map([...filesBelow(folder), ...out]), new Map([['name', 'Working addepar']]));
  for (const place of ['book.db', 'backup.db', 'answer of connections.list'])
    expect(named.join('\n'), place).toContain(`${place}: name`);
  expect([payloads.size > 0, (out.get('events')?.length ?? 0) > 0, (out.get('standard error')?.length ?? 0) > 0]).toEqual([
    true,
    true,
    true,
  ]);
  expect(secrets.size).toBeGreaterThanOrEqual(11);

  const everywhere: [string, ReadonlyMap<string, Buffer>][] = [
    ['while open', whileOpen],
    ['after the end', filesBelow(folder)],
    ['let out', out],
    ['payloads', payloads],
  ];
  expect(everywhere.flatMap(([when, places]) => findSecrets(places, secrets).map((found) => `${when}, ${found}`))).toEqual([]);
}, 180_000);

it('the search knows a secret as it is, in an address, in base64 at each offset, in base64url and in hex', () => {
  const secret = 'canary/+?>~öé-9f3';
  const bytes = Buffer.from(secret);
  const hidden = [
    secret,
    JSON.stringify({ secret }),
    new URLSearchParams({ a: 'b' }).toString() + encodeURIComponent(secret),
    ...['', 'x', 'xy', 'user:'].map((before) => Buffer.concat([Buffer.from(before), bytes, Buffer.from('z')]).toString('base64')),
    Buffer.from(`user:${secret}`).toString('base64url'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
  ];
  for (const text of hidden)
    expect(
      spellingsOf(secret).some((spelling) => text.includes(spelling)),
      text,
    ).toBe(true);
  expect(spellingsOf(secret).every((spelling) => spelling.length >= 16)).toBe(true);
});
