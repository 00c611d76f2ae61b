import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../../shared/contract/client.ts';
import type { Operation } from '../../shared/contract/sync.ts';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import { verifyAudit } from '../../main/store/audit.ts';
import type { ReadDb } from '../../main/store/handles.ts';
import { asDemo, startTestApp, syncsDone } from '../support/test-app.ts';

// A handful on a small book tells a broken program; the full check asks for more of both.
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 4);
const ROWS = Number(process.env['KILL_ROWS'] ?? 2000);
/** Long enough for a sync of so many rows to be killed anywhere between its first page and its merge. */
const LATEST_KILL_MS = 900 + Math.round(ROWS * 0.06);
/** A day makes a new version of every row, so a book of a hundred days would be about size, not about kills. */
const ROUNDS_PER_DAY = 25;
const folder = mkdtempSync(join(tmpdir(), 'clearway-kill-'));
const book = join(folder, 'book.db');
let sandbox: Sandbox;

/** Runs the program until a random moment, kills it with SIGKILL, and answers the decisions it had acknowledged. */
async function runAndKill(afterMs: number): Promise<{ batchId: number; settled: number }[]> {
  const entry = join(import.meta.dirname, '../support/crash-child.ts');
  const child = spawn(process.execPath, [entry, folder, JSON.stringify(asDemo({ ...sandbox }))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const decided: { batchId: number; settled: number }[] = [];
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const started = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [word, batchId, settled] = line.split(' ');
      if (word === 'started') resolve();
      if (word === 'decided') decided.push({ batchId: Number(batchId), settled: Number(settled) });
    });
  });
  await Promise.race([started, ended]);
  await setTimeout(afterMs);
  child.kill('SIGKILL');
  expect(await ended, 'the program died before it was killed').toBe('SIGKILL');
  return decided;
}

beforeAll(async () => {
  sandbox = await startSandbox({ accounts: Math.round(ROWS / 25), holdings: ROWS, today: '2026-11-20' as never });
  // Rounds begin with a book that is full, so that each of them is about a sync and not about the first one.
  const prepared = await startTestApp({ dataDir: folder, demo: asDemo({ ...sandbox }) });
  await syncsDone(prepared.client, 280_000);
  await prepared.stop();
}, 300_000);
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const nextDay = () =>
  fetch(sandbox.control.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-sandbox-token': sandbox.control.token },
    body: JSON.stringify({ fault: 'next_day' }),
  });

/** What the sqlite3 command says of the file, where there is one: another program than ours. */
const secondOpinion = (): string => {
  const run = spawnSync('sqlite3', ['-readonly', book, 'PRAGMA integrity_check'], { encoding: 'utf8' });
  return run.error ? 'ok' : run.stdout.trim();
};

/** Waits until no sync goes on any more: each is over, or waits for the request budget of its platform. */
async function atRest(client: Client): Promise<readonly Operation[]> {
  const deadline = Date.now() + 280_000;
  for (;;) {
    const { running } = await client.call('sync.status', {});
    if (running.every(({ waiting }) => waiting?.for === 'budget')) return (await client.call('sync.operations', {})).items;
    if (Date.now() > deadline) throw new Error(`Syncs still go on: ${JSON.stringify(running)}`);
    await setTimeout(100);
  }
}

test(
  `killed at ${ROUNDS} random moments of a sync of ${ROWS} rows, no acknowledged decision is lost and nothing is half applied`,
  async () => {
    const acknowledged = new Map<number, number>();
    const interrupted = new Set<number>();
    let completed = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      if (round % ROUNDS_PER_DAY === 1) expect((await nextDay()).status).toBeLessThan(300);
      for (const { batchId, settled } of await runAndKill(Math.random() * LATEST_KILL_MS)) acknowledged.set(batchId, settled);

      const db = new Database(book);
      const one = (sql: string, ...params: unknown[]): unknown =>
        db
          .prepare(sql)
          .pluck()
          .get(...params);
      // O7: the file is sound and no row points at nothing.
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(db.pragma('foreign_key_check')).toEqual([]);
      // O1: every acknowledged decision stands whole, with its audit entry, in an unbroken chain.
      for (const [batchId, settled] of acknowledged) {
        expect([batchId, one('SELECT items FROM batches WHERE id = ?', batchId)]).toEqual([batchId, settled]);
        expect(one('SELECT count(*) FROM batch_items WHERE batch_id = ?', batchId)).toBe(settled);
        expect(
          one("SELECT count(*) FROM audit_entries WHERE event = 'conflicts_settled' AND subject = ?", `batch ${batchId}`),
        ).toBe(1);
      }
      expect(verifyAudit(db as unknown as ReadDb)).toMatchObject({ firstBad: null });
      // O3: the checkpoint is never ahead of what is stored, and an unfinished pass shows nothing in the book.
      const torn = db
        .prepare(
          `SELECT o.id FROM sync_operations o WHERE o.status IN ('fetching', 'staged') AND (
           o.pages <> (SELECT count(*) FROM staged_pages p WHERE p.operation_id = o.id)
           OR o.records <> (SELECT coalesce(sum(p.records), 0) FROM staged_pages p WHERE p.operation_id = o.id)
           OR EXISTS (SELECT 1 FROM source_holdings r WHERE r.valid_from_op = o.id OR r.valid_to_op = o.id))`,
        )
        .all();
      expect(torn).toEqual([]);
      completed = one("SELECT count(*) FROM sync_operations WHERE status = 'completed'") as number;
      const active = db.prepare("SELECT id FROM sync_operations WHERE status IN ('queued', 'fetching', 'staged', 'merging')");
      for (const id of active.pluck().all() as number[]) interrupted.add(id);
      db.close();
      expect(secondOpinion()).toBe('ok');
    }
    // The next start takes up what the last death interrupted, and every one of them has come to an end.
    const last = await startTestApp({ dataDir: folder, demo: asDemo({ ...sandbox }) });
    const operations = await atRest(last.client);
    await last.stop();
    const found = new Map(operations.map((operation) => [Number(operation.id), operation]));
    for (const id of interrupted) {
      const operation = found.get(id);
      // Addepar allows 50 requests in 15 minutes, whoever dies meanwhile: a pass may have to wait for longer than a test can.
      if (operation !== undefined && operation.waiting?.for !== 'budget')
        expect([id, operation.status]).toEqual([id, 'completed']);
    }
    expect(interrupted.size).toBeGreaterThan(0);
    // Guards against a test that kills before anything happens.
    expect(acknowledged.size).toBeGreaterThan(0);
    expect(completed).toBeGreaterThan(0);
  },
  300_000 + ROUNDS * 15_000,
);
