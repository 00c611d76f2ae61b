import { AppError } from '../../shared/contract/errors.ts';
import type { AppEvent } from '../../shared/contract/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { SecretStore } from '../vault/vault.ts';
import { verifyWebhook, webhookKey, type SignedMessage } from './webhook-signature.ts';
import type { Delivery, WebhookEndpoint } from './webhook-store.ts';

/** `refused` says nothing about why: whoever has no secret learns nothing. */
export type WebhookOutcome = 'accepted' | 'known' | 'refused';

export interface WebhookInboxParts {
  /** Null when the connection takes no messages. */
  readonly endpoint: (connectionId: number) => Promise<WebhookEndpoint | null>;
  readonly vault: Pick<SecretStore, 'get'>;
  /** False when the message was entered before. */
  readonly enter: (delivery: Delivery) => Promise<boolean>;
  /** Starts a sync. Rejects with `already_running` while one is at work. */
  readonly start: (connectionId: number) => Promise<unknown>;
  readonly emit: (event: AppEvent) => void;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: {
    info(message: string, details: Readonly<Record<string, unknown>>): void;
    error(message: string, details: Readonly<Record<string, unknown>>): void;
  };
}

export interface WebhookInbox {
  /** Checks a message and enters it; what it starts goes on after the answer. Rejects only when it could not be entered. */
  receive(connection: string, message: SignedMessage): Promise<WebhookOutcome>;
  /** Hears of syncs that end: a hint that came while one ran starts another. */
  hear(event: AppEvent): void;
}

const ENDED = new Set(['completed', 'failed', 'cancelled']);
/** Compared against where there is no secret, so that an unknown connection takes as long as a known one. */
const NOBODYS_KEY = Buffer.alloc(32);

const kindOf = (body: Uint8Array): string => {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    const kind: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'type') : undefined;
    return typeof kind === 'string' && /^[\w.]{1,100}$/.test(kind) ? kind : '';
  } catch {
    return '';
  }
};

/**
 * The inbox of signed messages. A message is a hint to fetch and never data: whatever it says, the connection's own sync
 * asks the platform. Hints that come while a sync runs start one more after it, however many they are.
 */
export function createWebhookInbox(parts: WebhookInboxParts): WebhookInbox {
  const { clock, log } = parts;
  /** Hints that no sync has answered yet, by connection. Each is its own: a sync that another one started does not answer it. */
  const waiting = new Map<number, Set<symbol>>();

  function settled(connectionId: number, hint: symbol): void {
    const hints = waiting.get(connectionId);
    hints?.delete(hint);
    if (hints?.size === 0) waiting.delete(connectionId);
  }

  async function fetchNow(connectionId: number): Promise<void> {
    const hint = Symbol('hint');
    // Noted before it is asked: the sync that is in the way may end before the answer comes.
    waiting.set(connectionId, (waiting.get(connectionId) ?? new Set()).add(hint));
    try {
      await parts.start(connectionId);
      settled(connectionId, hint);
    } catch (error) {
      if (error instanceof AppError && error.code === 'already_running') return;
      settled(connectionId, hint);
      log.error('a message could not start a sync', { connectionId, error });
    }
  }

  async function keysOf(endpoint: WebhookEndpoint | null): Promise<Buffer[]> {
    if (endpoint === null || endpoint.status === 'disconnected') return [];
    const found = await parts.vault.get(endpoint.secretRef);
    if (!found.ok) {
      log.error('the secret of messages cannot be read', { reason: found.reason });
      return [];
    }
    const { secret = '', previous = '' } = found.secrets;
    const overlap = endpoint.previousUntil !== null && clock.now() < endpoint.previousUntil;
    return [secret, ...(overlap ? [previous] : [])].flatMap((text) => webhookKey(text) ?? []);
  }

  return {
    async receive(connection, message) {
      const connectionId = /^[1-9]\d{0,14}$/.test(connection) ? Number(connection) : 0;
      const endpoint = await parts.endpoint(connectionId);
      const keys = await keysOf(endpoint);
      const nowSeconds = Math.floor(Date.parse(clock.now()) / 1000);
      const verified = verifyWebhook(keys.length === 0 ? [NOBODYS_KEY] : keys, message, nowSeconds);
      if (!verified.ok || keys.length === 0) {
        log.info('a message was refused', { connectionId, reason: verified.ok ? 'connection' : verified.reason });
        return 'refused';
      }
      const fresh = await parts.enter({
        connectionId,
        eventId: verified.id,
        sentAt: new Date(verified.sentAtSeconds * 1000).toISOString(),
        kind: kindOf(message.body),
        bytes: message.body.length,
      });
      if (!fresh) return 'known';
      parts.emit({ type: 'data_changed', topics: ['connections'] });
      void fetchNow(connectionId);
      return 'accepted';
    },
    hear(event) {
      if (event.type !== 'sync_progressed' || !ENDED.has(event.status)) return;
      const connectionId = Number(event.connectionId);
      if (waiting.delete(connectionId)) void fetchNow(connectionId);
    },
  };
}
