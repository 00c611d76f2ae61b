import type { Platform } from '../../shared/model/holding.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';
import { beginCodeFlow, type FlowPorts } from './code-flow.ts';
import { oauthClient, type SignInFacts } from './oauth-client.ts';
import { SignInError, type SignInErrorKind } from './sign-in-error.ts';
import type { Tokens } from './tokens.ts';

export type SignInState =
  | { readonly state: 'waiting'; readonly message: string }
  | { readonly state: 'signed_in'; readonly message: string }
  | { readonly state: 'failed'; readonly message: string };

export interface FinishedSignIn {
  readonly facts: SignInFacts;
  readonly tokens: Tokens;
}

/** Sign-ins of people, from the first click until a connection has taken the tokens. All in memory. */
export interface SignIns {
  /** Throws SignInError `not_possible`. */
  begin(facts: SignInFacts, by: string): Promise<{ readonly id: string; readonly address: string }>;
  /** Null when there is no such sign-in, or not any more. */
  state(id: string): SignInState | null;
  /** The tokens of a finished sign-in, without taking them. Throws SignInError `not_possible` before it is finished. */
  finished(id: string): FinishedSignIn;
  /** Forgets a sign-in; one that waits is ended and its listener closed. */
  forget(id: string): void;
  /** Ends all of them. */
  stop(): void;
}

export interface SettledSignIn {
  readonly platform: Platform;
  /** Who began it. */
  readonly by: string;
  readonly outcome: 'signed_in' | SignInErrorKind | 'internal';
}

export interface SignInPorts extends FlowPorts {
  readonly clock: Pick<Clock, 'now' | 'sleep' | 'monotonicMs'>;
  readonly random: Pick<Random, 'bytes' | 'uuid'>;
  /** A sign-in has come to its end, one way or the other. */
  readonly onSettled: (ended: SettledSignIn) => void;
  readonly log: { error(message: string, details: Readonly<Record<string, unknown>>): void };
}

const PERSON_MS = 10 * 60_000;
/** A finished sign-in that nobody makes a connection of is forgotten after this long. */
const KEPT_MS = 10 * 60_000;
const MOST = 20;

interface Entry {
  readonly facts: SignInFacts;
  readonly name: string;
  readonly abort: AbortController;
  readonly bornMs: number;
  tokens: Tokens | null;
  failure: string | null;
}

export function createSignIns(ports: SignInPorts): SignIns {
  const entries = new Map<string, Entry>();

  const forget = (id: string): void => {
    const entry = entries.get(id);
    entries.delete(id);
    entry?.abort.abort(new SignInError('cancelled', 'The sign-in was cancelled. Nothing was stored.'));
  };
  const sweep = (): void => {
    const now = ports.clock.monotonicMs();
    for (const [id, { bornMs }] of entries) if (now - bornMs > PERSON_MS + KEPT_MS) forget(id);
  };

  return {
    async begin(facts, by) {
      sweep();
      const client = oauthClient(facts);
      if (entries.size >= MOST)
        throw new SignInError('not_possible', 'Too many sign-ins are under way. Finish or cancel them, then start again.');
      const { name } = client.provider;
      const abort = new AbortController();
      const flow = await beginCodeFlow(client, ports, abort.signal);
      const id = ports.random.uuid();
      const entry: Entry = { facts, name, abort, bornMs: ports.clock.monotonicMs(), tokens: null, failure: null };
      entries.set(id, entry);
      const settled = new AbortController();
      void ports.clock
        .sleep(PERSON_MS, settled.signal)
        .then(() => abort.abort(new SignInError('timed_out', `Nobody signed in to ${name} within 10 minutes. Start again.`)))
        .catch(() => undefined);
      let outcome: SettledSignIn['outcome'] = 'signed_in';
      void flow.tokens
        .then((tokens) => {
          entry.tokens = tokens;
        })
        .catch((error: unknown) => {
          outcome = error instanceof SignInError ? error.kind : 'internal';
          if (!(error instanceof SignInError)) ports.log.error('a sign-in failed unexpectedly', { error });
          entry.failure =
            error instanceof SignInError ? error.message : 'The sign-in stopped because of an unexpected error. Start again.';
        })
        .finally(() => {
          settled.abort();
          ports.onSettled({ platform: facts.platform, by, outcome });
        });
      return { id, address: flow.address };
    },
    state(id) {
      sweep();
      const entry = entries.get(id);
      if (entry === undefined) return null;
      if (entry.failure !== null) return { state: 'failed', message: entry.failure };
      if (entry.tokens !== null) return { state: 'signed_in', message: `Signed in to ${entry.name}.` };
      return { state: 'waiting', message: `Waiting for you to sign in to ${entry.name} in the browser.` };
    },
    finished(id) {
      sweep();
      const entry = entries.get(id);
      if (entry?.tokens == null)
        throw new SignInError(
          'not_possible',
          'This sign-in is not finished or was used already. Sign in with the browser again.',
        );
      return { facts: entry.facts, tokens: entry.tokens };
    },
    forget,
    stop() {
      for (const id of entries.keys()) forget(id);
    },
  };
}
