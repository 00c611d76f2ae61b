import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../main/sandbox/start-sandbox.ts';
import type { Client } from '../../shared/contract/client.ts';
import type { Output } from '../../shared/contract/index.ts';
import type { CalendarDate } from '../../shared/model/date.ts';
import { asDemo, startTestApp, syncsDone, type TestApp } from '../support/test-app.ts';
import { openDoors, type Doors } from './doors.ts';

/** A small demo firm in the real program after its first sync and one reconciliation, with all doors open. */
export interface Desk {
  readonly sandbox: Sandbox;
  readonly program: TestApp;
  /** An administrator’s, past every door. */
  readonly client: Client;
  readonly admin: Doors;
  readonly viewer: Doors;
  readonly facts: Facts;
  stop(): Promise<void>;
}

/** Ids that calls need. */
export interface Facts {
  readonly connections: Readonly<Record<'addepar' | 'orion' | 'black_diamond', string>>;
  readonly operation: string;
  readonly portfolio: string;
  readonly holding: string;
  readonly sourceRecord: string;
  readonly conflict: string;
  readonly run: string;
  readonly batch: string;
  /** A sign-in that waits for the browser. */
  readonly signInId: string;
  readonly transaction: string;
  readonly return: string;
  readonly account: string;
  readonly taxLot: string;
  readonly alert: string;
  readonly destination: string;
}

export const first = <T>(items: readonly T[]): T => {
  const [item] = items;
  if (item === undefined) throw new Error('The demo firm has none of these.');
  return item;
};

/** Runs a reconciliation to its end. */
export async function reconciled(client: Client): Promise<Output<'reconciliation.get'>> {
  const { id } = await client.call('reconciliation.start', {});
  return runFinished(client, id);
}

export async function runFinished(client: Client, id: string): Promise<Output<'reconciliation.get'>> {
  for (;;) {
    const run = await client.call('reconciliation.get', { id });
    if (run.status === 'completed' || run.status === 'failed') return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A conflict nobody has decided yet on a field, not among those taken already. */
export async function openConflict(
  client: Client,
  taken: Set<string>,
  field = 'price',
): Promise<Output<'conflicts.page'>['rows'][number] & { readonly holdingId: string }> {
  const { rows } = await client.call('conflicts.page', {
    limit: 1000,
    filters: [
      { column: 'status', operator: 'is', value: 'open' },
      { column: 'field', operator: 'is', value: field },
      { column: 'stream', operator: 'is', value: 'position' },
    ],
  });
  const row = first(rows.filter(({ id }) => !taken.has(id)));
  taken.add(row.id);
  return { ...row, holdingId: row.holdingId ?? '' };
}

/** What signing in to the sandbox’s Addepar with the browser takes. */
export const browserSignIn = ({
  baseUrl,
  settings,
  browserSignIn: { credentials, settings: addresses },
}: Sandbox['addepar']) => ({
  platform: 'addepar' as const,
  baseUrl,
  credentials: { ...credentials },
  settings: { ...settings, ...addresses },
});

/** An open alert: the demo firm has more conflicts than the threshold that is set here. */
export async function openAlert(client: Client): Promise<string> {
  const { items } = await client.call('alerts.rules', {});
  const { subjectKind: _, version, ...rule } = first(items.filter((item) => item.rule === 'conflicts_above'));
  if (rule.threshold !== 2) await client.call('alerts.updateRule', { ...rule, threshold: 2, expectedVersion: version });
  for (;;) {
    const { rows } = await client.call('alerts.page', { filters: [{ column: 'rule', operator: 'is', value: rule.rule }] });
    const alert = rows.find(({ status }) => status !== 'closed');
    if (alert?.status === 'open') return alert.id;
    if (alert) await client.call('alerts.reopen', { ids: [alert.id] });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** An address on this machine that nothing listens at. */
export const NOWHERE = { url: 'http://127.0.0.1:9/hooks', allowPrivate: true } as const;

async function gather({ client }: TestApp, { addepar }: Sandbox): Promise<Facts> {
  const { items } = await client.call('connections.list', {});
  const connection = (platform: string): string => first(items.filter((c) => c.platform === platform)).id;
  const conflict = await openConflict(client, new Set());
  const { sources } = await client.call('holdings.get', { id: conflict.holdingId });
  const decided = await client.call('conflicts.resolve', {
    selection: { ids: [conflict.id] },
    decision: { strategy: 'CLEARWAY_WINS' },
  });
  const still = await openConflict(client, new Set([conflict.id]));
  const run = await reconciled(client);
  return {
    connections: { addepar: connection('addepar'), orion: connection('orion'), black_diamond: connection('black_diamond') },
    operation: first((await client.call('sync.operations', {})).items).id,
    portfolio: first((await client.call('portfolios.list', {})).items).id,
    holding: still.holdingId,
    sourceRecord: first(sources).recordId,
    conflict: still.id,
    run: run.id,
    batch: decided.batchId ?? '',
    signInId: (await client.call('connections.beginSignIn', browserSignIn(addepar))).signInId,
    transaction: first((await client.call('transactions.page', { limit: 1 })).rows).id,
    return: first((await client.call('performance.page', { limit: 1 })).rows).id,
    account: first((await client.call('accounts.list', {})).items).id,
    taxLot: first((await client.call('taxLots.page', { limit: 1 })).rows).id,
    alert: await openAlert(client),
    destination: (await client.call('alertDestinations.add', { name: 'Desk', ...NOWHERE })).id,
  };
}

export async function startDesk(): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'clearway-contract-'));
  const sandbox = await startSandbox({ accounts: 40, holdings: 600, today: '2026-11-20' as CalendarDate });
  const program = await startTestApp({ dataDir: folder, demo: asDemo({ ...sandbox }), passphrase: 'a river of twelve stones' });
  await syncsDone(program.client);
  const facts = await gather(program, sandbox);
  const admin = await openDoors(program.app, 'admin');
  const viewer = await openDoors(program.app, 'viewer');
  return {
    sandbox,
    program,
    client: program.client,
    admin,
    viewer,
    facts,
    stop: async () => {
      await admin.close();
      await viewer.close();
      await program.stop();
      await sandbox.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
