import { AppError, contract, type AppEvent, type Output } from '../../shared/contract/index.ts';
import { PLATFORMS, type Platform } from '../../shared/model/holding.ts';
import type { Connector, Credentials } from '../connectors/connector.ts';
import { excerpt } from '../connectors/excerpt.ts';
import type { Clock } from '../ports/clock.ts';
import type { HttpClient } from '../ports/http.ts';
import type { SecretStore } from '../vault/vault.ts';
import { decompress } from '../sync/staged-page.ts';
import type { SyncRunner } from '../sync/runner.ts';
import type { AppFacts } from './app-facts.ts';
import type { StoredPayload } from './book-reads.ts';
import { signInProvider } from '../sign-in/providers.ts';
import { signOut } from '../sign-in/sign-out.ts';
import type { SignIns } from '../sign-in/sign-ins.ts';
import type { TokenKeeper } from '../sign-in/token-keeper.ts';
import { createConnectionHealth } from './connection-health.ts';
import { createConnectionSignIn } from './connection-sign-in.ts';
import { createConnectionTest } from './connection-test.ts';
import { assertSameHosts, withOwnSettings } from './connection-settings.ts';
import type { ConnectionFactsRow } from './connection-reads.ts';
import type { Actor, Services } from './handler.ts';
import type { WebhookEndpoint } from './webhook-store.ts';

/** Reads and writes other parts of the program may ask for by name. */
export interface ServiceParts {
  readonly read: <R>(name: string, input: unknown) => Promise<R>;
  /** Writes without an audit entry of its own: the dispatcher adds the one of the procedure. */
  readonly write: <R>(
    actor: string,
    name: string,
    input: unknown,
    onProgress?: (done: number, total: number | null) => void,
  ) => Promise<R>;
  /** Leaves an entry in the audit trail about what happened outside a command of its own. Never rejects. */
  readonly note: (actor: string, event: string, details: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly runner: SyncRunner;
  readonly vault: SecretStore;
  readonly signIns: SignIns;
  readonly tokens: Pick<TokenKeeper, 'forget'>;
  readonly connectors: ReadonlyMap<Platform, Connector>;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly emit: (event: AppEvent) => void;
  readonly newRef: () => string;
  readonly host: Output<'app.info'>['host'];
  readonly version: string;
  readonly log: {
    info(message: string, details: Readonly<Record<string, unknown>>): void;
    error(message: string, details: Readonly<Record<string, unknown>>): void;
  };
}

/** The member whose last characters identify a credential on screen. */
const MAIN_SECRET: Readonly<Record<Platform, string>> = {
  addepar: 'apiKey',
  orion: 'clientSecret',
  black_diamond: 'clientSecret',
  custodian_file: '',
};

const browserFields = ({ platform, settings }: Connector): Output<'connections.platforms'>['items'][number]['browserSignIn'] => {
  const provider = signInProvider(platform);
  const asked = new Set(settings.map(({ key }) => key));
  return provider && { credentials: [...provider.credentials], settings: provider.settings.filter(({ key }) => !asked.has(key)) };
};

/** Procedures that talk to platforms, the vault or the sync engine. */
export function createServices(parts: ServiceParts): Services {
  const signIn = createConnectionSignIn(parts);
  const test = createConnectionTest(parts);
  const connectorFor = (platform: Platform): Connector => {
    const connector = parts.connectors.get(platform);
    if (!connector) throw new AppError('not_possible', 'Custodian files are imported on the Import screen, not connected.');
    return connector;
  };

  async function keepSecret(platform: Platform, credentials: Credentials): Promise<{ ref: string; hint: string | null }> {
    const ref = parts.newRef();
    const main = 'accessToken' in credentials ? 'clientSecret' : MAIN_SECRET[platform];
    const { hint } = await parts.vault.put(ref, credentials, main);
    return { ref, hint };
  }

  async function dropSecret(ref: string | null): Promise<void> {
    if (ref === null) return;
    parts.tokens.forget(ref);
    await parts.vault.remove(ref);
  }

  async function compare(actor: Actor, runId: string): Promise<void> {
    const report = (done: number, total: number, finished: boolean): void =>
      parts.emit({ type: 'reconciliation_progressed', runId, done, total, finished });
    try {
      await parts.write(actor.name, 'reconciliation.run', { runId }, (done, total) => report(done, total ?? done, false));
    } catch (error) {
      parts.log.error('a reconciliation run failed', { runId, error });
      const message =
        error instanceof AppError ? error.message : 'The run stopped because of an unexpected error. The log has the details.';
      await parts.write(actor.name, 'reconciliation.fail', { runId, message });
    } finally {
      report(1, 1, true);
      parts.emit({ type: 'data_changed', topics: ['reconciliation', 'audit'] });
    }
  }

  return {
    'app.info': async (_input, { actor }) => {
      const facts = await parts.read<AppFacts>('app/facts', {});
      return {
        firm: facts.firm,
        version: parts.version,
        asOf: facts.asOf,
        user: actor,
        host: parts.host,
        demo: facts.connections.some((c) => c.demo),
        secrets: await parts.vault.describe(),
      };
    },
    'connections.platforms': async () => ({
      items: PLATFORMS.flatMap((platform) => {
        const c = parts.connectors.get(platform);
        return c
          ? [
              {
                platform,
                name: c.name,
                defaultBaseUrl: c.defaultBaseUrl,
                credentials: [...c.credentials],
                settings: [...c.settings],
                browserSignIn: browserFields(c),
              },
            ]
          : [];
      }),
    }),
    ...signIn.services,
    ...createConnectionHealth(parts),
    'connections.test': async (entered) => {
      const { platform, baseUrl, signInId } = entered;
      const connector = connectorFor(platform);
      const chosen = await signIn.choose(entered).catch((error: unknown) => {
        // What was typed and is refused is the answer to the question; a sign-in that is not there is not.
        if (signInId === undefined && error instanceof AppError) return error;
        throw error;
      });
      return test(connector, baseUrl, chosen);
    },
    'connections.initiate': async ({ platform, name, baseUrl, strategy, syncEveryMinutes, ...entered }, { write }) => {
      connectorFor(platform);
      const { settings, credentials } = await signIn.choose({ platform, baseUrl, ...entered });
      const secret = await keepSecret(platform, credentials);
      try {
        const { id } = await write<{ id: number }>('connection/add', {
          platform,
          name,
          baseUrl,
          settings,
          secretRef: secret.ref,
          secretHint: secret.hint,
          strategy,
          syncEveryMinutes,
        });
        signIn.used(entered.signInId);
        return { id: String(id) };
      } catch (error) {
        await parts.vault.remove(secret.ref);
        throw error;
      }
    },
    'connections.update': async ({ id, credentials, signInId, settings: asked, ...change }, { write }) => {
      const facts = await parts.read<ConnectionFactsRow>('connection/facts', { id: Number(id) });
      const settings = asked === undefined ? undefined : withOwnSettings(asked, facts.settings);
      if (credentials === undefined && signInId === undefined) {
        assertSameHosts(
          {
            ...(change.baseUrl === undefined ? {} : { baseUrl: change.baseUrl }),
            ...(settings === undefined ? {} : { settings }),
          },
          facts,
        );
        await write('connection/update', { id: Number(id), ...change, settings });
      } else {
        const { platform, baseUrl } = facts;
        const entered = { platform, baseUrl: change.baseUrl ?? baseUrl, settings: settings ?? facts.settings, signInId };
        const chosen = await signIn.choose({ ...entered, credentials: credentials ?? {} });
        const secret = await keepSecret(facts.platform, chosen.credentials);
        await write('connection/update', { id: Number(id), ...change, settings: chosen.settings, secret });
        signIn.used(signInId);
        await dropSecret(facts.secretRef);
      }
      return parts.read<Output<'connections.get'>>('connections.get', { id });
    },
    'connections.disconnect': async ({ id }, { write, actor }) => {
      const { secretRef, ...facts } = await parts.read<ConnectionFactsRow>('connection/facts', { id: Number(id) });
      const found = secretRef === null ? null : await parts.vault.get(secretRef);
      const webhook = await parts.read<WebhookEndpoint | null>('webhook/endpoint', { connectionId: Number(id) });
      await write('connection/disconnect', { id: Number(id) });
      await dropSecret(secretRef);
      if (webhook !== null) await parts.vault.remove(webhook.secretRef);
      const { outcome, message } = await signOut(facts, found?.ok ? found.secrets : null, parts);
      // Entered credentials are no sign-in that could end; the entry of this command says that they went.
      if (found?.ok && 'accessToken' in found.secrets)
        await parts.note(actor.name, 'signed_out', { connectionId: id, outcome, message });
      return { signOut: outcome, message };
    },
    'connections.sync': async ({ id, acceptShrink }, { actor }) => {
      const facts = await parts.read<ConnectionFactsRow>('connection/facts', { id: Number(id) });
      if (facts.platform === 'custodian_file' || facts.status === 'disconnected')
        throw new AppError('not_found', 'This connection cannot be synced. Import a newer file, or connect it again.');
      return { operationId: String(await parts.runner.start(Number(id), actor.name, { acceptShrink, by: 'person' })) };
    },
    'sync.all': async (_input, { actor }) => {
      const { items } = await parts.read<Output<'connections.list'>>('connections.list', {});
      const read = items.filter((c) => c.platform !== 'custodian_file' && c.status === 'active');
      const operationIds = await parts.runner.startAll(
        read.map((c) => Number(c.id)),
        actor.name,
      );
      return { operationIds: operationIds.map(String) };
    },
    'sync.retry': async ({ id }, { actor }) => ({
      operationId: String(await parts.runner.retry(Number(id), actor.name, { acceptShrink: false })),
    }),
    'sync.cancel': async ({ id }) => {
      await parts.read('sync.operation', { id });
      if (!(await parts.runner.cancel(Number(id))))
        throw new AppError('not_possible', 'This sync is not running, so there is nothing to cancel.');
      return {};
    },
    'sources.payload': async ({ id, kind }) => {
      const { body, place, ...facts } = await parts.read<StoredPayload>('payload/stored', { id, kind });
      const text = await excerpt(decompress(body), facts.contentType, place);
      return { recordId: id, ...facts, excerpt: text ?? 'This record cannot be cut out of the stored reply.' };
    },
    'reconciliation.start': async (input, { actor, write }) => {
      const started = await write<Output<'reconciliation.start'>>(
        'reconciliation.start',
        contract['reconciliation.start'].input.parse(input),
      );
      void compare(actor, started.id);
      return started;
    },
  };
}
