import type { AppEvent, Topic } from '../../shared/contract/index.ts';
import type { Platform } from '../../shared/model/holding.ts';
import type { Notice } from '../alerts/evaluate.ts';
import type { Connector } from '../connectors/connector.ts';
import type { Clock } from '../ports/clock.ts';
import type { DataFolderState } from '../ports/data-folder-state.ts';
import type { Random } from '../ports/random.ts';
import type { SecretStore } from '../vault/vault.ts';
import { createAlertMeasures } from './alert-measures.ts';
import { createAlertOutbox, type AlertOutboxParts } from './alert-outbox.ts';
import { createAlertWatch } from './alert-watch.ts';

export interface AlertingParts {
  readonly read: <R>(name: string, input: unknown) => Promise<R>;
  readonly write: <R>(name: string, input: unknown) => Promise<R>;
  readonly send: AlertOutboxParts['send'];
  readonly vault: SecretStore;
  readonly connectors: ReadonlyMap<Platform, Connector>;
  readonly folder: DataFolderState;
  readonly notify: (notices: readonly Notice[]) => void;
  readonly emit: (event: AppEvent) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

export interface Alerting {
  hear(event: AppEvent): void;
  stop(): Promise<void>;
}

/** Watches for what people are to be told of, and sends what waits for a destination, until stopped. */
export function startAlerting({ read, write, send, vault, connectors, folder, notify, emit, ...ports }: AlertingParts): Alerting {
  const told = (topics: Topic[]): void => emit({ type: 'data_changed', topics });
  const outbox = createAlertOutbox({
    due: () => read('alerts/due', undefined),
    enter: (attempt) => write('alerts/attempted', attempt),
    send,
    onChanged: (switchedOff) => told(switchedOff ? ['alerts', 'settings', 'audit'] : ['alerts']),
    ...ports,
  });
  const watch = createAlertWatch({
    measure: createAlertMeasures({ read, vault, connectors, folder }),
    evaluate: (measures) => write('alerts/evaluate', { measures }),
    onChanged: () => {
      told(['alerts']);
      outbox.nudge();
    },
    onNotices: notify,
    ...ports,
  });
  outbox.start();
  watch.start();
  return {
    hear: (event) => watch.hear(event),
    async stop() {
      await watch.stop();
      await outbox.stop();
    },
  };
}
