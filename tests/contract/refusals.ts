import type { CallInput, ProcedureName } from '../../shared/contract/index.ts';
import { syncsDone } from '../support/test-app.ts';
import { decide, failedSync, preview } from './command-inputs.ts';
import { browserSignIn, first, NOWHERE, openAlert, openConflict, type Desk } from './desk.ts';
import { statement } from './statement.ts';

interface Refused {
  readonly input: unknown;
  readonly after?: () => Promise<unknown>;
}
type Prepare = (desk: Desk) => Promise<Refused> | Refused;

const NOBODY = '999999';
const NO_SIGN_IN = '00000000-0000-4000-8000-000000000000';
const CLEARWAY = { strategy: 'CLEARWAY_WINS' } as const;

/** Checked against the procedure’s input type, then called through each door. */
const call = <N extends ProcedureName>(_name: N, input: CallInput<N>, after?: () => Promise<unknown>): Refused => ({
  input,
  ...(after ? { after } : {}),
});
const gone = (): Refused => ({ input: { id: NOBODY } });

/** A batch nothing of which can be put back, since a later one decided the same again. */
async function overtaken(desk: Desk): Promise<{ earlier: string; later: string }> {
  const { holdingId } = await openConflict(desk.client, new Set());
  const edit = async (value: string): Promise<string> => {
    const { row } = await desk.client.call('holdings.get', { id: holdingId });
    const { batchId } = await desk.client.call('holdings.edit', {
      id: holdingId,
      field: 'costBasis',
      value: value as never,
      expected: row.costBasis,
      reason: 'Lot report',
    });
    return batchId;
  };
  return { earlier: await edit('101.5'), later: await edit('102.5') };
}

/** A sync of Black Diamond, which prepares its batch for seconds, so that it is under way while the doors are tried. */
async function runningSync(
  { client, facts }: Desk,
  connection = facts.connections.black_diamond,
): Promise<{ connection: string; stop: () => Promise<unknown> }> {
  const { operationId } = await client.call('connections.sync', { id: connection });
  return {
    connection,
    stop: async () => {
      await client.call('sync.cancel', { id: operationId });
      return syncsDone(client);
    },
  };
}

/** Every declared error that can be brought about here, as `procedure code`. */
export const refusals: Readonly<Record<string, Prepare>> = {
  'portfolios.get not_found': gone,
  'portfolios.create not_found': () => call('portfolios.create', { name: 'Larchfield endowment', accountIds: [NOBODY] }),
  'portfolios.create duplicate': async ({ client }) => {
    const { items } = await client.call('portfolios.list', {});
    return call('portfolios.create', { name: first(items).name });
  },
  'portfolios.holdings not_found': gone,
  'portfolios.conflicts not_found': gone,
  'holdings.get not_found': gone,
  'holdings.edit not_found': () =>
    call('holdings.edit', { id: NOBODY, field: 'price', value: '1' as never, expected: null, reason: 'x' }),
  'holdings.edit conflict_changed': ({ facts }) =>
    call('holdings.edit', {
      id: facts.holding,
      field: 'price',
      value: '1' as never,
      expected: '0.000123' as never,
      reason: 'Looked at an old screen',
    }),
  'sources.payload not_found': gone,
  'transactions.get not_found': gone,
  'performance.get not_found': gone,
  'performance.series not_found': gone,
  'portfolios.performance not_found': gone,
  'taxLots.get not_found': gone,
  'taxLots.ofHolding not_found': gone,
  'connections.get not_found': gone,
  'connections.test not_possible': ({ sandbox: { orion } }) =>
    call('connections.test', { platform: 'orion', baseUrl: orion.baseUrl, credentials: {}, signInId: NO_SIGN_IN }),
  'connections.beginSignIn not_found': ({ sandbox }) =>
    call('connections.beginSignIn', { ...browserSignIn(sandbox.addepar), connectionId: NOBODY }),
  'connections.beginSignIn not_possible': () =>
    call('connections.beginSignIn', { platform: 'custodian_file', baseUrl: 'http://127.0.0.1' }),
  'connections.signInState not_found': () => call('connections.signInState', { signInId: NO_SIGN_IN }),
  'connections.initiate duplicate': ({ sandbox: { orion } }) =>
    call('connections.initiate', {
      platform: 'orion',
      name: 'Orion',
      baseUrl: orion.baseUrl,
      credentials: { ...orion.credentials },
    }),
  'connections.initiate not_possible': () =>
    call('connections.initiate', { platform: 'custodian_file', name: 'Files', baseUrl: 'http://127.0.0.1', credentials: {} }),
  'connections.update not_found': gone,
  'connections.update not_possible': ({ facts }) => call('connections.update', { id: facts.connections.orion, name: 'Addepar' }),
  'connections.disconnect not_found': gone,
  'connections.disconnect already_running': async (desk) => {
    const { connection, stop } = await runningSync(desk);
    return call('connections.disconnect', { id: connection }, stop);
  },
  'connections.unlinked not_found': gone,
  'connections.health not_found': gone,
  'connections.events not_found': gone,
  'connections.linkAccounts not_found': ({ facts }) =>
    call('connections.linkAccounts', { id: facts.connections.orion, links: [{ externalId: 'nobody' }] }),
  'connections.linkAccounts duplicate': async ({ client, facts }) => {
    const id = facts.connections.addepar;
    const waiting = (await client.call('connections.unlinked', { id })).items.filter((item) => item.kind === 'account');
    const target = first((await client.call('accounts.list', { limit: 1 })).items).id;
    return call('connections.linkAccounts', {
      id,
      links: [{ externalId: first(waiting).externalId, targetId: target }],
    });
  },
  'connections.link not_found': ({ facts }) =>
    call('connections.link', { id: facts.connections.orion, kind: 'account', externalId: 'nobody' }),
  'connections.link duplicate': async ({ client, facts }) => {
    const id = facts.connections.addepar;
    const waiting = (await client.call('connections.unlinked', { id })).items.filter((item) => item.kind === 'account');
    // The opening book's first account is tied to this connection by its number.
    const target = first((await client.call('accounts.list', { limit: 1 })).items).id;
    return call('connections.link', { id, kind: 'account', externalId: first(waiting).externalId, targetId: target });
  },
  'webhooks.status not_found': gone,
  'webhooks.deliveries not_found': gone,
  'webhooks.enable not_found': gone,
  'webhooks.enable not_possible': async ({ client, facts }) => {
    await client.call('webhooks.enable', { id: facts.connections.orion }).catch(() => undefined);
    return call('webhooks.enable', { id: facts.connections.orion });
  },
  'webhooks.rotate not_found': gone,
  'webhooks.rotate not_possible': ({ facts }) => call('webhooks.rotate', { id: facts.connections.addepar }),
  'webhooks.disable not_found': gone,
  'webhooks.disable not_possible': ({ facts }) => call('webhooks.disable', { id: facts.connections.addepar }),
  'connections.sync not_found': gone,
  'connections.sync already_running': async (desk) => {
    const { connection, stop } = await runningSync(desk);
    return call('connections.sync', { id: connection }, stop);
  },
  'sync.operation not_found': gone,
  'sync.retry not_found': gone,
  'sync.retry already_running': async (desk) => {
    const { operation, connection } = await failedSync(desk, 'Refused once');
    const { stop } = await runningSync(desk, connection);
    return call('sync.retry', { id: operation }, async () => {
      await stop();
      await desk.client.call('connections.disconnect', { id: connection });
    });
  },
  'sync.retry not_possible': ({ facts }) => call('sync.retry', { id: facts.operation }),
  'sync.cancel not_found': gone,
  'sync.cancel not_possible': ({ facts }) => call('sync.cancel', { id: facts.operation }),
  'sync.quarantine not_found': gone,
  'sync.attempts not_found': gone,
  'sync.pages not_found': gone,
  'sync.timeline not_possible': () => call('sync.timeline', { from: '2026-11-20T08:00:00Z', to: '2026-11-20T08:00:00Z' }),
  'conflicts.get not_found': gone,
  'conflicts.preview not_found': ({ facts }) =>
    call('conflicts.preview', { selection: { ids: [facts.conflict, NOBODY] }, decision: CLEARWAY }),
  'conflicts.preview nothing_selected': () =>
    call('conflicts.preview', { selection: { matching: { search: 'no such account anywhere' } }, decision: CLEARWAY }),
  'conflicts.resolve not_found': ({ facts }) =>
    call('conflicts.resolve', { selection: { ids: [facts.conflict, NOBODY] }, decision: CLEARWAY }),
  'conflicts.resolve nothing_selected': () =>
    call('conflicts.resolve', { selection: { matching: { search: 'no such account anywhere' } }, decision: CLEARWAY }),
  'conflicts.resolve conflict_changed': ({ facts }) =>
    call('conflicts.resolve', { selection: { ids: [facts.conflict] }, decision: CLEARWAY, expectedVersion: 4711 }),
  'portfolios.resolveConflict not_found': ({ facts }) =>
    call('portfolios.resolveConflict', { id: facts.portfolio, conflictId: NOBODY, strategy: 'CLEARWAY_WINS' }),
  'portfolios.resolveConflict conflict_changed': async ({ client, facts }) => {
    const { row } = await client.call('holdings.get', { id: facts.holding });
    return call('portfolios.resolveConflict', {
      id: row.portfolioId ?? '',
      conflictId: facts.conflict,
      strategy: 'CLEARWAY_WINS',
      expectedVersion: 4711,
    });
  },
  'portfolios.resolveConflict not_possible': async ({ client }) => {
    const { id, holdingId } = await openConflict(client, new Set());
    const { row } = await client.call('holdings.get', { id: holdingId });
    await client.call('conflicts.resolve', { selection: { ids: [id] }, decision: CLEARWAY });
    return call('portfolios.resolveConflict', { id: row.portfolioId ?? '', conflictId: id, strategy: 'CLEARWAY_WINS' });
  },
  'conflicts.comment not_found': () => call('conflicts.comment', { id: NOBODY, text: 'x' }),
  'batches.previewUndo not_found': gone,
  'batches.previewUndo already_undone': async (desk) => undone(desk),
  'batches.undo not_found': gone,
  'batches.undo already_undone': async (desk) => undone(desk),
  'batches.undo later_decisions': async (desk) => call('batches.undo', { id: (await overtaken(desk)).earlier }),
  'batches.redo not_found': gone,
  'batches.redo not_possible': async (desk) => call('batches.redo', { id: await decide(desk) }),
  'batches.redo later_decisions': async (desk) => {
    const { client } = desk;
    const { earlier, later } = await overtaken(desk);
    await client.call('batches.undo', { id: later });
    await client.call('batches.undo', { id: earlier });
    await overtaken(desk);
    return call('batches.redo', { id: earlier });
  },
  'reconciliation.start not_found': () => call('reconciliation.start', { accountIds: [NOBODY] }),
  'reconciliation.start not_possible': () => call('reconciliation.start', { asOf: '1999-12-31' as never }),
  'reconciliation.get not_found': gone,
  'reconciliation.breaks not_found': gone,
  'reconciliation.facets not_found': gone,
  'reconciliation.export not_found': gone,
  'reconciliation.fix not_found': gone,
  'reconciliation.fix nothing_selected': ({ facts }) => call('reconciliation.fix', { id: facts.run, breakIds: [NOBODY] }),
  'alerts.get not_found': gone,
  'alerts.acknowledge not_found': ({ facts }) => call('alerts.acknowledge', { ids: [facts.alert, NOBODY] }),
  'alerts.snooze not_found': () => call('alerts.snooze', { ids: [NOBODY], until: new Date(Date.now() + 60_000).toISOString() }),
  'alerts.snooze not_possible': async ({ client }) =>
    call('alerts.snooze', { ids: [await openAlert(client)], until: '2020-01-01T00:00:00.000Z' }),
  'alerts.reopen not_found': () => call('alerts.reopen', { ids: [NOBODY] }),
  'alerts.updateRule conflict_changed': async ({ client }) => {
    const { subjectKind: _, version, ...rule } = first((await client.call('alerts.rules', {})).items);
    return call('alerts.updateRule', { ...rule, expectedVersion: version - 1 });
  },
  'alertDestinations.add duplicate': () => call('alertDestinations.add', { name: 'Desk', ...NOWHERE }),
  'alertDestinations.add not_possible': () => call('alertDestinations.add', { name: 'Plain', url: 'http://hooks.example/in' }),
  'alertDestinations.update not_found': () =>
    call('alertDestinations.update', { id: NOBODY, name: 'Nobody', ...NOWHERE, status: 'on' }),
  'alertDestinations.update duplicate': async ({ client }) => {
    const { id } = await client.call('alertDestinations.add', { name: 'Estuary', ...NOWHERE });
    return call('alertDestinations.update', { id, name: 'Desk', ...NOWHERE, status: 'on' });
  },
  'alertDestinations.update not_possible': ({ facts }) =>
    call('alertDestinations.update', {
      id: facts.destination,
      name: 'Desk',
      url: 'https://169.254.169.254/latest',
      allowPrivate: true,
      status: 'on',
    }),
  'alertDestinations.rotate not_found': gone,
  'alertDestinations.remove not_found': gone,
  'alertDestinations.test not_found': gone,
  'alertDestinations.deliveries not_found': gone,
  'imports.preview unreadable_file': () =>
    call('imports.preview', { fileName: 'x.ofx', content: Buffer.from('not a statement').toString('base64') }),
  'diagnostics.save not_found': () => call('diagnostics.save', { bundleId: 'nothing' }),
  'imports.apply not_found': () => call('imports.apply', { previewId: 'nothing' }),
  'imports.apply conflict_changed': async (desk) => {
    const previewId = await preview(desk, 'overtaken');
    const newer = await desk.client.call('imports.preview', {
      fileName: 'newer.ofx',
      content: statement('TAG-overtaken', '500'),
    });
    await desk.client.call('imports.apply', { previewId: newer.previewId });
    return call('imports.apply', { previewId });
  },
  'imports.rollback not_found': gone,
  'backups.restore not_found': () => Promise.resolve({ input: { name: 'book-20260101T000000000Z-asked.db' } }),
  'imports.rollback already_undone': async (desk) => {
    const { importId } = await desk.client.call('imports.apply', { previewId: await preview(desk, 'twice') });
    await desk.client.call('imports.rollback', { id: importId });
    return call('imports.rollback', { id: importId });
  },
};

async function undone(desk: Desk): Promise<Refused> {
  const id = await decide(desk);
  await desk.client.call('batches.undo', { id });
  return { input: { id } };
}

/** Declared errors that this suite does not bring about, with the reason. */
export const NOT_PROVOKED: Readonly<Record<string, string>> = {
  'connections.test platform_refused': 'answered as { ok: false } with the platform’s words instead',
  'connections.test platform_unreachable': 'answered as { ok: false } with the reason instead',
  'connections.sync needs_sign_in': 'the sync starts, and its operation ends as failed with this code',
  'sync.retry needs_sign_in': 'the sync starts again, and its operation ends as failed with this code',
  'conflicts.resolve not_possible': 'what cannot be settled is counted by reason in the answer instead',
  'reconciliation.export too_large': 'takes more than 200,000 breaks; see tests/reconciliation',
  'backups.restore not_possible': 'takes a backup that is damaged or of a newer program; see tests/store/restore.test.ts',
  'secrets.rotate not_possible': 'takes a vault without a key, or a locked one; see tests/vault and tests/api',
  'imports.preview too_large': 'takes a file above 20 MB; see tests/imports',
  'imports.apply unreadable_file': 'the preview has read the same bytes before',
  'imports.rollback later_decisions': 'takes a decision on an imported position; see tests/imports',
};
