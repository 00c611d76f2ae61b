import type { DueDelivery, Attempt } from '../alerts/deliveries.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import type { SendMessage } from './alert-sender.ts';

export interface AlertOutboxParts {
  /** Messages due now, one for each destination. */
  readonly due: () => Promise<readonly DueDelivery[]>;
  /** Enters how an attempt ended; true when the destination was switched off for it. */
  readonly enter: (attempt: Attempt) => Promise<boolean>;
  readonly send: SendMessage;
  /** A delivery or a destination is not as it was. */
  readonly onChanged: (switchedOff: boolean) => void;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly random: Pick<Random, 'fraction'>;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

export interface AlertOutbox {
  /** Sends what is due, now and then every few seconds, until stopped. */
  start(): void;
  /** Looks at once. */
  nudge(): void;
  /** Sends nothing more. An attempt under way is waited for, two seconds at most; it is made again otherwise. */
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 5_000;
const STOP_WITHIN_MS = 2_000;

/**
 * Sends the messages that wait in the book. Each is sent until it arrives or is given up, across restarts, and the attempt
 * is entered after it was made: a death in between sends the message twice, under the same id.
 */
export function createAlertOutbox({ due, enter, send, onChanged, clock, random, log }: AlertOutboxParts): AlertOutbox {
  const stopping = new AbortController();
  let waking = new AbortController();
  let running: Promise<void> = Promise.resolve();

  async function deliver(delivery: DueDelivery): Promise<void> {
    const { outcome, message, answer, wait } = await send(delivery);
    if (stopping.signal.aborted) return;
    const words = answer === '' ? message : `${message} ${answer}`;
    const switchedOff = await enter({ id: delivery.id, outcome, answer: words, wait, fraction: random.fraction() });
    onChanged(switchedOff);
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      const messages = await due();
      if (messages.length === 0) return;
      await Promise.all(messages.map(deliver));
    }
  }

  async function watch(): Promise<void> {
    while (!stopping.signal.aborted) {
      waking = new AbortController();
      await work().catch((error: unknown) => log.error('messages about alerts could not be sent', { error }));
      await clock.sleep(LOOK_EVERY_MS, AbortSignal.any([stopping.signal, waking.signal])).catch(() => undefined);
    }
  }

  return {
    start: () => {
      running = watch();
    },
    nudge: () => waking.abort(),
    stop: () => {
      stopping.abort();
      return Promise.race([running, clock.sleep(STOP_WITHIN_MS)]);
    },
  };
}
