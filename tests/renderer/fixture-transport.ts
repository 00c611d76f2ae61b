import { AppError, contract, type AppEvent, type ProcedureName } from '../../shared/contract/index.ts';
import type { Transport } from '../../shared/contract/client.ts';
import { ALERT_ANSWERS } from './fixture/alerts.ts';
import { ANSWERS } from './fixture/answers.ts';
import { DESK_ANSWERS } from './fixture/desk.ts';
import { EMPTY_ANSWERS } from './fixture/empty.ts';
import { HEALTH_ANSWERS } from './fixture/health.ts';
import { IMPORT_ANSWERS } from './fixture/imports.ts';
import { OBSERVABILITY_ANSWERS } from './fixture/observability.ts';
import { RUN_ANSWERS } from './fixture/runs.ts';
import { SIGN_IN_ANSWERS } from './fixture/sign-in.ts';

export const FIXTURE_MODES = ['full', 'empty', 'failing', 'offline', 'slow', 'viewer', 'syncing'] as const;
export type FixtureMode = (typeof FIXTURE_MODES)[number];

export interface FixtureTransport extends Transport {
  /** Sends an event to the screens. */
  emit(event: AppEvent): void;
  /** Every call so far, latest last. */
  readonly calls: readonly { readonly name: ProcedureName; readonly input: unknown }[];
}

const ALL_ANSWERS = {
  ...ANSWERS,
  ...DESK_ANSWERS,
  ...RUN_ANSWERS,
  ...IMPORT_ANSWERS,
  ...SIGN_IN_ANSWERS,
  ...HEALTH_ANSWERS,
  ...ALERT_ANSWERS,
  ...OBSERVABILITY_ANSWERS,
};

const FRAME: ReadonlySet<ProcedureName> = new Set(['app.info', 'overview.get', 'sync.status']);

const answer = (name: ProcedureName, input: unknown, mode: FixtureMode): unknown => {
  if (mode === 'offline') throw new TypeError('Failed to fetch');
  if (mode === 'failing' && !FRAME.has(name))
    throw new AppError('internal', 'Something went wrong while reading the book. Try again; if it stays, restart Clearway.', {
      requestId: 'req-0b7c44d2e19a91fe',
    });
  const answers = mode === 'empty' ? { ...ALL_ANSWERS, ...EMPTY_ANSWERS } : ALL_ANSWERS;
  const handler = answers[name] as ((input: unknown) => unknown) | undefined;
  if (!handler) throw new AppError('not_possible', `The fixture has no answer for ${name}.`, { requestId: 'req-fixture' });
  const output = handler(contract[name].input.parse(input));
  if (mode === 'viewer' && name === 'app.info')
    return { ...(output as object), user: { id: 'u2', name: 'Reading room', role: 'viewer' } };
  return output;
};

/** Made-up data behind the contract: inputs and outputs are checked with its schemas, so the fixture cannot drift from it. */
export const createFixtureTransport = (mode: FixtureMode, wait: (ms: number) => Promise<void>): FixtureTransport => {
  const listeners = new Set<(event: AppEvent) => void>();
  const calls: { name: ProcedureName; input: unknown }[] = [];
  return {
    calls,
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    call: async (name, input, signal) => {
      calls.push({ name, input });
      await wait(mode === 'slow' ? 2500 : 8);
      signal?.throwIfAborted();
      return contract[name].output.parse(answer(name, input, mode));
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};
