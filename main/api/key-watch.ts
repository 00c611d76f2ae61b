import type { Output } from '../../shared/contract/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { SecretStore } from '../vault/vault.ts';
import { isKeyDue } from './key-age.ts';
import { rotateSecrets } from './secret-services.ts';

export interface KeyWatchParts {
  readonly vault: Pick<SecretStore, 'status' | 'renewKey' | 'finishRenewal'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Hears of every renewal, for the audit trail and the screens. */
  readonly onRenewed: (renewed: Output<'secrets.rotate'>) => Promise<void>;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

export interface KeyWatch {
  /** Checks now and then once a day, without keeping anybody waiting, until stopped. */
  start(): void;
  /** Gives a check under way two seconds to end; a renewal that is cut short is completed at the next start. */
  stop(): Promise<void>;
}

const DAY_MS = 24 * 60 * 60_000;
const STOP_WITHIN_MS = 2_000;

/** Renews the key of the vault when it is due, and completes a renewal that was cut short. */
export function createKeyWatch({ vault, clock, onRenewed, log }: KeyWatchParts): KeyWatch {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  async function check(): Promise<void> {
    const { state, keyCreatedAt, unfinished } = await vault.status();
    // A locked keychain is no failure, and is asked again tomorrow.
    if (state !== 'ready') return;
    if (isKeyDue(keyCreatedAt, clock.now())) await onRenewed(await rotateSecrets(vault));
    else if (unfinished) await vault.finishRenewal();
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      await check().catch((error: unknown) => log.error('the daily check of the vault’s key failed', { error }));
      await clock.sleep(DAY_MS, stopping.signal).catch(() => undefined);
    }
  }

  return {
    start: () => {
      running = watch();
    },
    stop: () => {
      stopping.abort();
      return Promise.race([running, clock.sleep(STOP_WITHIN_MS)]);
    },
  };
}
