import type { Clock } from '../ports/clock.ts';
import { HttpFailure, type HttpClient, type HttpResponse } from '../ports/http.ts';
import type { SecretStore } from '../vault/vault.ts';
import { addressProblem, mayReach } from './webhook-address.ts';
import { signedHeaders, webhookKey } from './webhook-signature.ts';

export interface AlertSenderParts {
  readonly vault: Pick<SecretStore, 'get'>;
  readonly http: HttpClient;
  readonly clock: Pick<Clock, 'now' | 'sleep' | 'monotonicMs'>;
  readonly version: string;
}

export interface Message {
  readonly url: string;
  readonly allowPrivate: boolean;
  readonly secretRef: string;
  readonly messageId: string;
  readonly body: string;
}

export interface Sent {
  readonly outcome: 'delivered' | 'failed' | 'gone';
  /** HTTP status; null when there was no answer. */
  readonly status: number | null;
  /** What happened, in a sentence. */
  readonly message: string;
  /** The beginning of the answer's text. */
  readonly answer: string;
  /** Seconds that the receiver asks to wait; null when it does not. */
  readonly wait: number | null;
  readonly milliseconds: number;
}

/** Signs a message and sends it once. Never rejects: a failure is an outcome. */
export type SendMessage = (message: Message) => Promise<Sent>;

const ANSWER_WITHIN_MS = 20_000;
const MOST_ANSWER_BYTES = 64 * 1024;
const SHOWN_ANSWER = 200;

const shown = (body: Uint8Array): string =>
  new TextDecoder()
    .decode(body.subarray(0, SHOWN_ANSWER * 4))
    // Controls have no place on a screen or in a log.
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, SHOWN_ANSWER);

const waitOf = ({ headers }: HttpResponse): number | null => {
  const asked = headers['retry-after'] ?? '';
  return /^\d{1,6}$/.test(asked) ? Number(asked) : null;
};

const sentenceOf = (status: number): string => {
  if (status >= 200 && status < 300) return `Delivered; the receiver answered ${status}.`;
  if (status === 410) return 'The receiver answered 410: it wants no more messages.';
  if (status >= 300 && status < 400)
    return `The receiver answered ${status}, a redirect, which is not followed. Enter the address it leads to.`;
  return `The receiver answered ${status}. Only 200 to 299 counts as delivered.`;
};

export function createAlertSender({ vault, http, clock, version }: AlertSenderParts): SendMessage {
  async function post({ url, allowPrivate, messageId, body }: Message, key: Buffer): Promise<HttpResponse> {
    const late = new AbortController();
    const done = new AbortController();
    clock.sleep(ANSWER_WITHIN_MS, done.signal).then(
      () => late.abort(),
      () => undefined,
    );
    try {
      return await http.send({
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/json',
          'user-agent': `Clearway/${version}`,
          ...signedHeaders(key, messageId, Math.floor(Date.parse(clock.now()) / 1000), body),
        },
        body,
        maxBytes: MOST_ANSWER_BYTES,
        signal: late.signal,
        mayReach: (address) => mayReach(address, allowPrivate),
      });
    } finally {
      done.abort();
    }
  }

  const failed = (message: string): Omit<Sent, 'milliseconds'> => ({
    outcome: 'failed',
    status: null,
    message,
    answer: '',
    wait: null,
  });

  async function attempt(message: Message): Promise<Omit<Sent, 'milliseconds'>> {
    const problem = addressProblem(message.url, message.allowPrivate);
    if (problem !== null) return failed(problem);
    const found = await vault.get(message.secretRef);
    const key = found.ok ? webhookKey(found.secrets['secret'] ?? '') : null;
    if (key === null) return failed('The secret of this destination cannot be read. Make a new one.');
    try {
      const answer = await post(message, key);
      const { status } = answer;
      const outcome = status >= 200 && status < 300 ? 'delivered' : status === 410 ? 'gone' : 'failed';
      return { outcome, status, message: sentenceOf(status), answer: shown(answer.body), wait: waitOf(answer) };
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      return failed(error.kind === 'aborted' ? 'The receiver did not answer within 20 seconds.' : error.message);
    }
  }

  return async (message) => {
    const began = clock.monotonicMs();
    const sent = await attempt(message).catch(() => failed('The message could not be sent because of an unexpected error.'));
    return { ...sent, milliseconds: Math.max(0, Math.round(clock.monotonicMs() - began)) };
  };
}
