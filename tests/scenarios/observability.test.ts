import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp, type App } from '../../main/app.ts';
import { createHostLog, type HostLog } from '../../main/observability/host-log.ts';
import { LOG_FOLDER } from '../../main/observability/log-folder.ts';
import { systemClock } from '../../main/ports/clock.ts';
import { createNodeHttp } from '../../main/ports/http-node.ts';
import { systemRandom } from '../../main/ports/random.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { createVault } from '../../main/vault/vault.ts';
import type { Client } from '../../shared/contract/client.ts';
import type { Output } from '../../shared/contract/index.ts';
import { readExposition } from '../support/exposition.ts';
import { MIGRATIONS } from '../support/migrations.ts';
import { findSecrets } from '../support/secret-scan.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { asDemo, directClient, syncsDone } from '../support/test-app.ts';

const CANARY = 'canary-Kq7Zt2Wm9Xv4Rb8Ls3Nd6';

let sandbox: Sandbox;
let app: App;
let client: Client;
let log: HostLog;
let dataDir = '';
let failing = '';

/** The program as a host runs it, with its log in files, a firm in its book, and a connection that is refused. */
beforeAll(async () => {
  sandbox = await startSandbox({ accounts: 12, holdings: 120, seed: 'observed' });
  dataDir = mkdtempSync(join(tmpdir(), 'clearway-observed-'));
  log = createHostLog(systemClock.now);
  log.files.open(join(dataDir, LOG_FOLDER));
  app = createApp({
    dataDir,
    migrationsDir: MIGRATIONS,
    host: 'test',
    version: '0.0.0-test',
    ports: {
      clock: systemClock,
      random: systemRandom,
      http: createNodeHttp(),
      log: log.logger,
      secrets: createVault({
        dataDir,
        bytes: (n) => systemRandom.bytes(n),
        openKeychain: () => Promise.resolve(null),
        passphrase: null,
        onSecret: log.logger.registerSecret,
        log: () => undefined,
      }),
    },
    demo: asDemo({ ...sandbox }),
  });
  await app.start();
  client = directClient(app);
  await syncsDone(client, 150_000);
  const { orion } = sandbox;
  const credentials = Object.fromEntries(
    Object.entries(orion.credentials).map(([key, value]) => [key, /secret|password/i.test(key) ? CANARY : value]),
  );
  const settings = { ...orion.settings, pollSeconds: '1' };
  const added = await client.call('connections.initiate', {
    platform: 'orion',
    name: 'Tamarack second book',
    baseUrl: orion.baseUrl,
    credentials,
    settings,
  });
  failing = (await client.call('connections.sync', { id: added.id })).operationId;
  await syncsDone(client, 150_000);
}, 180_000);
afterAll(async () => {
  await app.stop();
  await log.files.drained();
  await sandbox.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const listed = async (input: Parameters<typeof client.call<'logs.list'>>[1]): Promise<Output<'logs.list'>['items']> => {
  await log.files.drained();
  return (await client.call('logs.list', input)).items;
};

describe('the log of a running program', () => {
  it('tells the life of each sync by its id: the call that began it, beginning, end', async () => {
    const [done] = (await client.call('sync.operations', {})).items.filter(({ status }) => status === 'completed');
    const lines = await listed({ operation: done?.id ?? '', level: 'debug' });
    expect(lines.at(-1)?.message).toBe('A sync began');
    expect(lines[0]).toMatchObject({ message: 'A sync was completed', level: 'info' });
    expect(JSON.parse(lines[0]?.details ?? '')).toMatchObject({
      outcome: 'completed',
      counts: { added: done?.counts.added, conflictsOpened: done?.counts.conflictsOpened },
    });

    const failed = await listed({ operation: failing, level: 'debug' });
    expect(failed[0]).toMatchObject({ message: 'A sync failed', level: 'warn' });
    expect(JSON.parse(failed[0]?.details ?? '')).toMatchObject({ outcome: 'needs_sign_in' });
    expect(failed.map(({ message }) => message)).toContain('connections.sync was answered');
  });

  it('has a line for every call with its id, who called and how it ended', async () => {
    await expect(client.call('holdings.get', { id: '999999' })).rejects.toMatchObject({ code: 'not_found' });
    await client.call('overview.get', {});
    const lines = await listed({ request: 'test', user: 'tester', level: 'debug', limit: 500 });
    expect(lines.find(({ message }) => message === 'overview.get was answered')).toMatchObject({ level: 'debug' });
    const refused = lines.find(({ message }) => message === 'holdings.get was refused');
    expect(JSON.parse(refused?.details ?? '')).toMatchObject({ outcome: 'not_found' });
  });

  it('is for admins alone', async () => {
    await expect(directClient(app, 'approver').call('logs.list', {})).rejects.toMatchObject({ code: 'forbidden' });
    await expect(directClient(app, 'approver').call('diagnostics.prepare', {})).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('the metrics of a running program', () => {
  it('agree with the book', async () => {
    const samples = [...readExposition(await app.metrics.text()).values()].flatMap((family) => family.samples);
    const sum = (name: string, labels: Readonly<Record<string, string>> = {}): number =>
      samples
        .filter((s) => s.name === name && Object.entries(labels).every(([label, value]) => s.labels[label] === value))
        .reduce((total, { value }) => total + value, 0);
    const { items } = await client.call('sync.operations', {});
    const syncs = items.filter(({ kind }) => kind === 'sync');
    expect(sum('sync_operations_total', { outcome: 'completed' })).toBe(syncs.filter((o) => o.status === 'completed').length);
    expect(sum('sync_operations_total', { outcome: 'needs_sign_in', platform: 'orion' })).toBe(1);
    expect(sum('sync_operation_duration_seconds_count')).toBe(syncs.length);
    expect(sum('conflicts_total', { change: 'opened' })).toBe(syncs.reduce((total, o) => total + o.counts.conflictsOpened, 0));
    expect(sum('conflicts_open')).toBe((await client.call('overview.get', {})).conflicts.open);
    const connections = (await client.call('connections.list', {})).items;
    expect(sum('active_connections')).toBe(connections.filter((c) => c.status === 'active').length);
    expect(sum('book_readable')).toBe(1);
    expect(sum('sync_operations_running')).toBe(0);
  });
});

describe('the diagnostic bundle', () => {
  it('holds neither secrets nor names and numbers of clients, the firm, people or the machine', async () => {
    const portfolios = (await client.call('portfolios.list', { limit: 100 })).items;
    const accounts = (await client.call('accounts.list', { limit: 100 })).items;
    const { firm } = await client.call('app.info', {});
    const personal = new Map<string, string>([
      ['firm', firm],
      ['connection', 'Tamarack second book'],
      ['person', 'Tester'],
      // A name of two letters is not looked for, and stands in many words.
      ...(hostname().length < 3 ? [] : [['machine', hostname()] as const]),
      ['home', homedir()],
      ['data folder', dataDir],
      ...portfolios.map(({ id, name }) => [`portfolio ${id}`, name] as const),
      ...accounts.flatMap(({ id, name, number }) => [[`account ${id}`, name] as const, [`number ${id}`, number] as const]),
    ]);
    expect(personal.size).toBeGreaterThan(20);
    const secrets = new Map<string, string>([
      ['canary', CANARY],
      ...(['addepar', 'orion', 'black_diamond'] as const).flatMap((platform) =>
        Object.entries(sandbox[platform].credentials)
          .filter(([key]) => /key|secret|password/i.test(key))
          .map(([key, value]) => [`${platform} ${key}`, value] as const),
      ),
    ]);
    // All of it has been written into the log by somebody who did not think.
    log.logger.warn(`Said aloud: ${[...personal.values()].join(' | ')}`);
    for (const [what, name] of personal) log.logger.info('Of one thing', { what, name });
    for (const [what, value] of secrets) log.logger.info(`The key of ${what}`, { header: `x-key ${value}`, apiKey: value });
    await log.files.drained();

    const { bundleId, files } = await client.call('diagnostics.prepare', {});
    expect(files.map(({ name }) => name)).toEqual([
      'read-me.txt',
      'versions.json',
      'settings.json',
      'connections.json',
      'operations.json',
      'book.json',
      'platforms.json',
      'log.jsonl',
    ]);
    for (const { name, bytes, text } of files) expect(bytes, name).toBe(Buffer.byteLength(text));
    const saved = await client.call('diagnostics.save', { bundleId });
    const folder = tempFolder();
    const archive = join(folder, saved.fileName);
    mkdirSync(join(folder, 'out'));
    writeFileSync(archive, Buffer.from(saved.content, 'base64'));
    // Python reads the archive, so that nothing of ours vouches for it.
    execFileSync('python3', ['-m', 'zipfile', '-e', archive, join(folder, 'out')]);
    const unpacked = new Map(files.map(({ name }) => [name, execFileSync('cat', [join(folder, 'out', name)])] as const));
    for (const { name, text } of files) expect(unpacked.get(name)?.toString('utf8'), name).toBe(text);

    const found = [...unpacked].flatMap(([file, bytes]) =>
      [...personal].filter(([, value]) => bytes.toString('utf8').includes(value)).map(([what]) => `${file}: ${what}`),
    );
    expect(found).toEqual([]);
    expect(findSecrets(unpacked, secrets)).toEqual([]);
    expect(unpacked.get('log.jsonl')?.toString()).toContain('Said aloud: [firm] | [connection] | [person]');
  }, 60_000);

  it('says how the book is: migrations, integrity, rows, connections, operations', async () => {
    const { files } = await client.call('diagnostics.prepare', {});
    const read = (name: string): unknown => JSON.parse(files.find((file) => file.name === name)?.text ?? 'null');
    const { holdings } = { holdings: (await client.call('holdings.page', { limit: 1 })).total };
    expect(read('book.json')).toMatchObject({
      migrations: expect.arrayContaining([expect.objectContaining({ version: 1 })]) as unknown,
      integrity: { pages: ['ok'], danglingReferences: 0, audit: { firstBad: null, problem: null } },
      rows: { connections: expect.any(Number) as unknown },
    });
    expect(holdings).toBeGreaterThan(0);
    expect(read('operations.json')).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: Number(failing), status: 'failed', errorCode: 'needs_sign_in' })]),
    );
    expect(read('platforms.json')).toEqual(
      expect.arrayContaining(
        ['addepar', 'orion', 'black_diamond'].map((platform) => expect.objectContaining({ platform }) as unknown),
      ),
    );
    expect(read('versions.json')).toMatchObject({ clearway: '0.0.0-test', host: 'test' });
  }, 60_000);

  it('is saved as it was shown, by who prepared it, with an entry in the audit trail that does not hold it', async () => {
    const first = await client.call('diagnostics.prepare', {});
    const other = await client.call('diagnostics.prepare', {});
    await expect(client.call('diagnostics.save', { bundleId: first.bundleId })).rejects.toMatchObject({ code: 'not_found' });
    const { bytes } = await client.call('diagnostics.save', { bundleId: other.bundleId });
    const [entry] = (await client.call('audit.page', { limit: 1 })).items;
    expect(entry).toMatchObject({ event: 'diagnostic_bundle_saved', actor: 'Tester' });
    expect(JSON.parse(entry?.details ?? '')).toMatchObject({ output: { bytes } });
    expect(entry?.details.length).toBeLessThan(2_000);
  }, 60_000);
});
