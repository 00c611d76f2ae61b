import type { Clock } from '../ports/clock.ts';
import { HttpFailure, type HttpClient } from '../ports/http.ts';

const WITHIN_MS = 10_000;
const ENOUGH_BYTES = 64 * 1024;

/** Asks whether anything answers at an address, whatever it says; no credentials go along. Never rejects. */
export const createReach =
  (http: HttpClient, clock: Pick<Clock, 'sleep'>) =>
  async (origin: string): Promise<boolean> => {
    const over = new AbortController();
    const answered = http.send({ method: 'GET', url: `${origin}/`, signal: over.signal, maxBytes: ENOUGH_BYTES }).then(
      () => true,
      (error: unknown) => error instanceof HttpFailure && !['timeout', 'network', 'aborted'].includes(error.kind),
    );
    const late = clock.sleep(WITHIN_MS, over.signal).then(
      () => false,
      () => false,
    );
    try {
      return await Promise.race([answered, late]);
    } finally {
      over.abort();
    }
  };
