import type { Instant } from '../../../shared/model/date.ts';
import { createNodeHttp } from '../../../main/ports/http-node.ts';
import { systemRandom } from '../../../main/ports/random.ts';
import type { SignInFacts } from '../../../main/sign-in/oauth-client.ts';
import { createSignIns, type SignIns, type SignInState } from '../../../main/sign-in/sign-ins.ts';

export interface TestClock {
  now(): Instant;
  monotonicMs(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  pass(ms: number): void;
}

/** A clock that starts off the real one by `offsetMs` and moves only when told. */
export function createTestClock(offsetMs = 0): TestClock {
  const start = Date.now() + offsetMs;
  let passed = 0;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => new Date(start + passed).toISOString() as Instant,
    monotonicMs: () => passed,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { at: passed + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(new Error('stopped'));
        });
      }),
    pass(ms) {
      passed += ms;
      for (const sleeper of sleepers)
        if (sleeper.at <= passed) {
          sleepers.delete(sleeper);
          sleeper.wake();
        }
    },
  };
}

export const http = createNodeHttp({ connectTimeoutMs: 2000, idleTimeoutMs: 2000, totalTimeoutMs: 5000 });

export const createTestSignIns = (clock: TestClock): SignIns =>
  createSignIns({
    clock,
    random: systemRandom,
    http,
    redirects: null,
    onSettled: () => undefined,
    log: { error: () => undefined },
  });

export const addeparFacts = (
  settings: Readonly<Record<string, string>>,
  credentials: Readonly<Record<string, string>>,
): SignInFacts => ({
  platform: 'addepar',
  baseUrl: 'https://firm.addepar.example/api',
  settings,
  credentials,
});

/** Waits until a sign-in is no longer waiting. */
export async function settled(signIns: SignIns, id: string): Promise<SignInState> {
  for (let tries = 0; tries < 200; tries += 1) {
    const state = signIns.state(id);
    if (state === null) throw new Error('There is no such sign-in.');
    if (state.state !== 'waiting') return state;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('The sign-in is still waiting.');
}

/** Where the browser was sent back to, and whether somebody still listens there. */
export const listens = (address: string): Promise<boolean> =>
  fetch(address).then(
    () => true,
    () => false,
  );
