import { AppError } from '../../shared/contract/index.ts';
import type { DestinationFacts } from '../alerts/destinations.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { SecretStore } from '../vault/vault.ts';
import type { SendMessage } from './alert-sender.ts';
import type { Services } from './handler.ts';
import { addressProblem } from './webhook-address.ts';
import { webhookSecret } from './webhook-signature.ts';

export interface AlertDestinationParts {
  readonly read: <R>(name: string, input: unknown) => Promise<R>;
  readonly vault: Pick<SecretStore, 'put' | 'remove'>;
  readonly random: Pick<Random, 'bytes' | 'uuid'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly send: SendMessage;
}

const SECRET_BYTES = 32;

function assertAddress(url: string, allowPrivate: boolean): void {
  const problem = addressProblem(url, allowPrivate);
  if (problem !== null) throw new AppError('not_possible', problem);
}

/** Where messages about alerts go. A secret is answered once and kept in the vault. */
export function createAlertDestinationServices({ read, vault, random, clock, send }: AlertDestinationParts): Services {
  const factsOf = (id: string): Promise<DestinationFacts> => read('alert-destination/facts', { id: Number(id) });

  /** Keeps a new secret for as long as `use` of its place succeeds. */
  async function withSecret<R>(use: (secretRef: string) => Promise<R>): Promise<{ secret: string; made: R }> {
    const secret = webhookSecret(random.bytes(SECRET_BYTES));
    const secretRef = `alert-destination-${random.uuid()}`;
    await vault.put(secretRef, { secret }, 'secret');
    try {
      return { secret, made: await use(secretRef) };
    } catch (error) {
      await vault.remove(secretRef);
      throw error;
    }
  }

  return {
    'alertDestinations.add': async ({ name, url, allowPrivate }, { write }) => {
      assertAddress(url, allowPrivate);
      const { secret, made } = await withSecret((secretRef) =>
        write<{ id: number }>('alert-destination/add', { name, url, allowPrivate, secretRef }),
      );
      return { id: String(made.id), secret };
    },
    'alertDestinations.update': async ({ id, ...change }, { write }) => {
      await factsOf(id);
      assertAddress(change.url, change.allowPrivate);
      await write('alert-destination/update', { id: Number(id), ...change });
      return {};
    },
    'alertDestinations.rotate': async ({ id }, { write }) => {
      const before = await factsOf(id);
      const { secret } = await withSecret((secretRef) => write('alert-destination/set-secret', { id: Number(id), secretRef }));
      await vault.remove(before.secretRef);
      return { secret };
    },
    'alertDestinations.remove': async ({ id }, { write }) => {
      const { secretRef } = await factsOf(id);
      await write('alert-destination/remove', { id: Number(id) });
      await vault.remove(secretRef);
      return {};
    },
    'alertDestinations.test': async ({ id }) => {
      const destination = await factsOf(id);
      const body = JSON.stringify({ type: 'alert.test', timestamp: clock.now(), data: { destination: destination.name } });
      const sent = await send({ ...destination, messageId: `msg_${random.uuid()}`, body });
      const { outcome, status, message, answer, milliseconds } = sent;
      return { ok: outcome === 'delivered', status, message, answer, milliseconds };
    },
  };
}
