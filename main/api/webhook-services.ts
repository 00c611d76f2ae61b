import { AppError, type Output } from '../../shared/contract/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { SecretStore } from '../vault/vault.ts';
import type { ConnectionFactsRow } from './connection-reads.ts';
import type { ServiceContext, Services } from './handler.ts';
import { webhookSecret } from './webhook-signature.ts';
import { webhookPath, type WebhookEndpoint } from './webhook-store.ts';

export interface WebhookServiceParts {
  readonly read: <R>(name: string, input: unknown) => Promise<R>;
  readonly vault: Pick<SecretStore, 'get' | 'put' | 'remove'>;
  readonly random: Pick<Random, 'bytes' | 'uuid'>;
  readonly clock: Pick<Clock, 'now'>;
}

const SECRET_BYTES = 32;
const OVERLAP_MS = 24 * 60 * 60_000;

/** Makes, replaces and forgets the secrets that messages are signed with. A secret is answered once and kept in the vault. */
export function createWebhookServices({ read, vault, random, clock }: WebhookServiceParts): Services {
  const endpointOf = (id: string): Promise<WebhookEndpoint | null> => read('webhook/endpoint', { connectionId: Number(id) });

  async function make(
    id: string,
    previous: { readonly secret: string; readonly until: string } | null,
    write: ServiceContext['write'],
  ): Promise<Output<'webhooks.enable'>> {
    const secret = webhookSecret(random.bytes(SECRET_BYTES));
    const secretRef = `webhook-${random.uuid()}`;
    await vault.put(secretRef, { secret, ...(previous ? { previous: previous.secret } : {}) }, 'secret');
    const previousUntil = previous?.until ?? null;
    try {
      await write('webhook/keep', { connectionId: Number(id), secretRef, previousUntil });
    } catch (error) {
      await vault.remove(secretRef);
      throw error;
    }
    return { path: webhookPath(id), secret, previousUntil };
  }

  return {
    'webhooks.enable': async ({ id }, { write }) => {
      const { status, platform } = await read<ConnectionFactsRow>('connection/facts', { id: Number(id) });
      if (status === 'disconnected' || platform === 'custodian_file')
        throw new AppError('not_possible', 'This connection is not synced, so no message could start a sync.');
      if ((await endpointOf(id)) !== null)
        throw new AppError('not_possible', 'This connection takes messages already. Make a new secret if the old one is lost.');
      return make(id, null, write);
    },
    'webhooks.rotate': async ({ id }, { write }) => {
      await read<ConnectionFactsRow>('connection/facts', { id: Number(id) });
      const before = await endpointOf(id);
      if (before === null) throw new AppError('not_possible', 'This connection takes no messages. Switch them on first.');
      const found = await vault.get(before.secretRef);
      const secret = found.ok ? found.secrets['secret'] : undefined;
      const until = new Date(Date.parse(clock.now()) + OVERLAP_MS).toISOString();
      const made = await make(id, secret === undefined ? null : { secret, until }, write);
      await vault.remove(before.secretRef);
      return made;
    },
    'webhooks.disable': async ({ id }, { write }) => {
      await read<ConnectionFactsRow>('connection/facts', { id: Number(id) });
      const before = await endpointOf(id);
      if (before === null) throw new AppError('not_possible', 'This connection takes no messages.');
      await write('webhook/forget', { connectionId: Number(id) });
      await vault.remove(before.secretRef);
      return {};
    },
  };
}
