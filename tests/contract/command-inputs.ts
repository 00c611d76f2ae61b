import type { CallInput, CommandName, Output } from '../../shared/contract/index.ts';
import { syncsDone } from '../support/test-app.ts';
import { browserSignIn, first, NOWHERE, openAlert, openConflict, reconciled, runFinished, type Desk } from './desk.ts';
import { statement } from './statement.ts';

/** What one command is called with, on subjects of its own, so that it works through each door in turn. */
interface CommandCall<N extends CommandName> {
  /** Brings about what the command needs and answers its input; `tag` differs by door. */
  readonly input: (desk: Desk, tag: string) => Promise<CallInput<N>> | CallInput<N>;
  /** Waits for what the command set off, and takes away what would disturb the next call. */
  readonly after?: (desk: Desk, output: Output<N>, input: CallInput<N>) => Promise<unknown>;
}

/** Conflicts, positions and breaks that a call has used. */
const taken = new Set<string>();

/** A connection to the sandbox’s Orion with a wrong password. */
const addConnection = async ({ client, sandbox: { orion: platform } }: Desk, name: string): Promise<string> =>
  (
    await client.call('connections.initiate', {
      platform: 'orion',
      name,
      baseUrl: platform.baseUrl,
      settings: { ...platform.settings, sandbox: 'yes' },
      credentials: { ...platform.credentials, password: 'wrong' },
    })
  ).id;

const destination = async ({ client }: Desk, name: string): Promise<string> =>
  (await client.call('alertDestinations.add', { name, ...NOWHERE })).id;

const withWebhook = async (desk: Desk, name: string): Promise<string> => {
  const id = await addConnection(desk, name);
  await desk.client.call('webhooks.enable', { id });
  return id;
};

/** A sync that failed because the platform refused the sign-in, and whose connection has the right one by now. */
export async function failedSync(desk: Desk, name: string): Promise<{ operation: string; connection: string }> {
  const connection = await addConnection(desk, name);
  const { operationId } = await desk.client.call('connections.sync', { id: connection });
  await syncsDone(desk.client);
  await desk.client.call('connections.update', { id: connection, credentials: { ...desk.sandbox.orion.credentials } });
  return { operation: operationId, connection };
}

export const decide = async ({ client }: Desk): Promise<string> => {
  const { id } = await openConflict(client, taken);
  return (
    (await client.call('conflicts.resolve', { selection: { ids: [id] }, decision: { strategy: 'CLEARWAY_WINS' } })).batchId ?? ''
  );
};

const disconnect = (desk: Desk, id: string): Promise<unknown> => desk.client.call('connections.disconnect', { id });

async function unlinkedItem({ client, facts }: Desk, wanted?: 'account') {
  for (const id of [facts.connections.orion, facts.connections.black_diamond, ...(wanted ? [facts.connections.addepar] : [])]) {
    const { items } = await client.call('connections.unlinked', { id });
    const item = items.find(({ kind, externalId }) => (wanted ?? kind) === kind && !taken.has(`${id} ${kind} ${externalId}`));
    if (item === undefined) continue;
    taken.add(`${id} ${item.kind} ${item.externalId}`);
    return { id, kind: item.kind, externalId: item.externalId };
  }
  throw new Error('The demo firm has no more unlinked items.');
}

export const preview = async ({ client }: Desk, tag: string): Promise<string> =>
  (await client.call('imports.preview', { fileName: `${tag}.ofx`, content: statement(`TAG-${tag}`, '400') })).previewId;

/** Valid input for every command; the compiler refuses a table that leaves one out. */
export const commandInputs: { readonly [N in CommandName]: CommandCall<N> } = {
  'portfolios.create': { input: (_desk, tag) => ({ name: `Birchwood family trust ${tag}`, accountIds: [] }) },
  'holdings.edit': {
    input: async ({ client }) => {
      const { rows } = await client.call('holdings.page', {
        limit: 50,
        filters: [{ column: 'type', operator: 'is', value: 'stock' }],
      });
      const row = first(rows.filter(({ id }) => !taken.has(`holding ${id}`)));
      taken.add(`holding ${row.id}`);
      return {
        id: row.id,
        field: 'costBasis',
        value: '1234.5' as never,
        expected: row.costBasis,
        reason: 'The custodian’s lot report',
      };
    },
  },
  'connections.test': {
    input: ({ sandbox: { orion } }) => ({ platform: 'orion', baseUrl: orion.baseUrl, credentials: { ...orion.credentials } }),
  },
  'connections.initiate': {
    input: ({ sandbox: { orion } }, tag) => ({
      platform: 'orion',
      name: `Orion ${tag}`,
      baseUrl: orion.baseUrl,
      credentials: { ...orion.credentials },
    }),
    after: (desk, { id }) => disconnect(desk, id),
  },
  'connections.update': {
    input: async (desk, tag) => ({ id: await addConnection(desk, `Before ${tag}`), name: `After ${tag}`, syncEveryMinutes: 30 }),
    after: (desk, { id }) => disconnect(desk, id),
  },
  'connections.beginSignIn': {
    input: ({ sandbox }) => browserSignIn(sandbox.addepar),
    after: ({ client }, { signInId }) => client.call('connections.cancelSignIn', { signInId }),
  },
  'connections.cancelSignIn': {
    input: async ({ client, sandbox }) => ({
      signInId: (await client.call('connections.beginSignIn', browserSignIn(sandbox.addepar))).signInId,
    }),
  },
  'connections.disconnect': { input: async (desk, tag) => ({ id: await addConnection(desk, `Short-lived ${tag}`) }) },
  'webhooks.enable': {
    input: async (desk, tag) => ({ id: await addConnection(desk, `Told ${tag}`) }),
  },
  'webhooks.rotate': { input: async (desk, tag) => ({ id: await withWebhook(desk, `Told anew ${tag}`) }) },
  'webhooks.disable': { input: async (desk, tag) => ({ id: await withWebhook(desk, `Told no more ${tag}`) }) },
  'connections.link': { input: (desk) => unlinkedItem(desk) },
  'connections.linkAccounts': {
    input: async (desk) => {
      const { id, externalId } = await unlinkedItem(desk, 'account');
      return { id, links: [{ externalId }] };
    },
  },
  'connections.sync': {
    input: ({ facts }) => ({ id: facts.connections.orion }),
    after: ({ client }) => syncsDone(client),
  },
  'sync.all': { input: () => ({}), after: ({ client }) => syncsDone(client) },
  'sync.retry': {
    input: async (desk, tag) => ({ id: (await failedSync(desk, `Refused ${tag}`)).operation }),
    after: async (desk, { operationId }) => {
      await syncsDone(desk.client);
      const { connectionId } = await desk.client.call('sync.operation', { id: operationId });
      await disconnect(desk, connectionId);
    },
  },
  'sync.cancel': {
    // Black Diamond prepares its batch for seconds, so the sync is under way when the cancel comes.
    input: async ({ client, facts }) => ({
      id: (await client.call('connections.sync', { id: facts.connections.black_diamond })).operationId,
    }),
    after: ({ client }) => syncsDone(client),
  },
  'sync.changeLimits': { input: ({ client }) => client.call('sync.limits', {}) },
  'conflicts.preview': {
    input: ({ facts }) => ({
      selection: { matching: { filters: [{ column: 'field', operator: 'is', value: 'price' }] }, except: [facts.conflict] },
      decision: { strategy: 'PLATFORM_WINS' },
    }),
  },
  'conflicts.resolve': {
    input: async ({ client }, tag) => {
      const { id, version } = await openConflict(client, taken);
      return {
        selection: { ids: [id] },
        decision: { strategy: 'CLEARWAY_WINS' },
        comment: `Our vendor, ${tag}`,
        expectedVersion: version,
      };
    },
  },
  'portfolios.resolveConflict': {
    input: async ({ client }) => {
      const { id, holdingId } = await openConflict(client, taken);
      const { row } = await client.call('holdings.get', { id: holdingId });
      return { id: row.portfolioId ?? '', conflictId: id, strategy: 'CLEARWAY_WINS' };
    },
  },
  'conflicts.comment': { input: ({ facts }, tag) => ({ id: facts.conflict, text: `Asked the custodian, ${tag}` }) },
  'batches.undo': { input: async (desk) => ({ id: await decide(desk) }) },
  'batches.redo': {
    input: async (desk) => {
      const id = await decide(desk);
      await desk.client.call('batches.undo', { id });
      return { id };
    },
  },
  'reconciliation.start': {
    input: ({ facts }) => ({ connectionIds: [facts.connections.orion] }),
    after: ({ client }, { id }) => runFinished(client, id),
  },
  'reconciliation.fix': {
    input: async ({ client }) => ({ id: (await reconciled(client)).id }),
  },
  'settings.update': { input: async ({ client }) => ({ tolerances: (await client.call('settings.get', {})).tolerances }) },
  'secrets.rotate': { input: () => ({}) },
  'backups.create': { input: () => ({}) },
  'backups.restore': { input: async ({ client }) => ({ name: (await client.call('backups.create', {})).name }) },
  'alerts.acknowledge': { input: async ({ client }, tag) => ({ ids: [await openAlert(client)], note: `Looked at, ${tag}` }) },
  'alerts.snooze': {
    input: async ({ client }) => ({
      ids: [await openAlert(client)],
      until: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  },
  'alerts.reopen': {
    input: async ({ client }) => {
      const ids = [await openAlert(client)];
      await client.call('alerts.acknowledge', { ids });
      return { ids };
    },
  },
  'alerts.updateRule': {
    input: async ({ client }) => {
      const { subjectKind: _, version, ...rule } = first((await client.call('alerts.rules', {})).items);
      return { ...rule, threshold: 3, expectedVersion: version };
    },
  },
  'alertDestinations.add': {
    input: (_desk, tag) => ({ name: `Tide ${tag}`, ...NOWHERE }),
    after: ({ client }, { id }) => client.call('alertDestinations.remove', { id }),
  },
  'alertDestinations.update': {
    input: async (desk, tag) => ({
      id: await destination(desk, `Ford ${tag}`),
      name: `Weir ${tag}`,
      ...NOWHERE,
      status: 'off' as const,
    }),
  },
  'alertDestinations.rotate': { input: async (desk, tag) => ({ id: await destination(desk, `Lock ${tag}`) }) },
  'alertDestinations.remove': { input: async (desk, tag) => ({ id: await destination(desk, `Ferry ${tag}`) }) },
  'alertDestinations.test': { input: async (desk, tag) => ({ id: await destination(desk, `Delta ${tag}`) }) },
  'diagnostics.prepare': { input: () => ({}) },
  'diagnostics.save': {
    input: async ({ client }) => ({ bundleId: (await client.call('diagnostics.prepare', {})).bundleId }),
  },
  'imports.preview': { input: (_desk, tag) => ({ fileName: `${tag}.ofx`, content: statement(`LOOK-${tag}`, '400') }) },
  'imports.apply': { input: async (desk, tag) => ({ previewId: await preview(desk, tag) }) },
  'imports.rollback': {
    input: async (desk, tag) => ({
      id: (await desk.client.call('imports.apply', { previewId: await preview(desk, `back-${tag}`) })).importId,
    }),
  },
};
