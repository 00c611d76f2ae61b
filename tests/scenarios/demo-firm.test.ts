import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Output } from '../../shared/contract/index.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { asDemo, startTestApp, syncsDone, type TestApp } from '../support/test-app.ts';

type Break = Output<'reconciliation.breaks'>['rows'][number];

let sandbox: Sandbox;
let program: TestApp;
const folder = mkdtempSync(join(tmpdir(), 'clearway-demo-'));

async function allBreaks(id: string): Promise<Break[]> {
  const rows: Break[] = [];
  for (;;) {
    const page = await program.client.call('reconciliation.breaks', { id, offset: rows.length, limit: 1000 });
    rows.push(...page.rows);
    if (rows.length >= page.total) return rows;
  }
}

async function reconciled(): Promise<Output<'reconciliation.get'>> {
  const { id } = await program.client.call('reconciliation.start', {});
  for (;;) {
    const run = await program.client.call('reconciliation.get', { id });
    if (run.status === 'completed' || run.status === 'failed') return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

beforeAll(async () => {
  sandbox = await startSandbox({ today: '2026-11-20' as never });
  program = await startTestApp({ dataDir: folder, demo: asDemo({ ...sandbox }) });
  await syncsDone(program.client);
}, 120_000);

afterAll(async () => {
  await program.stop();
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the demo firm after its first sync of three platforms', () => {
  test('all three connections have completed, with every position staged and merged', async () => {
    const operations = (await program.client.call('sync.operations', {})).items;
    expect(operations.map((o) => `${o.connectionName} ${o.status} ${o.error ?? 'no error'}`).toSorted()).toEqual([
      'Addepar completed no error',
      'Black Diamond completed no error',
      'Orion completed no error',
    ]);
  });

  test('a second sync of unchanged data writes no record version and opens no conflict', async () => {
    const before = (await program.client.call('conflicts.facets', {})).total;
    // Ids of the newest versions: a rewritten record would have a new one.
    const transactions = async () =>
      JSON.stringify((await program.client.call('transactions.page', { limit: 1000 })).rows.map((row) => row.id));
    const versions = await transactions();
    await program.client.call('sync.all', {});
    const operations = (await syncsDone(program.client)).slice(0, 3);
    for (const { counts } of operations)
      expect([counts.added, counts.changed, counts.removed, counts.conflictsOpened, counts.conflictsHealed]).toEqual([
        0, 0, 0, 0, 0,
      ]);
    expect((await program.client.call('conflicts.facets', {})).total).toBe(before);
    expect(await transactions()).toBe(versions);
  });

  test('the transactions of the firm are in the book, each in canonical signs and led back to its bytes', async () => {
    const { client } = program;
    const all = await client.call('transactions.page', { limit: 1000 });
    const orion = all.rows.filter((row) => row.source === 'Orion');
    expect(orion.length).toBeGreaterThan(100);
    expect(all.totals.reduce((n, total) => n + total.transactions, 0)).toBe(all.total);
    expect(all.unmapped).toBeGreaterThan(0);
    for (const row of all.rows) {
      if (row.type === 'buy') expect([row.quantity.startsWith('-'), row.cash.startsWith('-')]).toEqual([false, true]);
      if (row.type === 'sell') expect([row.quantity.startsWith('-'), row.cash.startsWith('-')]).toEqual([true, false]);
      if (row.type === 'other') expect([row.quantity, row.cash, row.memo.includes('is not mapped')]).toEqual(['0', '0', true]);
      expect([row.account === '', row.security === '']).toEqual([false, false]);
    }
    for (const source of all.rows.map((row) => row.source).filter((name, i, names) => names.indexOf(name) === i)) {
      const row = all.rows.find((candidate) => candidate.source === source && candidate.type === 'buy');
      const { excerpt, connectionName } = await client.call('sources.payload', { id: row?.id ?? '', kind: 'transaction' });
      expect([connectionName, excerpt.includes(row?.price ?? 'no price')]).toEqual([source, true]);
    }
  });

  test('reconciliation finds every planted difference with its class, and nothing else', async () => {
    const run = await reconciled();
    expect(run.status).toBe('completed');
    const breaks = await allBreaks(run.id);
    const connections = new Map((await program.client.call('connections.list', {})).items.map((c) => [c.id, c.platform]));
    const securities = new Map<string, string>();
    for (const s of sandbox.openingBookObject().securities) securities.set(s.name, s.key);
    const keyOf = (b: Break): string => `${b.accountNumber} ${securities.get(b.security) ?? b.security}`;
    const planted = new Map<string, Set<string>>();
    for (const p of sandbox.manifest) {
      const key = `${p.accountNumber} ${p.securityKey ?? ''}`;
      if (p.class !== null) planted.set(key, (planted.get(key) ?? new Set()).add(p.class));
    }
    const found = new Map<string, Set<string>>();
    for (const b of breaks) found.set(keyOf(b), (found.get(keyOf(b)) ?? new Set()).add(b.class));

    const missed = [...planted].filter(([key, classes]) => ![...classes].every((c) => found.get(key)?.has(c)));
    const unplanted = breaks.filter((b) => !planted.get(keyOf(b))?.has(b.class));
    expect(
      missed.map(
        ([key, classes]) => `${key}: expected ${[...classes].join('+')}, found ${[...(found.get(key) ?? [])].join('+')}`,
      ),
    ).toEqual([]);
    expect(
      unplanted.map(
        (b) => `${keyOf(b)} ${b.security} ${connections.get(b.connectionId) ?? ''} ${b.field} ${b.class}: ${b.sentence}`,
      ),
    ).toEqual([]);
  });

  test('a thousand conflicts are settled as one batch and undone as one', async () => {
    const { total } = await program.client.call('conflicts.page', {
      filters: [{ column: 'status', operator: 'in', value: ['open', 'review'] }],
    });
    expect(total).toBeGreaterThan(1000);
    const matching = { filters: [{ column: 'field', operator: 'is', value: 'price' }] } as const;
    const decision = { strategy: 'CLEARWAY_WINS' } as const;
    const preview = await program.client.call('conflicts.preview', {
      selection: { matching: { filters: [...matching.filters] } },
      decision,
    });
    const settled = await program.client.call('conflicts.resolve', {
      selection: { matching: { filters: [...matching.filters] } },
      decision,
      comment: 'Our vendor',
    });
    expect(settled.settled).toBe(preview.settles);
    const after = await program.client.call('conflicts.page', {
      filters: [{ column: 'status', operator: 'in', value: ['open', 'review'] }],
    });
    expect(after.total).toBe(total - settled.settled);
    const undone = await program.client.call('batches.undo', { id: settled.batchId ?? '' });
    expect(undone).toMatchObject({ restored: settled.settled, blocked: [] });
    expect(
      (
        await program.client.call('conflicts.page', {
          filters: [{ column: 'status', operator: 'in', value: ['open', 'review'] }],
        })
      ).total,
    ).toBe(total);
    expect(await program.client.call('audit.verify', {})).toMatchObject({ ok: true });
  });
});
