import { AppError, type Output } from '../../shared/contract/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { SecretStore } from '../vault/vault.ts';
import type { Services } from './handler.ts';
import { RENEW_AFTER_DAYS, keyAgeDays } from './key-age.ts';

export interface SecretServiceParts {
  readonly vault: Pick<SecretStore, 'status' | 'describe' | 'renewKey'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Renews the key of the vault. Rejects with `not_possible` and the vault’s own words when that cannot be done. */
export async function rotateSecrets(vault: Pick<SecretStore, 'renewKey'>): Promise<Output<'secrets.rotate'>> {
  const result = await vault.renewKey();
  if (!result.ok) throw new AppError('not_possible', result.message);
  const { kept, resealed, left, oldKeyGone, at } = result;
  return { store: kept, resealed, left, oldKeyGone, at };
}

/** What a person may know and do about the key that connection secrets are sealed with. */
export function createSecretServices({ vault, clock }: SecretServiceParts): Services {
  return {
    'secrets.status': async () => {
      const { kind, state, entries, inMemory, keyCreatedAt, renewedAt, unfinished } = await vault.status();
      return {
        store: kind,
        state,
        description: await vault.describe(),
        entries,
        inMemory,
        keyCreatedAt,
        keyAgeDays: keyAgeDays(keyCreatedAt, clock.now()),
        renewAfterDays: RENEW_AFTER_DAYS,
        renewedAt,
        unfinished,
      };
    },
    'secrets.rotate': () => rotateSecrets(vault),
  };
}
